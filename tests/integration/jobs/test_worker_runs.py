"""A real worker: jobs made here run there, to their ends."""

from pathlib import Path
from typing import Any

import pytest
from django_q.models import OrmQ  # noqa: TID251 - what lies in the queue

from jobs import queries, services
from jobs.models import Job, JobEvent
from tests.waiting import wait_until
from tests.workers import Worker

pytestmark = pytest.mark.usefixtures("worker")


def steps(room: int, name: str, **params: Any) -> int:
    given = {"room": room, "names": [name], "steps": 3, **params}
    return services.create_job("test.steps", given).job_id


def test_a_job_runs_end_to_end(until: Any) -> None:
    ref = services.create_job("test.note", {"say": "good morning"})

    card = until(ref.job_id, "succeeded")

    assert card.result == {"said": "good morning"}
    assert wait_until(lambda: not OrmQ.objects.exists(), within=5)


def test_jobs_of_one_room_run_one_after_the_other(until: Any, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    first = steps(1, "a", gates={"1": str(gate)})
    until(first, "running")
    second, third = steps(1, "b"), steps(1, "c")
    elsewhere = steps(2, "d")

    until(elsewhere, "succeeded")
    waits = {queries.job_card(job_id).waits_for for job_id in (second, third)}
    gate.touch()
    ends = [until(job_id, "succeeded") for job_id in (first, second, third)]

    assert waits == {f"Waits for job {first} (Steps): the two may not run at once."}
    assert ends[0].finished_at <= ends[1].started_at
    assert ends[1].finished_at <= ends[2].started_at


def test_a_running_job_is_cancelled(until: Any, tmp_path: Path) -> None:
    job_id = steps(1, "a", gates={"1": str(tmp_path / "never")})
    until(job_id, "running", progress_done=1)

    assert services.cancel_job(job_id).status == "running"

    card = until(job_id, "cancelled", within=5)
    assert card.progress_done == 1


def test_a_cancelled_job_goes_on_when_it_is_retried(until: Any, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    job_id = steps(1, "a", gates={"2": str(gate)})
    until(job_id, "running", progress_done=2)
    services.cancel_job(job_id)
    until(job_id, "cancelled", within=5)
    gate.touch()

    ref = services.retry_job(job_id)

    until(ref.job_id, "succeeded")
    done = JobEvent.objects.filter(code="step").values_list("job_id", "data__step")
    assert sorted(done) == [(job_id, 0), (job_id, 1), (ref.job_id, 2)]


def test_a_failed_job_tells_why(until: Any) -> None:
    ref = services.create_job("test.refuse", {})

    card = until(ref.job_id, "failed")

    assert card.error_text == "The archive is closed: open it and try again."


def test_a_job_whose_message_was_lost_runs(until: Any, worker: Worker) -> None:
    # Not by `create_job`, which would send one.
    job = Job.objects.create(
        kind="test.note", title="Note", trigger="system", max_attempts=3
    )

    assert until(job.pk, "succeeded", within=20).attempt == 1


def test_a_job_that_crashed_is_tried_again(until: Any) -> None:
    ref = services.create_job("test.crash", {})
    until(ref.job_id, "queued", attempt=1)

    for _ in range(4):
        wait_until(lambda: _bring_forward(ref.job_id), within=15)

    assert until(ref.job_id, "failed").attempt == 5


def _bring_forward(job_id: int) -> int:
    """Make the next attempt due now, if the job waits for one."""
    waiting = Job.objects.filter(pk=job_id, status="queued", next_at__isnull=False)
    return waiting.update(next_at=None)
