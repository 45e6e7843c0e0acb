"""What nobody takes though somebody could is noticed, and the idle are replaced."""

import math
import threading
from contextlib import closing, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from jobs import services
from jobs.models import Job, WorkerNode
from jobs.queue import leases, recovery, registry, untaken
from jobs.worker.clusters import Cluster
from jobs.worker.supervisor import Supervisor

pytestmark = pytest.mark.django_db(transaction=True)
LANES = ("short",)


class Deaf(Cluster):
    """A cluster whose processes live, and hear nothing."""

    def __init__(self, pids: tuple[int, ...] = ()) -> None:
        self.is_whole, self.was_killed = True, False
        self.pids = pids

    def has(self, pid: int) -> bool:
        return pid in self.pids

    def kill(self) -> None:
        self.was_killed = True


@pytest.fixture
def supervisor(settings: Settings) -> Supervisor:
    """Give a supervisor of one process, to which two sweeps are four looks."""
    settings.JOB_REAP_S, settings.JOB_SWEEP_S = 1.0, 2.0
    found = Supervisor([(LANES, 1)])
    (node,) = found.nodes
    node.sign_on()
    node.cluster = Deaf()
    return found


def repaired(supervisor: Supervisor, times: int) -> bool:
    """Let it look so many times; returns whether it replaced its cluster."""
    (node,) = supervisor.nodes
    cluster: Any = node.cluster
    for _ in range(times):
        supervisor.repair()
    return bool(cluster.was_killed)


def note() -> int:
    return services.create_job("test.note", {}).job_id


def claim(worker_id: str = "") -> None:
    assert leases.claim_job(registry.kinds(), worker_id=worker_id) is not None


def test_a_cluster_that_takes_no_job_for_two_sweeps_is_replaced(
    supervisor: Supervisor,
) -> None:
    job_id = note()

    early, late = repaired(supervisor, 4), repaired(supervisor, 1)

    assert (early, late) == (False, True)
    why = WorkerNode.objects.get().replaced_why
    assert why == f"a process was free, and none took job {job_id} for 4 s"


def test_a_cluster_is_left_alone_whose_processes_are_busy(
    supervisor: Supervisor,
) -> None:
    note()
    claim(supervisor.nodes[0].worker_id)
    note()

    assert not repaired(supervisor, 9)


def test_a_cluster_is_left_alone_that_takes_one_job_after_the_other(
    supervisor: Supervisor,
) -> None:
    for _ in range(9):
        note()

    replaced = []
    for _ in range(8):
        replaced.append(repaired(supervisor, 1))
        claim()

    assert not any(replaced)


def test_a_cluster_is_left_alone_while_its_lane_is_paused(
    supervisor: Supervisor,
) -> None:
    note()
    services.pause_lane("short")

    assert not repaired(supervisor, 9)


def suspected(supervisor: Supervisor) -> Deaf:
    """Let another machine take the job of a process that lives; returns its cluster."""
    (node,) = supervisor.nodes
    note()
    claim(node.worker_id)
    pid = Job.objects.get().pid
    assert pid is not None
    node.cluster = cluster = Deaf((pid,))
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    recovery.reap()  # as any supervisor may
    return cluster


def test_a_lease_that_ran_out_blames_the_process_that_lives_on(
    supervisor: Supervisor,
) -> None:
    cluster = suspected(supervisor)
    (pid,) = cluster.pids

    assert WorkerNode.objects.get().suspect_pid == pid
    supervisor.repair()
    assert cluster.was_killed
    why = f"process {pid} lives, but the lease of its job ran out"
    assert WorkerNode.objects.get().replaced_why == why
    assert Job.objects.get().status == "queued"


def test_a_process_that_asks_for_work_again_is_no_suspect(
    supervisor: Supervisor,
) -> None:
    cluster = suspected(supervisor)
    note()

    claim(supervisor.nodes[0].worker_id)
    supervisor.repair()

    assert not cluster.was_killed
    assert WorkerNode.objects.get().suspect_pid is None
    assert Job.objects.filter(status="running").count() == 1


def test_a_process_may_ask_for_work_before_it_is_killed_as_a_suspect(
    supervisor: Supervisor,
) -> None:
    cluster = suspected(supervisor)

    supervisor.away_at = math.inf
    supervisor.repair()
    killed_at_once = cluster.was_killed
    supervisor.away_at = -math.inf
    supervisor.repair()

    assert (killed_at_once, cluster.was_killed) == (False, True)


def test_who_is_frozen_within_a_transaction_keeps_nobody_waiting(
    settings: Settings,
) -> None:
    settings.JOB_LEASE_S = 1.0
    note()
    claim("attic")
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    held, goes_on = threading.Event(), threading.Event()

    def freeze() -> None:
        with closing(connection), suppress(DatabaseError), transaction.atomic():
            Job.objects.update(message="half a page")
            held.set()
            goes_on.wait(60)

    thread = threading.Thread(target=freeze)
    if connection.vendor == "postgresql":  # on SQLite there is one writer
        thread.start()
        held.wait(10)
    taken = recovery.reap()

    goes_on.set()
    if thread.ident is not None:
        thread.join()
    assert taken == 1


def test_a_wait_counts_from_when_the_job_could_start() -> None:
    job_id = note()
    services.pause_lane("short")

    untaken.note_waits()
    paused = Job.objects.get(pk=job_id).due_since
    services.resume_lane("short")
    untaken.note_waits()
    first = Job.objects.get(pk=job_id).due_since
    untaken.note_waits()

    assert paused is None
    assert first is not None
    assert Job.objects.get(pk=job_id).due_since == first


def test_a_wait_counts_anew_when_the_job_comes_back() -> None:
    job_id = note()
    untaken.note_waits()
    claim("attic")

    recovery.abandon("attic", blame=())
    untaken.note_waits()

    job = Job.objects.get(pk=job_id)
    assert job.due_since is not None
    assert job.due_since >= job.updated_at
