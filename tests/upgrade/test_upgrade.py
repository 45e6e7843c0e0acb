"""A database and messages of the state before the renames run under the new names."""

import json
import os
import pickle
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core import signing
from django.db.migrations import RenameModel
from django.db.migrations.loader import MigrationLoader
from django.utils.module_loading import import_string

from syncapp.demo import DemoServer, Library
from tests.run import ROOT
from tests.upgrade.build import FIXTURE, KEYS, LANES
from tests.upgrade.fill import API_KEY, SCENES
from tests.upgrade.schema import schema
from tests.waiting import wait_until
from tests.workers import Worker, database_url, start_worker

BEFORE = json.loads(FIXTURE.read_text())
ENV = {
    **KEYS,
    "STEWARD_LANES": LANES,
    "STEWARD_JOB_SCHEDULES": "1",
    # So that the copy, which grows old, keeps its jobs.
    "STEWARD_JOB_KEEP_DAYS": "3650",
    "STEWARD_JOB_KEEP_FAILED_DAYS": "3650",
    "REDIS_URL": "",
}
HISTORY = "syncapp_scenechange"
CHANGE_SETS = "syncapp_changeset"
MESSAGES, FAILED, FIRES = "django_q_ormq", "django_q_task", "jobs_schedulefire"
# A worker adds rows to these, and changes some; all others stay as they are.
AT_WORK = (
    *("django_content_type", "auth_permission"),
    *("jobs_job", "jobs_schedule", "jobs_tally"),
)
Rows = list[dict[str, Any]]


class Pickled:
    """How q2 writes what it signs."""

    dumps, loads = staticmethod(pickle.dumps), staticmethod(pickle.loads)


def old_rows(table: str) -> Rows:
    columns, *rows = BEFORE["tables"][table]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def names_now() -> dict[str, str]:
    """Return what the tables of the state before are called now."""
    graph = MigrationLoader(None, replace_migrations=False).graph
    done = {node for last in BEFORE["migrations"] for node in _plan(graph, *last)}
    names = {table: table for table in BEFORE["tables"]}
    for leaf in graph.leaf_nodes():
        for app, name in _plan(graph, *leaf):
            for step in graph.nodes[app, name].operations:
                if (app, name) not in done and isinstance(step, RenameModel):
                    old = f"{app}_{step.old_name_lower}"
                    if old in names:  # one that is made in between has no rows before
                        names[old] = f"{app}_{step.new_name_lower}"
    return names


def _plan(graph: Any, app: str, name: str) -> list[tuple[str, str]]:
    plan: list[tuple[str, str]] = graph.forwards_plan((app, name))
    return plan


@contextmanager
def own_database(folder: Path) -> Iterator[str]:
    """Yield the address of an empty database, of the kind that the tests run on."""
    server = database_url()
    if server.startswith("sqlite"):
        yield f"sqlite:///{folder / 'before.sqlite3'}"
        return
    name = f"upgrade_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@dataclass
class Database:
    url: str

    def run(self, *words: str) -> None:
        """Run a Python program on it."""
        env = {**os.environ, **ENV, "DATABASE_URL": self.url}
        argv = [sys.executable, *words]
        done = subprocess.run(
            argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def ask(self, sql: str) -> Rows:
        path = self.url.removeprefix("sqlite:///")
        is_file = path != self.url
        opened: Any = sqlite3.connect(path) if is_file else psycopg.connect(self.url)
        with closing(opened), opened:
            cursor = opened.execute(sql)
            if cursor.description is None:  # it was no question
                return []
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def tables(self, names: Mapping[str, str]) -> dict[str, Rows]:
        """Return all rows of these tables, by the names that they had before."""
        return {old: self.ask(f'SELECT * FROM "{new}"') for old, new in names.items()}

    def schema(self) -> set[str]:
        return schema(self.ask, postgres=not self.url.startswith("sqlite"))


@dataclass(frozen=True)
class Seen:
    """The tables before and after the upgrade, and after one more sync."""

    before: dict[str, Rows]
    after: dict[str, Rows]
    later: dict[str, Rows]
    schema: set[str]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Upgrade the copy as a person would, and let a worker work on it."""
    with own_database(tmp_path_factory.mktemp("upgrade")) as url:
        database, names = Database(url), names_now()
        database.run("-m", "tests.upgrade.load")
        before = database.tables({old: old for old in names})
        database.run("manage.py", "migrate")
        names |= {table: table for table in (FAILED, FIRES, CHANGE_SETS)}
        with start_worker(**ENV, DATABASE_URL=url) as worker:
            settle(database, worker)
            after = database.tables(names)
            sync_again(database, worker, names["syncapp_source"])
        yield Seen(before, after, database.tables(names), database.schema())


def settle(database: Database, worker: Worker) -> None:
    """Wait until the worker has done all that there is to do."""
    active = "SELECT id FROM jobs_job WHERE status IN ('queued', 'running')"
    undone = (active, f"SELECT id FROM {MESSAGES}")

    def is_done() -> bool:
        fired = database.ask(f"SELECT id FROM {FIRES}")
        return bool(fired) and not any(map(database.ask, undone))

    try:
        wait_until(is_done, within=40, every=0.2)
    except AssertionError as exc:
        exc.add_note(worker.log)
        raise


def sync_again(database: Database, worker: Worker, sources: str) -> None:
    """Retry the sync that had failed; its server has moved."""
    (failed,) = (job for job in old_rows("jobs_job") if job["status"] == "failed")
    library = Library(seed=1, scenes=SCENES)
    with DemoServer(library, port=0, api_key=API_KEY) as demo:
        database.ask(f"UPDATE {sources} SET url = '{demo.url}'")
        database.run("manage.py", "jobs", "retry", str(failed["id"]))
        settle(database, worker)


def test_every_name_in_old_messages_can_be_imported() -> None:
    key = KEYS["STEWARD_SECRET_KEY"]
    messages = [
        signing.loads(row["payload"], key=key, salt="steward", serializer=Pickled)
        for row in old_rows(MESSAGES)
    ]

    names = {row["func"] for row in (*messages, *old_rows("django_q_schedule"))}

    assert names == {"jobs.runner.run", "jobs.scheduling.tick"}
    assert all(callable(import_string(name)) for name in names)


def test_old_messages_are_consumed_and_none_of_them_fails(seen: Seen) -> None:
    assert len(seen.before[MESSAGES]) == 6
    assert (seen.after[MESSAGES], seen.after[FAILED]) == ([], [])


def test_jobs_that_waited_succeed(seen: Seen) -> None:
    waited = {job["id"] for job in seen.before["jobs_job"] if job["status"] == "queued"}

    ends = [job["status"] for job in seen.after["jobs_job"] if job["id"] in waited]

    assert ends == ["succeeded", "succeeded"]


def test_a_schedule_that_was_due_fires(seen: Seen) -> None:
    (fire,) = seen.after[FIRES]

    (job,) = (job for job in seen.after["jobs_job"] if job["id"] == fire["job_id"])
    assert (fire["outcome"], job["kind"]) == ("made", "jobs.prune")
    assert job["status"] == "succeeded"


def test_the_tick_row_names_what_can_be_imported(seen: Seen) -> None:
    (tick,) = seen.after["django_q_schedule"]

    assert callable(import_string(tick["func"]))


def test_no_row_is_lost(seen: Seen) -> None:
    at_work = {name for name in seen.before if name.startswith(AT_WORK)}
    others = ("django_q_", HISTORY, *AT_WORK)
    kept = {n for n in seen.before if not n.startswith(others)}

    lost = {n: ids(seen.before[n]) - ids(seen.after[n]) for n in at_work}
    changed = {n for n in kept if not same(seen.before[n], seen.after[n])}

    assert len(kept) == 15
    assert (changed, set().union(*lost.values())) == (set(), set())


@pytest.mark.django_db(transaction=True)
def test_the_long_way_and_the_short_way_make_the_same_tables(seen: Seen) -> None:
    """A new installation makes in one step what others made in twenty."""
    fresh = Database(database_url()).schema()

    assert len(fresh) > 500
    assert (fresh - seen.schema, seen.schema - fresh) == (set(), set())


def test_the_history_of_scenes_is_carried_over(seen: Seen) -> None:
    expected = {
        (row["scene_id"], row["job_id"], *told(changes_of(row)))
        for row in seen.before[HISTORY]
    }

    found = {
        (row["row_id"], row["job_id"], row["what"], repr(changes_of(row)))
        for row in seen.after[HISTORY]
        if row["stream"] == "scenes"
    }

    assert {what for _, _, what, _ in expected} == {"changed", "went"}
    assert found == expected


def changes_of(row: dict[str, Any]) -> dict[str, Any]:
    found = row["changes"]
    changes: dict[str, Any] = json.loads(found) if isinstance(found, str) else found
    return changes


def told(changes: dict[str, Any]) -> tuple[str, str]:
    """Return what an entry of the state before says that happened, and the rest."""
    removed = changes.pop("removed", None)
    what = "changed" if removed is None else ("went" if removed[1] else "back")
    return what, repr(changes)


def test_a_job_that_changed_something_has_its_change_set(seen: Seen) -> None:
    jobs = {row["job_id"] for row in seen.before[HISTORY]}

    assert {row["job_id"] for row in seen.after[CHANGE_SETS]} >= jobs
    (gone,) = (row for row in seen.after["syncapp_scene"] if row["deleted_at"])
    assert gone["deleted_by_job"] in jobs


def ids(rows: Rows) -> set[Any]:
    return {row.get("id", row.get("name")) for row in rows}


def same(before: Rows, after: Rows) -> bool:
    """Return whether two tables hold the same, in the columns that both have."""
    columns = before[0].keys() & after[0].keys() if after else set()
    olds, news = (
        sorted(repr([row[column] for column in columns]) for row in rows)
        for rows in (before, after)
    )
    return olds == news


def test_a_sync_goes_on_and_makes_no_default_schedule_again(seen: Seen) -> None:
    *_, asked, follows = sorted(seen.later["jobs_job"], key=lambda job: job["id"])
    assert (asked["kind"], asked["status"]) == ("sync.full", "succeeded")
    # The mirror is older than search: the sync asked for the job that builds it.
    assert (follows["kind"], follows["status"]) == ("library.reindex", "succeeded")

    names = {(row["name"], bool(row["enabled"])) for row in seen.later["jobs_schedule"]}

    # A person had turned one off and deleted the other.
    assert names == {
        ("Clear away old jobs", True),
        ("Clear away old history", True),  # that came since
        ("Quick sync · Film archive", False),
    }
