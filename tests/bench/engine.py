"""Figures of the engine itself: loads, quick syncs, statements, locks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction

from syncapp.models import Scene, Source
from syncapp.stash.reading import Reader
from syncapp.sync import engine, rest
from syncapp.sync.connect import connect
from syncapp.sync.run import Run
from syncapp.sync.streams import STREAMS
from tests.bench import plain
from tests.bench.far import FarEnd, raw_scenes
from tests.bench.table import Row
from tests.mirror import PlainReporter, mirror_writes

PLAIN_SCENES, FLOOR_SCENES = 1_000, 10_000
THOUSAND = 1_000
MS = 1_000
GOALS = {
    "sqlite": {"loop": 25, "floor": 0.6, "full": 5, "first": 40},
    "postgresql": {"loop": 30, "floor": 0.75, "full": 6, "first": 30},
}
QUICK_S, QUICK_CHANGED_S, UNCHANGED_STATEMENTS, LOCK_MS = 0.5, 5, 6, 100
GOAL_SIZE = 100_000  # that goals in seconds are said for


class Clocked(PlainReporter):
    """Notes how long each transaction was open."""

    longest_s = 0.0

    @contextmanager
    def atomic(self) -> Iterator[None]:
        with transaction.atomic():
            began = time.perf_counter()
            yield
        self.longest_s = max(self.longest_s, time.perf_counter() - began)
        self.commits += 1


class Counter:
    """Counts the statements that go to the database."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.statements += 1
        return execute(sql, *rest)


def pull(source_id: int, *, everything: bool) -> tuple[float, Clocked, int]:
    """Sync all streams; returns seconds, what it reported, and its statements."""
    reporter, counter = Clocked(), Counter()
    began = time.perf_counter()
    with connection.execute_wrapper(counter), connect(source_id) as client:
        run = Run(
            source_id=source_id,
            reader=Reader(client),
            server=client.server,
            reporter=reporter,
        )
        engine.pull(run, list(STREAMS), everything=everything)
    return time.perf_counter() - began, reporter, counter.statements


def measure(far: FarEnd, scenes: int) -> Iterator[Row]:
    """Yield the figures of one library of this size, from an empty database on."""
    vendor = connection.vendor
    goals = GOALS[vendor]

    row = partial(Row, vendor, scenes)

    def for_its_size(goal: float) -> float | None:
        return goal if scenes == GOAL_SIZE else None

    yield row("the far end alone, read by a null client", far.per_second, "records/s")
    source = Source.objects.create(name="Bench", url=far.url)
    took, reporter, statements = pull(source.pk, everything=True)
    speed = scenes / took
    per_thousand = statements * THOUSAND / scenes
    yield row("first load by the bare engine", speed, "scenes/s")
    yield row(
        "statements per 1,000 scenes, first load", per_thousand, "", goals["first"]
    )
    if vendor == "sqlite":
        yield row("write lock held, longest", reporter.longest_s * MS, "ms", LOCK_MS)
    yield from _unchanged(source.pk, row, for_its_size(goals["full"]), scenes)
    took, *_ = pull(source.pk, everything=False)
    yield row("quick sync, nothing changed", took, "s", for_its_size(QUICK_S))
    edited = far.edit(share=100)
    took, *_ = pull(source.pk, everything=False)
    goal = for_its_size(QUICK_CHANGED_S)
    yield row(f"quick sync, 1% changed ({edited:,} scenes)", took, "s", goal)
    assert Scene.objects.filter(rating100=55).count() >= edited, (
        "the edits are not here"
    )
    yield from _compared(source.pk, far.url, row, goals)


def _unchanged(
    source_id: int, row: Any, goal: float | None, scenes: int
) -> Iterator[Row]:
    with mirror_writes() as writes:
        pull(source_id, everything=True)
    took, _, statements = pull(source_id, everything=True)
    yield row("full sync, nothing changed", took, "s", goal)
    yield row("  statements that wrote to the mirror", len(writes), "", 0)
    per_thousand = statements * THOUSAND / scenes
    yield row("  statements per 1,000 scenes", per_thousand, "", UNCHANGED_STATEMENTS)


def _compared(source_id: int, url: str, row: Any, goals: Any) -> Iterator[Row]:
    """Yield the page writer's speed beside a plain loop's and beside no logic at all.

    All write the same scenes that were fetched before, into empty tables; the ratios
    are of scenes per second, for the loop writes fewer.
    """
    records = raw_scenes(url)
    plain.empty_scenes()
    loop = plain.loop(source_id, records[:PLAIN_SCENES])
    plain.empty_scenes()
    floor = plain.floor(source_id, records[:FLOOR_SCENES])
    plain.empty_scenes()
    ours = _written(source_id, records[:FLOOR_SCENES])
    yield row("plain Django loop", loop, "scenes/s")
    yield row("floor: decode and insert, no logic", floor, "scenes/s")
    yield row("the page writer, pauses left out", ours, "scenes/s")
    yield row("  ratio to the plain loop", ours / loop, "", goals["loop"], more=True)
    yield row("  ratio to the floor", ours / floor, "", goals["floor"], more=True)


def _written(source_id: int, records: Any) -> float:
    """Write scenes by the page writer; returns scenes per second.

    Its rests are left out: they are for others, and the two beside it take none.
    """
    streams = {stream.name: stream for stream in STREAMS}
    with connect(source_id) as client:
        run = Run(
            source_id=source_id,
            reader=Reader(client),
            server=client.server,
            reporter=PlainReporter(),
        )
        writer = run.writer(streams["scenes"])
        with patch.multiple(rest, SHARE=0.0, LEAST_S=0.0):
            began = time.perf_counter()
            for start in range(0, len(records), engine.PAGE):
                writer.write(records[start : start + engine.PAGE], None)
            took = time.perf_counter() - began
    return len(records) / took
