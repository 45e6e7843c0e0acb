"""What is killed comes back: nothing is lost, nothing is done twice."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.utils import timezone

from jobs import queries, services
from jobs.models import Job, JobEvent, WorkerNode
from tests.steps import STEPS, held_job, steps_done
from tests.waiting import wait_until
from tests.workers import Worker, is_alive


def busy_process(job_id: int) -> psutil.Process:
    last = JobEvent.objects.filter(job_id=job_id, code="step").latest("seq")
    return psutil.Process(last.data["pid"])


def kill_group(worker: Worker) -> None:
    os.killpg(worker.below()[0].pid, signal.SIGKILL)


def kill_busy(worker: Worker) -> None:
    busy_process(Job.objects.get().pk).kill()


@pytest.mark.parametrize("kill", [kill_busy, kill_group])
def test_a_job_goes_on_where_its_worker_was_killed(
    hurt_worker: Worker, until: Any, tmp_path: Path, kill: Any
) -> None:
    job_id = held_job(tmp_path / "gate")
    until(job_id, "running", progress_done=3)

    kill(hurt_worker)
    (tmp_path / "gate").touch()

    until(job_id, "succeeded")
    assert steps_done(job_id) == list(range(STEPS))
    codes = [event.code for event in queries.job_events(job_id)]
    assert (codes.count("worker_died"), codes.count("succeeded")) == (1, 1)


@pytest.mark.parametrize("role", ["worker", "monitor", "pusher", "sentinel", "main"])
def test_an_idle_process_is_killed_and_the_next_job_runs(
    hurt_worker: Worker, until: Any, role: str
) -> None:
    main, sentinel, *_ = below = hurt_worker.below()
    first, _second, monitor, pusher = sorted(sentinel.children(), key=lambda p: p.pid)
    victims = {"worker": first, "monitor": monitor, "pusher": pusher}
    victims |= {"sentinel": sentinel, "main": main}

    victims[role].kill()
    wait_until(lambda: not any(map(is_alive, below)), within=5)
    hurt_worker.wait_until_ready()

    ref = services.create_job("test.note", {})
    assert until(ref.job_id, "succeeded", within=15).attempt == 1


def test_a_process_is_killed_while_the_queue_starts_and_the_next_job_runs(
    hurt_worker: Worker, until: Any
) -> None:
    kill_group(hurt_worker)
    # Main, sentinel, and the first worker as soon as it is there.
    found = wait_until(lambda: hurt_worker.below()[2:], within=15, every=0.001)

    found[0].kill()
    wait_until(lambda: not is_alive(found[0]), within=5)

    ref = services.create_job("test.note", {})
    assert until(ref.job_id, "succeeded", within=20).attempt == 1


def test_the_job_of_a_frozen_process_goes_on_and_the_process_is_replaced(
    hurt_worker: Worker, until: Any, tmp_path: Path
) -> None:
    job_id = held_job(tmp_path / "gate")
    until(job_id, "running", progress_done=3)
    frozen = busy_process(job_id)

    frozen.suspend()
    (tmp_path / "gate").touch()

    until(job_id, "succeeded")
    assert steps_done(job_id) == list(range(STEPS))
    wait_until(lambda: not is_alive(frozen), within=15)
    blamed = WorkerNode.objects.filter(
        pid=hurt_worker.pid, replaced_why__contains=f"process {frozen.pid} "
    )
    wait_until(blamed.exists, within=10)
    hurt_worker.wait_until_ready()
    assert len(hurt_worker.workers()) == 2


def test_jobs_start_although_the_process_that_reads_messages_is_frozen(
    hurt_worker: Worker, until: Any
) -> None:
    sentinel = hurt_worker.below()[1]
    *_, pusher = sorted(sentinel.children(), key=lambda process: process.pid)

    pusher.suspend()
    refs = [services.create_job("test.note", {}) for _ in range(12)]

    cards = [until(ref.job_id, "succeeded", within=60) for ref in refs]
    assert {card.attempt for card in cards} == {1}


def test_a_supervisor_that_looks_late_blames_who_died(
    hurt_worker: Worker, until: Any, tmp_path: Path
) -> None:
    gate = str(tmp_path / "gate")
    params: dict[str, Any] = {"room": 1, "names": [], "steps": 4}
    params["gates"] = {"0": gate}
    innocent = services.create_job("test.steps", params).job_id
    guilty = held_job(tmp_path / "gate", room=2)
    until(innocent, "running")
    until(guilty, "running", progress_done=3)
    below = hurt_worker.below()
    supervisor = psutil.Process(hurt_worker.pid)

    supervisor.suspend()
    try:
        busy_process(guilty).kill()
        wait_until(lambda: not any(map(is_alive, below)), within=15)
    finally:
        supervisor.resume()
    Path(gate).touch()

    until(innocent, "succeeded")
    until(guilty, "succeeded")
    codes = [
        [event.code for event in queries.job_events(job_id)]
        for job_id in (innocent, guilty)
    ]
    assert [each.count("worker_died") for each in codes] == [0, 1]


def test_a_job_that_kills_its_worker_fails_in_the_end(
    hurt_worker: Worker, until: Any
) -> None:
    ref = services.create_job("test.die", {})

    card = until(ref.job_id, "failed", within=40)

    assert card.error_text.startswith("The job was tried 2 times and came no further")


def test_a_cancelled_job_that_does_not_listen_is_killed(
    hurt_worker: Worker, until: Any, tmp_path: Path
) -> None:
    job_id = held_job(tmp_path / "never", deaf=True)
    until(job_id, "running", progress_done=3)
    services.cancel_job(job_id)

    Job.objects.update(cancel_requested_at=timezone.now() - timedelta(minutes=2))

    card = until(job_id, "cancelled", within=10)
    assert card.progress_done == 3


def test_an_idle_worker_is_cheap(hurt_worker: Worker) -> None:
    below = hurt_worker.below()
    family = [psutil.Process(hurt_worker.pid), *below]
    time.sleep(1)

    def seconds() -> float:
        times = [process.cpu_times() for process in family]
        return sum(time.user + time.system for time in times)

    before = seconds()
    time.sleep(4)

    assert (seconds() - before) / 4 < 0.15  # of one core, all seven together
