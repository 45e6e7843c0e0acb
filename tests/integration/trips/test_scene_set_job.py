"""Thousands of scenes are read again by a real worker, which dies on the way."""

from collections.abc import Iterator

import pytest

from jobs.models import Job, JobEvent
from syncapp import queries, services
from syncapp.demo import DemoServer, Library
from syncapp.demo.traffic import Seen
from syncapp.filters.query_string import parse_scene_filter
from syncapp.models import SceneSet, Source
from syncapp.services import start_sync
from tests.integration.trips.conftest import wait_for
from tests.mirror import Mirror
from tests.workers import start_worker

pytestmark = pytest.mark.django_db(transaction=True)
SCENES = 3_000


@pytest.fixture
def archive(transactional_db: None) -> Iterator[Mirror]:
    """Give a mirror of some thousand scenes, each edited since without a trace."""
    with DemoServer(Library(seed=5, scenes=SCENES), port=0, api_key="") as demo:
        mirror = Mirror(demo, Source.objects.create(name="Archive", url=demo.url))
        mirror.full()
        for number in range(1, SCENES + 1):
            demo.library.edit("scene", number, touch=False, code=f"C{number}")
        yield mirror


def ask() -> int:
    """Look at all scenes and confirm; returns the one job's id."""
    everything = parse_scene_filter({})
    shown = queries.matching_scenes(everything)
    asked = services.resync_matching(everything, shown.digest)
    assert isinstance(asked, services.AskedJobs)
    (job,) = asked.jobs
    assert job.scenes == SCENES
    return job.ref.job_id


def is_late(seen: Seen) -> bool:
    return int(seen.variables["ids"][0]) > SCENES // 2


def is_under_way(job: Job) -> bool:
    return bool(job.checkpoint) and 0 < job.progress_done < SCENES


@pytest.mark.timeout(240)
def test_selection_is_one_job_with_progress_that_survives_its_worker(
    archive: Mirror,
) -> None:
    hold = archive.demo.gate.hold(operation="ScenesByIds", where=is_late)
    with hold as held, start_worker() as worker:
        job_id = ask()
        held.wait(60)  # the first pages get into the mirror, the next do not
        job = wait_for(job_id, "running", also=is_under_way)
        place = (job.checkpoint or {})["place"]
        worker.kill()
    assert ask() == job_id  # it is asked for already
    archive.demo.requests.clear()
    with start_worker():
        job = wait_for(job_id)

    assert job.status == "succeeded"
    assert (job.progress_done, job.progress_total) == (SCENES, SCENES)
    counts = job.result["streams"]["scenes"]
    assert (counts["seen"], counts["changed"]) == (SCENES, SCENES)
    codes = list(JobEvent.objects.filter(job=job).values_list("code", flat=True))
    assert "worker_died" in codes
    # What was read before the kill was not read again.
    asked = [
        int(number)
        for seen in archive.demo.requests
        if seen.operation == "ScenesByIds"
        for number in seen.variables["ids"]
    ]
    assert min(asked) > place
    assert archive.differences() == []


@pytest.mark.timeout(240)
def test_quick_sync_goes_before_a_selection_which_then_goes_on(
    archive: Mirror,
) -> None:
    with (
        archive.demo.gate.hold(operation="ScenesByIds", where=is_late) as held,
        start_worker(),
    ):
        job_id = ask()
        held.wait(60)
        quick = start_sync(archive.source.pk, "quick").job_id
        held.open()
        done = wait_for(quick)
        job = wait_for(job_id)

    assert (done.status, job.status) == ("succeeded", "succeeded")
    assert done.finished_at is not None
    assert job.finished_at is not None
    assert done.finished_at < job.finished_at
    assert archive.differences() == []
    assert SceneSet.objects.count() == 1
