"""Workers are killed in the middle of a full sync; the mirror ends equal."""

import os
import random
import signal
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from jobs.models import Job, JobEvent
from syncapp.demo import DemoServer, Library
from syncapp.models import Source
from syncapp.services import start_sync
from tests.integration.trips.conftest import wait_for
from tests.mirror import Mirror
from tests.waiting import wait_until
from tests.workers import Worker, start_worker

pytestmark = pytest.mark.django_db(transaction=True)
KILLS, SCENES = 20, 12_000


def in_scenes(job: Job) -> bool:
    return (job.checkpoint or {}).get("stream") == "scenes"


def got_on(furthest: Any, job: Job) -> bool:
    """Say whether the job is past that place; five deaths that are not would end it."""
    return job.furthest is not None and job.furthest != furthest


def deaths(job_id: int) -> int:
    return JobEvent.objects.filter(job_id=job_id, code="worker_died").count()


def has_died_again(job_id: int, before: int) -> bool:
    return deaths(job_id) > before


def kill_queue(worker: Worker) -> None:
    """Kill the worker's processes; its supervisor makes new ones."""
    os.killpg(worker.below()[0].pid, signal.SIGKILL)


def test_killed_full_sync_goes_on_from_its_checkpoint_and_ends_equal(
    mirror: Mirror,
) -> None:
    gate = mirror.demo.gate
    with (
        gate.hold(operation="ScenePage", after=250) as held,
        start_worker() as worker,
    ):
        job_id = start_sync(mirror.source.pk, "full").job_id
        held.wait(30)  # a page of scenes gets into the mirror, the next does not
        job = wait_for(job_id, "running", also=in_scenes)
        place = job.checkpoint or {}
        worker.kill()
    mirror.demo.requests.clear()
    with start_worker():
        job = wait_for(job_id)

    assert job.status == "succeeded"
    assert mirror.differences() == []
    codes = list(JobEvent.objects.filter(job=job).values_list("code", flat=True))
    assert codes.count("started") == 2
    assert "worker_died" in codes
    # What was read before the kill was not read again.
    assert mirror.demo.requests.count(operation="TagPage") == 0
    first = next(seen for seen in mirror.demo.requests if seen.operation == "ScenePage")
    assert first.after == place["place"]


@pytest.fixture
def archive(transactional_db: None) -> Iterator[Mirror]:
    """Give an empty mirror of a library of 48 pages of scenes, at a slow server."""
    with DemoServer(Library(seed=5, scenes=SCENES), port=0, api_key="") as demo:
        demo.faults.latency_s = 0.4
        yield Mirror(demo, Source.objects.create(name="Archive", url=demo.url))


@pytest.mark.timeout(400)
def test_full_sync_that_is_killed_20_times_ends_equal_and_writes_no_page_twice(
    archive: Mirror,
) -> None:
    chance = random.Random(11)
    with start_worker() as worker:
        job_id = start_sync(archive.source.pk, "full").job_id
        furthest = None
        for _ in range(KILLS):
            further = partial(got_on, furthest)
            furthest = wait_for(job_id, "running", also=further).furthest
            time.sleep(chance.uniform(0, 0.2))
            before = deaths(job_id)
            kill_queue(worker)
            wait_until(partial(has_died_again, job_id, before), within=30)
            worker.wait_until_ready()
        archive.demo.faults.latency_s = 0
        job = wait_for(job_id)

    assert job.status == "succeeded"
    # The counts are saved with the pages: one that was written twice counts twice.
    scenes = job.result["streams"]["scenes"]
    assert (scenes["seen"], scenes["new"], scenes["changed"]) == (SCENES, SCENES, 0)
    assert archive.differences() == []
