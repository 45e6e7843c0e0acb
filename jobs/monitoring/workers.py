"""What pages show of workers and lanes: frozen values, never rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Now

from jobs.enums import Lane, Status
from jobs.models import Job, PausedLane, WorkerNode
from jobs.queue import q2

SHOWN_FOR = timedelta(hours=1)  # how long a node that is gone stays on the page


@dataclass(frozen=True, slots=True)
class RunningJob:
    job_id: int
    title: str
    heartbeat_at: datetime | None


@dataclass(frozen=True, slots=True)
class Node:
    """A cluster of a worker: where it is, for which lanes, what it does."""

    host: str
    pid: int
    lanes: tuple[str, ...]
    processes: int
    started_at: datetime
    heartbeat_at: datetime
    state: str  # at work, draining, stopped or lost
    jobs: tuple[RunningJob, ...]


@dataclass(frozen=True, slots=True)
class LaneRow:
    lane: str
    waiting: int
    running: int
    processes: int
    paused_at: datetime | None
    paused_by: str


@dataclass(frozen=True, slots=True)
class WorkersOverview:
    lanes: tuple[LaneRow, ...]
    nodes: tuple[Node, ...]
    wake_ups: bool = True  # are carried: Redis, where it does that, is there


def overview() -> WorkersOverview:
    """Return the lanes, and each node that works or has worked lately."""
    found = _nodes()
    alive = [node for node in found if node.state in {"at work", "draining"}]
    active = list(Job.objects.active().order_by().values_list("lane", "status"))
    columns = ("lane", "paused_at", "by__username")
    paused = {lane: rest for lane, *rest in PausedLane.objects.values_list(*columns)}
    rows = []
    for lane in Lane:
        paused_at, by = paused.get(lane, (None, ""))
        rows.append(
            LaneRow(
                lane=lane.value,
                waiting=active.count((lane, Status.QUEUED)),
                running=active.count((lane, Status.RUNNING)),
                processes=sum(node.processes for node in alive if lane in node.lanes),
                paused_at=paused_at,
                paused_by=by or "",
            )
        )
    return WorkersOverview(tuple(rows), found, wake_ups=q2.carries())


def _nodes() -> tuple[Node, ...]:
    jobs: dict[str, list[RunningJob]] = {}
    columns = ("worker_id", "pk", "title", "heartbeat_at")
    for worker_id, *job in Job.objects.running().values_list(*columns):
        jobs.setdefault(worker_id, []).append(RunningJob(*job))
    lately = Q(heartbeat_at__gt=Now() - SHOWN_FOR)
    alive = set(WorkerNode.objects.alive().values_list("pk", flat=True))
    nodes = WorkerNode.objects.filter(lately)
    return tuple(
        Node(
            host=node.host,
            pid=node.pid,
            lanes=tuple(node.lanes.split("+")),
            processes=node.processes,
            started_at=node.started_at,
            heartbeat_at=node.heartbeat_at,
            state=_state(node, alive=node.pk in alive),
            jobs=tuple(jobs.get(node.pk, ())),
        )
        for node in nodes.order_by("stopped_at", "host", "pid", "lanes")
    )


def _state(node: WorkerNode, *, alive: bool) -> str:
    if node.stopped_at is not None:
        return "stopped"
    if not alive:
        return "lost"
    return "draining" if node.draining else "at work"
