"""The parts of the benchmark: each takes a database of its own and fills in rows."""

import os
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.places import Place, fresh_place
from tests.bench.source import AGO, BenchSource
from tests.redis_server import PROGRAM, own_redis

FULL = ("sync", "--full", "--inline", "--json")
QUICK = ("sync", "--inline", "--json")
ONE_IN = 100  # scenes are changed


@dataclass(frozen=True, slots=True)
class Bench:
    """One database at one size."""

    vendor: str
    server: str
    source: BenchSource
    rounds: int
    clicks: int

    @property
    def scenes(self) -> int:
        return self.source.scenes


def measure(bench: Bench, parts: Collection[str]) -> dict[str, Any]:
    """Return the values of these parts, by row."""
    found: dict[str, Any] = {"null_client": bench.source.limit}
    if {"load", "unchanged", "quick", "changed"} & set(parts):
        with fresh_place(bench.vendor, bench.server) as place:
            found |= commands(bench, place, parts)
    if {"ratios", "job"} & set(parts):
        with fresh_place(bench.vendor, bench.server) as place:
            found |= compared(bench, place, parts)
    if "apply" in parts:
        with fresh_place(bench.vendor, bench.server) as place:
            words = (bench.source.few_url, str(bench.source.few), str(bench.rounds))
            found |= place.measured("applies", *words)
    if "waits" in parts:
        found |= waits(bench)
    if "site" in parts:
        with fresh_place(bench.vendor, bench.server) as place:
            found |= site(bench, place)
    return found


def _mirrored(told: dict[str, Any], scenes: int) -> None:
    streams = told["result"]["streams"]
    assert told["status"] == "succeeded", told
    assert streams.get("scenes", {}).get("seen", scenes) == scenes, told


def commands(bench: Bench, place: Place, parts: Collection[str]) -> dict[str, Any]:
    """Measure commands as a person types them, in processes of their own."""
    scenes = bench.scenes
    found: dict[str, Any] = {}
    place.python("manage.py", "source", "add", "Archive", bench.source.url)
    began = time.perf_counter()
    first = place.measured("command", "1", *FULL)
    seconds = time.perf_counter() - began
    _mirrored(first["told"], scenes)
    found["load"] = scenes / seconds
    found["lock"] = first["lock_ms"] if bench.vendor == "sqlite" else None
    found["load_statements"] = 1000 * first["statements"] / scenes
    if "unchanged" in parts:
        again = place.measured("command", "1", *FULL)
        _mirrored(again["told"], scenes)
        found["unchanged"] = again["seconds"]
        found["unchanged_written"] = again["written"]
        found["unchanged_statements"] = 1000 * again["statements"] / scenes
    if "quick" in parts:
        quick = place.measured("command", "5", *QUICK)
        found["quick"], found["quick_written"] = quick["seconds"], quick["written"]
        costs = quick["told"]["result"]["costs"].values()
        found["quick_requests"] = sum(cost["requests"] for cost in costs)
        found["quick_statements_in_all"] = quick["statements"]
    if "changed" in parts:
        edited = bench.source.edit(first=1, step=ONE_IN, age_s=AGO.total_seconds())
        quick = place.measured("command", "1", *QUICK)
        streams = quick["told"]["result"]["streams"]
        assert streams["scenes"]["changed"] == edited, streams
        found["changed"] = quick["seconds"]
    return found


def compared(bench: Bench, place: Place, parts: Collection[str]) -> dict[str, Any]:
    """Measure the engine beside the loop, the floor and itself as a job."""
    return place.measured(
        "compared",
        bench.source.few_url,
        str(bench.source.few),
        str(bench.rounds if "ratios" in parts else 0),
        str(bench.rounds if "job" in parts else 0),
    )


def lists(vendor: str, server: str, scenes: int, opens: int) -> dict[str, Any]:
    """Measure the pages of a mirror that is filled for it."""
    with fresh_place(vendor, server) as place:
        place.python("-m", "tests.bench.fill", str(scenes))
        return place.measured("lists", str(opens))


def analysis(vendor: str, server: str, scenes: int) -> dict[str, Any]:
    """Measure a whole analysis of a mirror that is filled for it."""
    with fresh_place(vendor, server) as place:
        place.python("-m", "tests.bench.analysis", "fill", str(scenes))
        return place.measured("analysis")


def duplicates(files: int) -> dict[str, Any]:
    """Measure how duplicates are found; no database is asked."""
    return Place(dict(os.environ)).measured("duplicates", str(files))


def waits(bench: Bench) -> dict[str, Any]:
    """Measure the queue, woken by the database and then by Redis."""
    words = (str(2 * bench.clicks), str(20 * bench.clicks))
    handlers = {"STEWARD_JOB_HANDLERS": "tests.handlers.HANDLERS"}
    with fresh_place(bench.vendor, bench.server) as place:
        found = Place({**place.env, **handlers}).measured("waits", *words)
    if PROGRAM is None:  # no Redis on this machine: its rows stay empty
        return found
    with (
        fresh_place(bench.vendor, bench.server) as place,
        TemporaryDirectory() as folder,
        own_redis(Path(folder)) as server,
    ):
        woken = {**place.env, **handlers, "REDIS_URL": server.url}
        by_redis = Place(woken).measured("waits", *words)
    return found | {f"{name}_redis": value for name, value in by_redis.items()}


def site(bench: Bench, place: Place) -> dict[str, Any]:
    """Measure the site and the worker, while they load the library by a button."""

    def edit(line: str) -> int:
        number = int(line.split()[1])
        return bench.source.edit(first=number, step=bench.scenes + 1)

    words = (bench.source.url, str(bench.scenes), str(bench.clicks))
    return place.conversed("buttons", edit, *words)
