"""Keeps a q2 cluster honest: replaces it whole when any of its processes dies.

q2's processes share locks, so one that is killed may freeze the others for ever; and
what it does not do for itself is done here: repairing, draining, dying with its parent.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from types import FrameType

import psutil
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.db.models.functions import Now

from jobs import backend, leases, scheduling, services
from jobs.models import Job, JobQuerySet, WorkerNode
from jobs.processes import die_with_parent
from jobs.runner import WORKER_ID

logger = logging.getLogger(__name__)
TICK_S = 0.5
DRAIN_S = 7.0  # the rest of ten seconds is for killing
START_S = 60.0  # a cluster that is not whole by then is replaced
DEATH_S = 3.0
BEAT_S = 5.0
SCHEDULES_S = 5.0  # q2 ticks as well, once a minute, if a process is free
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
DEAF = timedelta(seconds=60)  # a cancelled job that has not stopped by then is killed
KEEP_NODES = timedelta(days=1)
SENTINELS_OWN = 2  # monitor and pusher, beside the workers


def run_cluster() -> None:
    """Be the q2 cluster of a supervisor: no process of it outlives its parent."""
    forks = _Forks()
    os.register_at_fork(
        before=forks.before,
        after_in_parent=forks.in_parent,
        after_in_child=forks.in_child,
    )
    backend.run_cluster()


class _Forks:
    """What every fork of a cluster does, from the main process down."""

    def __init__(self) -> None:
        self.parent = os.getpid()
        self.depth = 0  # 0 main, 1 sentinel, 2 those that work
        self.count = 0

    def before(self) -> None:
        self.parent = os.getpid()

    def in_child(self) -> None:
        die_with_parent(self.parent)
        self.depth += 1
        self.count = 0

    def in_parent(self) -> None:
        """End all if q2 replaces a process: it may have died with a lock in its hand.

        The supervisor would miss a death that comes before it has looked.
        """
        self.count += 1
        if self.depth == 1 and self.count > settings.WORKERS + SENTINELS_OWN:
            os.killpg(0, signal.SIGKILL)


def _is_dead(process: psutil.Process) -> bool:
    """Return whether it has ended, buried or not."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


class _Cluster:
    """A q2 cluster in a session of its own, and the processes seen of it."""

    def __init__(self, worker_id: str) -> None:
        manage = settings.BASE_DIR / "manage.py"
        # The hook is safe here, for this process has one thread. Our connections do
        # not reach the new program: they are closed as it starts.
        self.main = subprocess.Popen(  # noqa: S603 - argv is ours
            [sys.executable, str(manage), "worker", "--cluster"],
            env={**os.environ, "STEWARD_ROLE": "worker", WORKER_ID: worker_id},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509
        )
        self.started_at = time.monotonic()
        self.seen: set[psutil.Process] = set()
        self.is_whole = False

    def trouble(self) -> str:
        """Return what is wrong with it, "" if nothing is."""
        code = self.main.poll()
        if code is not None:
            return f"it ended with exit code {code}"
        if not self.is_whole:
            # Only while it starts: later children are those of the jobs.
            self.seen.update(self._descendants())
            self.is_whole = len(self.seen) >= 1 + settings.WORKERS + SENTINELS_OWN
        if any(_is_dead(process) for process in self.seen):
            return "one of its processes died"
        if not self.is_whole and time.monotonic() - self.started_at > START_S:
            return f"it did not start within {START_S:.0f} s"
        return ""

    def _descendants(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.main.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> None:
        """Kill all of it; returns when nothing of it runs any more."""
        self.seen.update(self._descendants())
        with suppress(ProcessLookupError):
            os.killpg(self.main.pid, signal.SIGKILL)
        for process in self.seen:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.main.wait()
        deadline = time.monotonic() + DEATH_S
        while not all(map(_is_dead, self.seen)) and time.monotonic() < deadline:
            time.sleep(0.02)


class Supervisor:
    """One `manage.py worker`: its cluster, its row, its repairs. One thread."""

    def __init__(self) -> None:
        self.worker_id = uuid.uuid4().hex
        self.cluster: _Cluster | None = None
        self.asked_to_stop = 0
        self.start_at = self.beat_at = self.repair_at = self.tick_at = 0.0
        self.wait_s = FIRST_WAIT_S
        self.database_answers = True
        self.jobs_left = 0

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop += 1

    def run(self) -> None:
        """Work until SIGTERM, SIGINT or SIGHUP; then drain, within ten seconds.

        To be called in the main thread of a process with no other threads.
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.on_signal)
        try:
            while not self.asked_to_stop:
                self._watch()
                self._use_database()
                time.sleep(TICK_S)
            logger.info("The worker stops. Running jobs go back to the queue.")
            self._drain()
        finally:
            if self.cluster is not None:
                self.cluster.kill()
        self._safely(self._sign_off)

    def _watch(self) -> None:
        if self.cluster is None:
            if time.monotonic() >= self.start_at:
                self.cluster = _Cluster(self.worker_id)
            return
        was_whole = self.cluster.is_whole
        trouble = self.cluster.trouble()
        if trouble:
            self._replace(self.cluster, trouble)
        elif self.cluster.is_whole and not was_whole:
            logger.info("The worker is ready for %d jobs at once.", settings.WORKERS)
            self.wait_s = FIRST_WAIT_S
            self._safely(self._beat)
            self._safely(services.wake_waiting)
            if settings.JOB_SCHEDULES:
                self._safely(backend.install_tick)

    def _replace(self, cluster: _Cluster, trouble: str) -> None:
        """Kill it; the next starts at once, or later if this one never got ready."""
        logger.warning("The queue's processes are replaced: %s.", trouble)
        cluster.kill()
        self.cluster = None
        self.start_at = 0.0
        if not cluster.is_whole:
            self.start_at = time.monotonic() + self.wait_s
            self.wait_s = min(self.wait_s * 2, LONGEST_WAIT_S)
        self._safely(partial(leases.abandon, self.worker_id, drained=False))

    def _use_database(self) -> None:
        now = time.monotonic()
        if now >= self.beat_at:
            self.beat_at = now + min(BEAT_S, settings.JOB_REAP_S)
            self._safely(self._beat)
        if now >= self.repair_at:
            self.repair_at = now + settings.JOB_REAP_S
            self._safely(self._repair)
        if settings.JOB_SCHEDULES and now >= self.tick_at:
            self.tick_at = now + SCHEDULES_S
            self._safely(scheduling.tick)

    def _safely(self, step: Callable[[], object]) -> None:
        """Do one step with the database; that it is away is said once."""
        close_old_connections()
        try:
            step()
        except (DatabaseError, InterfaceError) as exc:
            connections.close_all()
            if self.database_answers:
                logger.warning("The database does not answer as it should: %s", exc)
            self.database_answers = False
        else:
            self.database_answers = True

    def _beat(self) -> None:
        me = WorkerNode.objects.filter(pk=self.worker_id)
        if me.update(heartbeat_at=Now()):
            return
        WorkerNode.objects.create(
            id=self.worker_id,
            host=socket.gethostname(),
            pid=os.getpid(),
            processes=settings.WORKERS,
            heartbeat_at=Now(),
        )
        WorkerNode.objects.filter(heartbeat_at__lt=Now() - KEEP_NODES).delete()

    def _repair(self) -> None:
        if services.reap():
            services.wake_waiting()  # for whom the dead held a key
        deaf = Job.objects.filter(cancel_requested_at__lt=Now() - DEAF)
        if self.cluster is not None and self._mine(deaf).exists():
            self._replace(self.cluster, "a job that was cancelled does not stop")
        services.sweep()

    def _mine(self, jobs: JobQuerySet) -> JobQuerySet:
        return jobs.running().filter(worker_id=self.worker_id)

    def _drain(self) -> None:
        """Let the running jobs come to a checkpoint and go back to the queue."""
        requests, deadline = self.asked_to_stop, time.monotonic() + DRAIN_S
        me = WorkerNode.objects.filter(pk=self.worker_id)
        self._safely(partial(me.update, draining=True))
        while self.database_answers and self.asked_to_stop == requests:
            self._safely(self._count_jobs)
            if not self.jobs_left or time.monotonic() > deadline:
                return
            time.sleep(0.1)

    def _count_jobs(self) -> None:
        self.jobs_left = self._mine(Job.objects.all()).count()

    def _sign_off(self) -> None:
        # What did not come to a checkpoint in time is dead by now.
        leases.abandon(self.worker_id, drained=True)
        me = WorkerNode.objects.filter(pk=self.worker_id)
        me.update(draining=True, stopped_at=Now())
