"""A worker that is stopped or killed: its jobs go on elsewhere, nothing stays."""

import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import transaction

from jobs import queries
from jobs.models import WorkerNode
from tests.steps import STEPS, held_job, steps_done
from tests.waiting import wait_until
from tests.workers import Worker, is_alive, start_worker


def test_a_stopped_worker_gives_its_job_back_and_ends_within_ten_seconds(
    own_worker: Worker, until: Any, tmp_path: Path
) -> None:
    job_id = held_job(tmp_path / "gate")
    until(job_id, "running", progress_done=3)
    below = own_worker.below()

    began = time.monotonic()
    code = own_worker.terminate()

    assert (code, time.monotonic() - began < 10) == (0, True), own_worker.log
    assert not any(map(is_alive, below))
    card = queries.job_card(job_id)
    assert (card.status, card.attempt, card.progress_done) == ("queued", 0, 3)
    (tmp_path / "gate").touch()
    with start_worker():
        until(job_id, "succeeded", within=10)
    assert steps_done(job_id) == list(range(STEPS))


def test_a_job_that_does_not_listen_does_not_hold_up_a_stop(
    own_worker: Worker, until: Any, tmp_path: Path
) -> None:
    job_id = held_job(tmp_path / "never", deaf=True)
    until(job_id, "running", progress_done=3)

    began = time.monotonic()
    code = own_worker.terminate()

    assert (code, time.monotonic() - began < 10) == (0, True), own_worker.log
    card = queries.job_card(job_id)
    assert (card.status, card.waits_for) == ("queued", queries.NO_WORKER)


def test_a_killed_supervisor_leaves_no_process(own_worker: Worker) -> None:
    below = own_worker.below()
    assert len(below) == 6

    own_worker.kill()

    wait_until(lambda: not any(map(is_alive, below)), within=5)


def test_a_job_of_a_killed_supervisor_is_taken_over(
    own_worker: Worker, until: Any, tmp_path: Path
) -> None:
    job_id = held_job(tmp_path / "gate")
    until(job_id, "running", progress_done=3)

    own_worker.kill()
    (tmp_path / "gate").touch()
    with start_worker():
        until(job_id, "succeeded", within=25)

    assert steps_done(job_id) == list(range(STEPS))


def test_a_machine_that_wakes_up_writes_nothing(
    own_worker: Worker, until: Any, tmp_path: Path
) -> None:
    job_id = held_job(tmp_path / "gate")
    until(job_id, "running", progress_done=3)
    asleep = [psutil.Process(own_worker.pid), *own_worker.below()]
    with transaction.atomic():  # on SQLite none of them holds the lock meanwhile
        for process in asleep:
            process.suspend()

    try:
        with start_worker():
            until(job_id, "running", within=30, cut_short=1)
            (tmp_path / "gate").touch()
            until(job_id, "succeeded")
    finally:
        for process in asleep:
            process.resume()
    wait_until(lambda: not any(map(is_alive, asleep[1:])), within=20)

    assert steps_done(job_id) == list(range(STEPS))
    assert queries.job_card(job_id).status == "succeeded"


def test_a_second_ctrl_c_does_not_wait_for_jobs(
    own_worker: Worker, until: Any, tmp_path: Path
) -> None:
    job_id = held_job(tmp_path / "never", deaf=True)
    until(job_id, "running", progress_done=3)
    process = own_worker.process
    assert process is not None

    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.send_signal(signal.SIGINT)

    assert process.wait(5) == 0  # one Ctrl-C gives jobs seven seconds
    assert queries.job_card(job_id).status == "queued"


def test_a_worker_signs_on_and_off(own_worker: Worker) -> None:
    wait_until(queries.worker_alive, within=5)
    node = WorkerNode.objects.working().get()
    assert (node.pid, node.processes) == (own_worker.pid, 2)

    own_worker.terminate()

    assert not queries.worker_alive()
    assert WorkerNode.objects.get(pk=node.pk).stopped_at is not None
