"""Measures a first load beside the loop and the floor, and a job beside the engine.

`python -m tests.bench.compared URL SCENES RATIOS JOB`; the last two are numbers of
rounds, in which the kinds take turns. Prints JSON.
"""

import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
import pytest

LOOPED = 250  # scenes of a round that the plain loop writes


def bare(source_id: int) -> None:
    """Load a source by the engine, without a job."""
    from syncapp.stash.reading import Reader
    from syncapp.sync import engine
    from syncapp.sync.connect import connect
    from syncapp.sync.session import new_session
    from syncapp.sync.streams import STREAMS
    from syncapp.sync.tuning import refresh_statistics, tuned
    from tests.mirror import PlainReporter

    with tuned(), connect(source_id) as client:
        session = new_session(source_id, Reader(client), PlainReporter())
        engine.pull(session, STREAMS, everything=True)
        refresh_statistics(session.context)


def as_job(source_id: int) -> None:
    """Load a source by a job, in this process."""
    from jobs.queue.runner import run_here
    from syncapp.services import start_sync

    run_here(start_sync(source_id, "full").job_id)


class Sources:
    """New sources, all of them the same server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.made = 0

    def new(self) -> int:
        from syncapp.models import Source

        self.made += 1
        name = f"Archive {self.made}"
        return int(Source.objects.create(name=name, url=self.url).pk)


@contextmanager
def rate_of(scenes: int, rates: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    rates.append(scenes / (time.perf_counter() - began))


def ratios(sources: Sources, scenes: int, rounds: int) -> dict[str, Any]:
    """Return medians of scenes/s and of ratios within a round."""
    from syncapp.stash.client import StashClient
    from syncapp.stash.reading import Reader
    from syncapp.sync.streams import STREAMS
    from syncapp.sync.streams.scenes import SCENES
    from syncapp.sync.tuning import tuned
    from tests.bench.loops import insert, loop, read

    kinds = ("engine", "floor", "reading", "loop", "unsearched", "again", "unread")
    rates: dict[str, list[float]] = {name: [] for name in kinds}
    with StashClient(sources.url) as client:
        reader = Reader(client)
        reader.client.handshake()
        kept = list(read(reader, STREAMS))
        for _ in range(rounds):
            with rate_of(scenes, rates["floor"]), tuned():
                insert(kept, sources.new())
            source_id = sources.new()
            with rate_of(scenes, rates["engine"]):
                bare(source_id)
            with rate_of(scenes, rates["again"]):
                bare(source_id)
            with without_search():
                with rate_of(scenes, rates["unread"]):
                    bare(source_id)
                with rate_of(scenes, rates["unsearched"]):
                    bare(sources.new())
            with rate_of(scenes, rates["reading"]), tuned():
                insert(read(reader, STREAMS), sources.new())
            with rate_of(min(LOOPED, scenes), rates["loop"]):
                loop(read(reader, [SCENES]), sources.new(), LOOPED)
    return {
        "loop": statistics.median(rates["loop"]),
        "floor": statistics.median(rates["floor"]),
        "floor_ratio": median_ratio(rates["engine"], rates["floor"]),
        "reading_ratio": median_ratio(rates["engine"], rates["reading"]),
        "loop_ratio": median_ratio(rates["engine"], rates["loop"]),
        "search_ratio": median_ratio(rates["unsearched"], rates["engine"]),
        "search_again_ratio": median_ratio(rates["unread"], rates["again"]),
    }


@contextmanager
def without_search() -> Iterator[None]:
    """Have nothing written by which scenes are found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("syncapp.sync.writer.document_statements", lambda *_: [])
        yield


def median_ratio(ours: list[float], others: list[float]) -> float:
    pairs = zip(ours, others, strict=True)
    return statistics.median(mine / other for mine, other in pairs)


def job(sources: Sources, scenes: int, rounds: int) -> dict[str, Any]:
    """Return what a job costs beyond the engine."""
    from tests.bench.gauge import Gauge, gauged

    cpu: dict[str, list[float]] = {"bare": [], "job": []}
    last: dict[str, Gauge] = {}
    for _ in range(rounds):
        for name, load in (("bare", bare), ("job", as_job)):
            source_id = sources.new()
            with gauged() as gauge:
                began = time.process_time()
                load(source_id)
                cpu[name].append(time.process_time() - began)
            last[name] = gauge
    return {
        "job_pages": last["job"].pages - last["bare"].pages,
        "job_statements": _per_page(last["job"]) - _per_page(last["bare"]),
        "job_cpu": median_ratio(cpu["job"], cpu["bare"]),
    }


def _per_page(gauge: Any) -> float:
    return float(gauge.page_statements / max(1, gauge.pages))


def main() -> None:
    django.setup()
    sources = Sources(sys.argv[1])
    scenes, rounds, jobs = (int(word) for word in sys.argv[2:5])
    found: dict[str, Any] = {}
    if rounds:
        found |= ratios(sources, scenes, rounds)
    if jobs:
        found |= job(sources, scenes, jobs)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
