"""Fetching runs ahead of the writer: in order, bounded, and over when the run is."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from syncapp.demo import DemoServer, Library
from syncapp.models import Scene, Source, StreamState
from syncapp.stash.client import Limits
from syncapp.stash.errors import StashUnreachable
from syncapp.sync.connect import connect
from syncapp.sync.prefetch import FetcherDied, prefetch
from tests.mirror import Interrupted, Mirror, PlainReporter
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = {"operation": "ScenePage"}


@pytest.fixture
def mirror(transactional_db: None) -> Iterator[Mirror]:
    """Give an empty mirror of a library of nine pages of scenes."""
    with DemoServer(Library(seed=7, scenes=2_100), port=0, api_key="") as demo:
        source = Source.objects.create(name="Film archive", url=demo.url)
        yield Mirror(demo, source)


def fetchers() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name.startswith("fetcher")]


class Places(PlainReporter):
    """Keeps every place that was saved, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[int] = []

    def checkpoint(self, place: Any, reached: Any = ()) -> None:
        super().checkpoint(place, reached)
        if self.saved and self.saved["stream"] == "scenes":
            self.places.append(self.saved["place"])


def test_two_pages_are_asked_for_at_once_and_no_more(mirror: Mirror) -> None:
    caught: list[int] = []
    with mirror.demo.gate.hold(**PAGES) as held:

        def watch() -> None:
            held.wait(20, count=2)
            time.sleep(0.3)
            caught.append(held.caught)
            held.open()

        watcher = threading.Thread(target=watch)
        watcher.start()
        mirror.full()
        watcher.join()

    assert caught == [2]
    assert mirror.differences() == []


def test_pages_are_written_in_their_order_even_if_the_first_comes_last(
    mirror: Mirror,
) -> None:
    reporter = Places()
    mirror.demo.faults.drip(piece=2_000, pause_s=0.005, **PAGES)

    mirror.full(reporter=reporter)

    assert reporter.places == sorted(reporter.places)
    assert reporter.places[-1] == max(mirror.demo.library.ids("scene"))
    assert mirror.differences() == []


def test_pages_before_an_error_are_kept_and_the_next_run_goes_on(
    mirror: Mirror,
) -> None:
    mirror.demo.faults.status(
        503, times=100, where=lambda seen: (seen.after or 0) >= 1000
    )
    stopped = PlainReporter()
    with pytest.raises(StashUnreachable):
        mirror.full(reporter=stopped)
    assert Scene.objects.count() == 1000
    assert stopped.saved is not None
    assert fetchers() == []
    mirror.demo.faults.clear()
    mirror.demo.requests.clear()

    mirror.full(reporter=PlainReporter(resume_from=stopped.saved))

    asked = [
        seen.after for seen in mirror.demo.requests if seen.operation == "ScenePage"
    ]
    assert min(asked) == stopped.saved["place"]
    assert mirror.differences() == []


def test_a_run_that_is_stopped_hangs_up_at_once(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A page is never given up: what ends the run is that it hangs up.
    patient = Limits(read_s=600, deadline_s=600)
    monkeypatch.setattr(f"{connect.__module__}.Limits", lambda: patient)
    mirror.full("tags", "studios", "performers")
    mirror.demo.faults.hang(times=9, **PAGES)
    reporter = PlainReporter()
    stopped = threading.Event()
    asked = threading.Event()

    def check() -> None:
        if asked.is_set():
            stopped.set()
            raise Interrupted

    reporter.check = check  # type: ignore[method-assign]
    mirror.demo.requests.clear()

    def ask() -> None:
        wait_until(lambda: mirror.demo.requests.count(**PAGES) == 2, within=20)
        asked.set()

    watcher = threading.Thread(target=ask)
    watcher.start()
    with pytest.raises(Interrupted):
        mirror.full("scenes", reporter=reporter)
    watcher.join()

    assert fetchers() == []
    assert stopped.is_set()


def test_scenes_deleted_while_pages_are_read_cost_no_other_scene(
    mirror: Mirror,
) -> None:
    with mirror.demo.gate.hold(**PAGES) as held:

        def delete() -> None:
            held.wait(20, count=2)
            for number in range(200, 280):
                mirror.demo.library.delete("scene", number)
            held.open()

        watcher = threading.Thread(target=delete)
        watcher.start()
        mirror.full()
        watcher.join()

    assert mirror.differences() == []
    assert Scene.objects.filter(deleted_at=None).count() == 2_020
    assert StreamState.objects.filter(stream="scenes").exists()


def test_without_fetchers_the_run_asks_by_itself(mirror: Mirror) -> None:
    mirror.full(fetchers=0)

    assert mirror.differences() == []


def test_an_error_of_the_program_in_one_fetcher_ends_the_run(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    traced: list[str] = []
    monkeypatch.setattr(
        threading, "excepthook", lambda of: traced.append(str(of.exc_value))
    )
    asked: list[int] = []

    def ask(number: int) -> int:
        asked.append(number)
        if number == 2:
            msg = "page 2"
            raise KeyError(msg)
        return number

    taken: list[int] = []
    with connect(mirror.source.pk) as client:
        session = mirror._session(client, {"fetchers": 2})
        with (
            pytest.raises(FetcherDied, match="page 3"),
            prefetch(session.context, range(50), ask) as got,
        ):
            taken.extend(got)

    assert (taken, traced) == ([0, 1], ["'page 2'"])
    assert sorted(asked)[:3] == [0, 1, 2]
    assert len(asked) < 10
    assert fetchers() == []
