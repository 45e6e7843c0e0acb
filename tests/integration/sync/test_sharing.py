"""A sync leaves others room to write, and the database in the state that it needs."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db import connection, connections

from syncapp.demo import DemoServer, Library
from syncapp.models import Scene, Source
from syncapp.sync import counts, throttle
from syncapp.sync.tuning import analyze, tuned
from tests.mirror import Mirror, PlainReporter

pytestmark = pytest.mark.django_db(transaction=True)


class Commits(PlainReporter):
    """Notes, at each commit of the sync, how often the other writer has written."""

    def __init__(self, written: list[int]) -> None:
        super().__init__()
        self.written = written
        self.seen: list[int] = []

    def checkpoint(self, place: Any, reached: Any = ()) -> None:
        super().checkpoint(place, reached)
        self.seen.append(len(self.written))


@pytest.fixture
def mirror(transactional_db: None) -> Iterator[Mirror]:
    """Give an empty mirror of a library of twelve pages of scenes."""
    with DemoServer(Library(seed=7, scenes=3_000), port=0, api_key="") as demo:
        source = Source.objects.create(name="Film archive", url=demo.url)
        yield Mirror(demo, source)


def test_another_writer_gets_its_turn_while_pages_are_written(mirror: Mirror) -> None:
    other = Source.objects.create(name="Other", url="http://nas:9999")
    written: list[int] = []
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            Source.objects.filter(pk=other.pk).update(version=str(len(written)))
            written.append(1)
        connections.close_all()

    writer = threading.Thread(target=write)
    reporter = Commits(written)
    writer.start()
    with tuned():
        mirror.full(reporter=reporter)
    over.set()
    writer.join()

    # It wrote between most of the pages, not only after the last.
    turns = sum(a < b for a, b in zip(reporter.seen, reporter.seen[1:], strict=False))
    assert turns > len(reporter.seen) / 2
    assert mirror.differences() == []


def test_page_that_holds_the_lock_too_long_is_written_in_batches(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "LONG_S", 0)
    monkeypatch.setattr(throttle, "SHORT_S", 0)
    stopped = PlainReporter()

    mirror.full(reporter=stopped)

    pages = 3_000 / 250
    portions = {"sqlite": 4 * pages, "postgresql": pages}[connection.vendor]
    assert stopped.commits >= portions
    assert mirror.differences() == []


def _settled_scenes() -> int:
    """Count scenes that are in the database itself, not only in SQLite's log."""
    if connection.vendor == "postgresql":
        return Scene.objects.count()
    path = f"file:{connection.settings_dict['NAME']}?immutable=1"
    with closing(sqlite3.connect(path, uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM syncapp_scene").fetchone()[0])


def test_log_does_not_grow_until_the_sync_is_over(mirror: Mirror) -> None:
    with tuned():
        mirror.full()
        settled = _settled_scenes()

    assert settled > 1_000
    assert mirror.differences() == []


def test_log_is_copied_whole_as_soon_as_no_reader_stands_in_the_way() -> None:
    if connection.vendor == "postgresql":
        assert throttle.copy_log()
        return
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM syncapp_source").fetchone()
        Source.objects.create(name="Other", url="http://nas:9999")

        assert not throttle.copy_log()

    assert throttle.copy_log()


def test_log_that_was_not_copied_whole_is_tried_again_before_the_next_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor == "postgresql":
        return  # which keeps no such log
    answers = [False, True, True]
    monkeypatch.setattr(throttle, "copy_log", lambda: answers.pop(0))
    writes = throttle.WriteThrottle()
    tried = []

    for _ in range(throttle.COPY_EVERY + 3):
        writes.after(time.monotonic())
        writes.wait()
        tried.append(3 - len(answers))

    assert tried[-4:] == [1, 2, 2, 2]


def test_first_load_lets_postgresql_look_at_its_tables_meanwhile(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "FIRST_LOOK", 1_000)
    looks: list[str] = []

    def noted(execute: Any, sql: str, *others: Any) -> Any:
        if sql.startswith("ANALYZE"):
            looks.append(sql)
        return execute(sql, *others)

    with connection.execute_wrapper(noted):
        mirror.full()

    # SQLite would hold back all other writers, and gets on without.
    once = connection.vendor == "postgresql"
    assert looks.count('ANALYZE "syncapp_scenefile"') == once
    assert mirror.differences() == []


def test_connection_is_as_before_after_a_sync() -> None:
    def told() -> list[object]:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SHOW work_mem")
                return [cursor.fetchone()]
            names = ("cache_size", "cache_spill", "wal_autocheckpoint")
            return [cursor.execute(f"PRAGMA {name}").fetchone() for name in names]

    before = told()
    with tuned():
        during = told()

    assert told() == before
    assert (during != before) == (connection.vendor == "sqlite")


def test_statistics_of_a_filled_table_are_known(mirror: Mirror) -> None:
    mirror.full()

    analyze("syncapp_scene")

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT stat FROM sqlite_stat1 WHERE tbl = 'syncapp_scene'"
                " AND idx NOT IN (SELECT name FROM pragma_index_list('syncapp_scene')"
                " WHERE partial)"
            )
            told = {int(stat.split()[0]) for (stat,) in cursor.fetchall()}
        else:
            cursor.execute(
                "SELECT reltuples FROM pg_class WHERE relname='syncapp_scene'"
            )
            told = {cursor.fetchone()[0]}
    assert told == {Scene.objects.count()}, "one length for all indexes"
