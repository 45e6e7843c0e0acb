"""Keeps q2's clusters honest: replaces one whole when any of its processes dies.

q2's processes share locks, so one that is killed may freeze the others for ever; and
what it does not do for itself is done here: repairing, draining, dying with its parent.
"""

import logging
import os
import signal
import socket
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import partial
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.db.models.functions import Now

from jobs import scheduling, services
from jobs.enums import Lane
from jobs.models import Job, JobQuerySet, WorkerNode
from jobs.moments import longer_ago
from jobs.queue import q2, recovery
from jobs.worker.clusters import Cluster

logger = logging.getLogger(__name__)
TICK_S = 0.5
DRAIN_S = 7.0  # the rest of ten seconds is for killing
BEAT_S = 5.0
SCHEDULES_S = 5.0  # q2 ticks as well, once a minute, if a process is free
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
DEAF = timedelta(seconds=60)  # a cancelled job that has not stopped by then is killed
KEEP_NODES = timedelta(days=1)
BACK_S = 5.0  # in which jobs that outlived an outage of the database say so


class _Node:
    """One group of lanes: its cluster, if it has one now, and its row's key."""

    def __init__(self, lanes: tuple[str, ...], processes: int) -> None:
        self.worker_id = uuid.uuid4().hex
        self.lanes = lanes
        self.processes = processes
        self.cluster: Cluster | None = None
        self.start_at = 0.0
        self.wait_s = FIRST_WAIT_S

    @property
    def name(self) -> str:
        return "+".join(self.lanes)

    def start_if_due(self) -> None:
        if time.monotonic() >= self.start_at:
            self.cluster = Cluster(self.worker_id, self.lanes, self.processes)

    def discard(self, cluster: Cluster) -> None:
        """Kill it; the next starts at once, or later if this one never got ready."""
        cluster.kill()
        self.cluster = None
        self.start_at = 0.0
        if not cluster.is_whole:
            self.start_at = time.monotonic() + self.wait_s
            self.wait_s = min(self.wait_s * 2, LONGEST_WAIT_S)

    def beat(self) -> None:
        me = WorkerNode.objects.filter(pk=self.worker_id)
        if me.update(heartbeat_at=Now()):
            return
        WorkerNode.objects.create(
            id=self.worker_id,
            host=socket.gethostname(),
            pid=os.getpid(),
            lanes=self.name,
            processes=self.processes,
            heartbeat_at=Now(),
        )
        WorkerNode.objects.filter(heartbeat_at__lt=Now() - KEEP_NODES).delete()

    def sign_off(self) -> None:
        # What did not come to a checkpoint in time is dead by now.
        recovery.abandon(self.worker_id, blame=())
        me = WorkerNode.objects.filter(pk=self.worker_id)
        me.update(draining=True, stopped_at=Now())


class Supervisor:
    """One `manage.py worker`: its clusters, their rows, its repairs. One thread."""

    def __init__(self, groups: Sequence[tuple[tuple[str, ...], int]]) -> None:
        self.nodes = [_Node(lanes, processes) for lanes, processes in groups]
        self.asked_to_stop = 0
        self.beat_at = self.repair_at = self.tick_at = 0.0
        self.database_answers = True
        self.away_at = -BACK_S
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
                for node in self.nodes:
                    self._watch(node)
                self._use_database()
                time.sleep(TICK_S)
            logger.info("The worker stops. Running jobs go back to the queue.")
            self._drain()
        finally:
            for node in self.nodes:
                if node.cluster is not None:
                    node.cluster.kill()
        for node in self.nodes:
            self._safely(node.sign_off)

    def _watch(self, node: _Node) -> None:
        if node.cluster is None:
            node.start_if_due()
            return
        was_whole = node.cluster.is_whole
        trouble = node.cluster.trouble()
        if trouble:
            self._replace(node, node.cluster, trouble, blame=node.cluster.dead())
        elif node.cluster.is_whole and not was_whole:
            logger.info("Ready for %d jobs at once: %s.", node.processes, node.name)
            node.wait_s = FIRST_WAIT_S
            self._safely(node.beat)
            self._safely(services.wake_waiting)
            if settings.JOB_SCHEDULES and Lane.SYSTEM in node.lanes:
                self._safely(q2.install_tick)

    def _replace(
        self,
        node: _Node,
        cluster: Cluster,
        trouble: str,
        *,
        blame: Collection[int] | None,
    ) -> None:
        logger.warning("The processes of %s are replaced: %s.", node.name, trouble)
        node.discard(cluster)
        self._safely(partial(recovery.abandon, node.worker_id, blame=blame))
        self._safely(partial(recovery.add_to_counter, recovery.REPLACED))

    def _use_database(self) -> None:
        now = time.monotonic()
        if now >= self.beat_at:
            self.beat_at = now + min(BEAT_S, settings.JOB_REAP_S)
            for node in self.nodes:
                self._safely(node.beat)
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
            self.away_at = time.monotonic()
        else:
            self.database_answers = True

    def _repair(self) -> None:
        is_back = time.monotonic() - self.away_at > BACK_S
        if is_back and recovery.reap():
            services.wake_waiting()  # for whom the dead held a key
        deaf = Job.objects.filter(longer_ago("cancel_requested_at", DEAF))
        for node in self.nodes:
            if node.cluster is not None and _jobs_of([node], deaf).exists():
                why = "a job that was cancelled does not stop"
                self._replace(node, node.cluster, why, blame=())
        recovery.note_stalls()
        services.sweep()

    def _drain(self) -> None:
        """Let the running jobs come to a checkpoint and go back to the queue."""
        requests, deadline = self.asked_to_stop, time.monotonic() + DRAIN_S
        ours = WorkerNode.objects.filter(pk__in=[node.worker_id for node in self.nodes])
        self._safely(partial(ours.update, draining=True))
        while self.database_answers and self.asked_to_stop == requests:
            self._safely(self._count_jobs)
            if not self.jobs_left or time.monotonic() > deadline:
                return
            time.sleep(0.1)

    def _count_jobs(self) -> None:
        self.jobs_left = _jobs_of(self.nodes, Job.objects.all()).count()


def _jobs_of(nodes: Sequence[_Node], jobs: JobQuerySet) -> JobQuerySet:
    worker_ids = [node.worker_id for node in nodes]
    return jobs.running().filter(worker_id__in=worker_ids)
