"""Keeps q2's clusters honest: replaces one whole when a process dies or is frozen.

q2's processes share locks, so one that is killed may freeze the others for ever; and
what it does not do for itself is done here: repairing, draining, dying with its parent.
"""

import logging
import math
import os
import signal
import socket
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.db.models.functions import Now

from jobs import outages, scheduling, services
from jobs.enums import Lane
from jobs.models import TITLE_LENGTH, Job, JobQuerySet, WorkerNode
from jobs.moments import longer_ago
from jobs.queue import q2, recovery, registry, suspects, untaken
from jobs.units import length
from jobs.worker.clusters import Cluster
from jobs.worker.processes import SIGNALS

logger = logging.getLogger(__name__)
TICK_S = 0.5
DRAIN_S = 7.0  # the rest of ten seconds is for killing
BEAT_S = 5.0
SCHEDULES_S = 5.0  # q2 ticks as well, once a minute, if a process is free
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
DEAF = timedelta(seconds=60)  # a cancelled job that has not stopped by then is killed
KEEP_NODES = timedelta(days=1)
BACK_S = 5.0  # in which processes that outlived an outage of the database say so


class _Node:
    """One group of lanes: its cluster, if it has one now, and its row's key."""

    def __init__(self, lanes: tuple[str, ...], processes: int) -> None:
        self.worker_id = uuid.uuid4().hex
        self.lanes = lanes
        self.processes = processes
        self.cluster: Cluster | None = None
        self.start_at = 0.0
        self.wait_s = FIRST_WAIT_S
        self.first_job: int | None = None  # that waited beside a free process
        self.looks = 0  # at which it did, one after the other

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
        self.looks = 0
        self.start_at = 0.0
        if not cluster.is_whole:
            self.start_at = time.monotonic() + self.wait_s
            self.wait_s = min(self.wait_s * 2, LONGEST_WAIT_S)

    def look(self, *, can_start: bool) -> int:
        """Return at how many looks in a row the same job waited beside a free process.

        Where jobs come and go another is first each time, however many there are.
        `can_start`: whether any job could, of any lane.
        """
        first = None
        if can_start:
            me = (self.worker_id, self.lanes, self.processes)
            first = untaken.first_beside_free(*me)
        goes_on = first is not None and first == self.first_job
        self.looks = self.looks + 1 if goes_on else int(first is not None)
        self.first_job = first
        return self.looks

    def sign_on(self) -> None:
        WorkerNode.objects.create(
            id=self.worker_id,
            host=socket.gethostname(),
            pid=os.getpid(),
            lanes=self.name,
            processes=self.processes,
            heartbeat_at=Now(),
        )
        WorkerNode.objects.filter(longer_ago("heartbeat_at", KEEP_NODES)).delete()

    def note_replaced(self, why: str) -> None:
        me = WorkerNode.objects.filter(pk=self.worker_id)
        me.update(replaced_at=Now(), replaced_why=why[:TITLE_LENGTH])

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
        for number in SIGNALS:
            signal.signal(number, self.on_signal)
        registry.kinds()  # imports what the processes of all clusters will share
        try:
            while not self.asked_to_stop:
                self._watch_all()
                for step in self._due():
                    self._safely(step)
                    self._watch_all()  # a step may have waited for a lock
                time.sleep(TICK_S)
            logger.info("The worker stops. Running jobs go back to the queue.")
            self._drain()
        finally:
            for node in self.nodes:
                if node.cluster is not None:
                    node.cluster.kill()
        for node in self.nodes:
            self._safely(node.sign_off)

    def _watch_all(self) -> None:
        for node in self.nodes:
            self._watch(node)

    def _watch(self, node: _Node) -> None:
        if node.cluster is None:
            node.start_if_due()
            return
        was_whole = node.cluster.is_whole
        trouble = node.cluster.trouble()
        if trouble:
            self._replace(node, node.cluster, trouble, blame=node.cluster.blamed())
        elif node.cluster.is_whole and not was_whole:
            logger.info("Ready for %d jobs at once: %s.", node.processes, node.name)
            node.wait_s = FIRST_WAIT_S
            self._safely(self._beat)
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
        self._safely(partial(node.note_replaced, trouble))

    def _due(self) -> Iterator[Callable[[], object]]:
        """Yield the steps with the database whose time has come."""
        if time.monotonic() >= self.beat_at:
            self.beat_at = time.monotonic() + min(BEAT_S, settings.JOB_REAP_S)
            yield self._beat
        if time.monotonic() >= self.repair_at:
            self.repair_at = time.monotonic() + settings.JOB_REAP_S
            yield self.repair
        if settings.JOB_SCHEDULES and time.monotonic() >= self.tick_at:
            self.tick_at = time.monotonic() + SCHEDULES_S
            yield scheduling.tick

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
            if outages.is_away(exc):  # a step that fails each time keeps no job
                self.away_at = time.monotonic()
        else:
            self.database_answers = True

    def _beat(self) -> None:
        ours = WorkerNode.objects.filter(pk__in=[node.worker_id for node in self.nodes])
        if ours.update(heartbeat_at=Now()) == len(self.nodes):
            return
        known = set(ours.values_list("pk", flat=True))
        for node in self.nodes:
            if node.worker_id not in known:
                node.sign_on()

    def repair(self) -> None:
        """Do what is done every few seconds; to be called with a living database."""
        is_back = time.monotonic() - self.away_at > BACK_S
        if is_back and recovery.reap():
            services.wake_waiting()  # for whom the dead held a key
        recovery.note_stalls()
        can_start = untaken.note_waits()
        # Whose own outage it was asks for work soon, and is no suspect then.
        ours = [node.worker_id for node in self.nodes]
        suspected = suspects.take(ours) if is_back else {}
        self._replace_what_is_stuck(suspected, can_start=can_start)
        if can_start:
            services.sweep()

    def _replace_what_is_stuck(
        self, suspected: Mapping[str, int], *, can_start: bool
    ) -> None:
        """Replace clusters whose processes live but do not work."""
        deaf = Job.objects.filter(longer_ago("cancel_requested_at", DEAF))
        deaf_ids = set(_jobs_of(self.nodes, deaf).values_list("worker_id", flat=True))
        for node in self.nodes:
            cluster = node.cluster
            if cluster is None or not cluster.is_whole:
                continue
            looks, pid = node.look(can_start=can_start), suspected.get(node.worker_id)
            if pid and cluster.has(pid):
                why = f"process {pid} lives, but the lease of its job ran out"
                self._replace(node, cluster, why, blame={pid})
            elif why := _why_stuck(node, looks, deaf_ids):
                self._replace(node, cluster, why, blame=())

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


def _why_stuck(node: _Node, looks: int, deaf_ids: Collection[str]) -> str:
    """Return why a whole cluster does not work; "" if it does, as far as we know."""
    if node.worker_id in deaf_ids:
        return "a job that was cancelled does not stop"
    if looks <= _patience():
        return ""
    waited = length(2 * settings.JOB_SWEEP_S)
    return f"a process was free, and none took job {node.first_job} for {waited}"


def _patience() -> int:
    """Return how many looks two sweeps are; the second sent a wake-up again."""
    return math.ceil(2 * settings.JOB_SWEEP_S / settings.JOB_REAP_S)


def _jobs_of(nodes: Sequence[_Node], jobs: JobQuerySet) -> JobQuerySet:
    worker_ids = [node.worker_id for node in nodes]
    return jobs.running().filter(worker_id__in=worker_ids)
