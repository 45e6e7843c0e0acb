"""20,000 scenes are analysed by a real worker, which is killed or asked to stop."""

import os
import signal
from typing import Any

import pytest

from jobs.models import Job, JobEvent
from jobs.services import cancel_job
from syncapp import services
from syncapp.models import Change, Plan, SceneAnalysis, Source
from tests.builders import make_source
from tests.integration.analysis.conftest import many_scenes
from tests.integration.trips.conftest import wait_for
from tests.waiting import wait_until
from tests.workers import start_worker

pytestmark = pytest.mark.django_db(transaction=True)
SCENES = 20_000
WITH_STUDIO = SCENES - SCENES // 3
TOYS = {"STEWARD_JOB_HANDLERS": "tests.analysis_handlers.HANDLERS"}
COLUMNS = ("scene_id", "field", "op", "value_key", "cause_key", "confidence")


@pytest.fixture
def library(transactional_db: None) -> Source:
    source = make_source("Archive")
    many_scenes(source, SCENES)
    return source


def is_under_way(job: Job) -> bool:
    place: Any = job.checkpoint or {}
    return bool(0 < place.get("read", 0) < SCENES // 2)


def found(plan_id: int) -> list[tuple[Any, ...]]:
    rows = Change.objects.filter(plan_id=plan_id).order_by("scene_id", "id")
    return list(rows.values_list(*COLUMNS))


def deaths(job_id: int) -> int:
    return JobEvent.objects.filter(job_id=job_id, code="worker_died").count()


@pytest.mark.timeout(300)
def test_killed_analysis_goes_on_with_an_equal_result_and_no_change_twice(
    library: Source,
) -> None:
    with start_worker(**TOYS) as worker:
        job_id = services.start_analysis(library.pk).job_id
        wait_for(job_id, "running", also=is_under_way)
        os.killpg(worker.below()[0].pid, signal.SIGKILL)
        wait_until(lambda: deaths(job_id) == 1, within=30)
        worker.wait_until_ready()
        killed = wait_for(job_id)
        cut = Plan.objects.get().pk
        keys = list(SceneAnalysis.objects.values_list("scene_id", flat=True))
        whole_id = services.analyse_chosen(keys[:5_000]).jobs[0].ref.job_id
        whole = wait_for(whole_id)

    assert killed.status == "succeeded"
    assert (killed.progress_done, killed.progress_total) == (SCENES, SCENES)
    assert killed.result["scenes"] == {"read": SCENES, "with proposals": WITH_STUDIO}
    assert killed.result["found"]["proposals"] == WITH_STUDIO
    assert killed.result["plan"] == cut
    assert len(found(cut)) == len(set(found(cut))) == WITH_STUDIO
    assert len(keys) == SCENES
    # What the run found that was never cut is what the other found of these scenes.
    assert whole.status == "succeeded"
    some = set(keys[:5_000])
    of_these = [row for row in found(cut) if row[0] in some]
    assert found(int(whole.result["plan"])) == of_these


@pytest.mark.timeout(300)
def test_analysis_that_is_cancelled_stops_soon_and_keeps_what_it_found(
    library: Source,
) -> None:
    with start_worker(**TOYS):
        job_id = services.start_analysis(library.pk).job_id
        wait_for(job_id, "running", also=is_under_way)
        cancel_job(job_id)
        job = wait_for(job_id)

    assert job.status == "cancelled"
    assert job.finished_at is not None
    assert job.cancel_requested_at is not None
    assert (job.finished_at - job.cancel_requested_at).total_seconds() < 3
    read = SceneAnalysis.objects.count()
    assert 0 < read < SCENES
    place: Any = job.checkpoint
    assert (place["read"], place["proposals"]) == (read, Change.objects.count())
    assert Plan.objects.get().job_id == job_id
