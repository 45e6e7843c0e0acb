"""Measures an apply beside a client that only writes the same.

`python -m tests.bench.applies URL SCENES ROUNDS`; the two take turns. Prints JSON: the
medians of scenes/s, and the time from sending the read that counts to the answer of
the write, in which an edit of somebody else can fall.
"""

import http.client
import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import django
import pytest

from tests.bench.compared import median_ratio, rate_of

NOW = datetime(2026, 5, 17, tzinfo=UTC)
TOGETHER = 50  # scenes that are asked for at once


def titles(source_id: int, scenes: int) -> dict[int, str]:
    """Return what the scenes are called at the source."""
    from syncapp.stash.scene_writing import scenes_now
    from syncapp.sync.connect import connect

    found: dict[int, str] = {}
    with connect(source_id) as client:
        for first in range(1, scenes + 1, TOGETHER):
            ids = range(first, min(first + TOGETHER, scenes + 1))
            for number, scene in scenes_now(client, ids).items():
                found[number] = "" if scene is None else scene.title
    return found


def accepted(source_id: int, held: dict[int, str], name: str) -> int:
    """Accept another title for each scene; returns the plan's id."""
    from syncapp.models import Change, Source
    from tests.plan_builders import make_plan

    plan_id: int = make_plan(Source.objects.get(pk=source_id), name).pk
    rows = (_row(plan_id, source_id, *each, name) for each in held.items())
    Change.objects.bulk_create(rows, batch_size=500)
    return plan_id


def _row(plan_id: int, source_id: int, number: int, before: str, name: str) -> Any:
    from syncapp.models import Change
    from syncapp.models.keys import row_id

    return Change(
        plan_id=plan_id,
        scene_id=row_id(source_id, number),
        field="title",
        op="set",
        value=f"{name}, {number}",
        value_key=str(number),
        before=before,
        detector="title",
        detector_version=1,
        evidence_kind="file name",
        sentence="The file is called so.",
        confidence=0.97,
        level="likely",
        cause="file name",
        cause_key="file name",
        state="accepted",
        decided_at=NOW,
    )


@contextmanager
def timed_windows(windows: list[float]) -> Iterator[None]:
    """Note how long each write's answer came after its read was sent."""
    from syncapp.applying import apply
    from syncapp.stash.scene_writing import scene_now, write_scene

    sent = [0.0]

    def reading(*given: Any) -> Any:
        sent[0] = time.perf_counter()
        return scene_now(*given)

    def writing(*given: Any, **options: Any) -> Any:
        try:
            return write_scene(*given, **options)
        finally:
            windows.append(1000 * (time.perf_counter() - sent[0]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apply, "scene_now", reading)
        patch.setattr(apply, "write_scene", writing)
        yield


def applied(plan_id: int, scenes: int, windows: list[float]) -> None:
    """Apply a plan by a job, in this process."""
    from jobs.models import Job
    from jobs.queue.runner import run_here
    from syncapp.services.applying import start_apply

    job_id = start_apply(plan_id).job_id
    with timed_windows(windows):
        run_here(job_id)
    result = Job.objects.get(pk=job_id).result
    assert result == {"changes": {"applied": scenes}}, result


def only_written(url: str, scenes: int, name: str) -> None:
    """Write a title to each scene as an apply does, and look at nothing."""
    from syncapp.stash.scene_writing import WRITE_SCENE, scene_variables

    parts = urlsplit(url)
    wire = http.client.HTTPConnection(parts.hostname or "", parts.port or 0)
    for number in range(1, scenes + 1):
        variables = scene_variables(number, {"title": f"{name}, {number}"})
        body = json.dumps({"query": WRITE_SCENE, "variables": variables})
        wire.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        assert b'"errors"' not in wire.getresponse().read()
    wire.close()


def measured(url: str, scenes: int, rounds: int) -> dict[str, float]:
    from syncapp.models import Source
    from tests.bench.watch import p95

    source = Source.objects.create(name="Archive", url=url, read_only=False)
    applies, writes, windows = list[float](), list[float](), list[float]()
    for turn in range(rounds):
        plan_id = accepted(source.pk, titles(source.pk, scenes), f"Reel {turn}")
        with rate_of(scenes, applies):
            applied(plan_id, scenes, windows)
        with rate_of(scenes, writes):
            only_written(url, scenes, f"Cut {turn}")
    return {
        "apply": statistics.median(applies),
        "apply_writes": statistics.median(writes),
        "apply_ratio": median_ratio(applies, writes),
        "apply_window_p50": statistics.median(windows),
        "apply_window": p95(windows),
    }


def main() -> None:
    django.setup()
    url, scenes, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(measured(url, scenes, rounds)))


if __name__ == "__main__":
    main()
