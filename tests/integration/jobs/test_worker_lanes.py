"""Real workers with lanes of their own: what is short is never held up."""

import time
from pathlib import Path
from typing import Any

import pytest

from jobs import queries, services
from jobs.models import Job, JobEvent, WorkerNode
from syncapp.demo import DemoServer, Library
from syncapp.models import Source
from syncapp.services import start_sync
from tests.steps import steps_done
from tests.waiting import wait_until
from tests.workers import start_worker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]
LANES = {"STEWARD_LANES": "system+short:1,long:1"}
SHORT_RETRY = {
    "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
    "FAULTS_RETRY_S": "5",
}
RETRY_S, JOBS = 5, 500
SYNCS = 30


def a_long_job(gates: dict[str, Path], steps: int = 6) -> int:
    held = {step: str(gate) for step, gate in gates.items()}
    params: dict[str, Any] = {"room": 1, "steps": steps, "gates": held}
    return services.create_job("test.long", params).job_id


def test_a_job_much_longer_than_the_queue_s_retry_runs_once_while_500_pass_it(
    until: Any, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    with start_worker(**LANES, **SHORT_RETRY):
        began = time.monotonic()
        long_id = a_long_job({"3": gate})
        until(long_id, "running", progress_done=3)
        for _ in range(JOBS):
            services.create_job("test.note", {})

        done = Job.objects.filter(kind="test.note", status="succeeded")
        wait_until(lambda: done.count() == JOBS, within=150, every=0.5)
        time.sleep(max(0.0, began + 4 * RETRY_S - time.monotonic()))
        gate.touch()

        until(long_id, "succeeded")
    codes = [event.code for event in queries.job_events(long_id)]
    assert codes.count("started") == 1
    assert Job.objects.get(pk=long_id).fence == 1
    assert steps_done(long_id) == list(range(6))
    assert not Job.objects.filter(kind="test.note").exclude(fence=1).exists()


def test_a_button_does_not_wait_for_a_full_sync_which_goes_on_after(
    until: Any, tmp_path: Path
) -> None:
    gate, last = tmp_path / "gate", tmp_path / "last"
    with start_worker(**LANES):
        wait_until(lambda: WorkerNode.objects.working().count() == 2, within=10)
        long_id = a_long_job({"2": gate, "5": last})
        until(long_id, "running", progress_done=2)
        params: dict[str, Any] = {"room": 1, "names": ["button"], "steps": 1}
        short_id = services.create_job("test.steps", params).job_id
        gate.touch()

        short = until(short_id, "succeeded", within=10)
        until(long_id, "running", within=10, progress_done=5)
        last.touch()
        long = until(long_id, "succeeded")

    assert short.finished_at < long.finished_at
    assert steps_done(long_id) == list(range(6))
    codes = [event.code for event in queries.job_events(long_id)]
    assert (codes.count("yielded"), codes.count("started")) == (1, 2)
    assert long.attempt == 1


def test_a_killed_process_costs_the_other_jobs_of_its_cluster_no_attempt(
    until: Any, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    with start_worker():
        innocent = services.create_job(
            "test.steps",
            {"room": 1, "names": [], "steps": 4, "gates": {"0": str(gate)}},
        ).job_id
        until(innocent, "running")
        killer = services.create_job("test.die", {}).job_id
        until(killer, "failed", within=60)  # two attempts, two dead processes
        gate.touch()

        card = until(innocent, "succeeded")

    assert card.attempt == 1
    codes = [event.code for event in queries.job_events(innocent)]
    assert (codes.count("worker_died"), codes.count("drained")) == (0, 2)
    error = JobEvent.objects.filter(job_id=killer, level="error").get()
    assert error.message.startswith("The job was tried 2 times and came no further")


def test_cancelling_is_seen_by_running_syncs_within_three_seconds(until: Any) -> None:
    """By the times that the database wrote down, not by when we look."""
    waits = []
    with (
        DemoServer(Library(seed=3, scenes=4_000), port=0, api_key="") as demo,
        start_worker(STEWARD_LANES="long+short+system:6"),
    ):
        demo.faults.latency_s = 0.5  # before each of its answers
        for source in [a_source(number, demo.url) for number in range(SYNCS)]:
            start_sync(source.pk, "full")
        jobs = Job.objects.filter(kind="sync.full").order_by("pk")
        for job_id in list(jobs.values_list("pk", flat=True)):
            begun = Job.objects.filter(pk=job_id, progress_done__gt=0)
            wait_until(begun.exists, within=60)
            services.cancel_job(job_id)
            assert queries.job_card(job_id).cancel_asked  # which the page calls so
            until(job_id, "cancelled")
            job = Job.objects.get(pk=job_id)
            assert job.finished_at is not None
            assert job.cancel_requested_at is not None
            waits.append((job.finished_at - job.cancel_requested_at).total_seconds())

    assert len(waits) == SYNCS
    assert sorted(waits)[28] < 3  # the second worst of thirty


def a_source(number: int, url: str) -> Source:
    return Source.objects.create(name=f"Archive {number}", url=url)
