"""What pages show of workers and lanes: frozen values, never rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import Now

from jobs.enums import Lane, Status
from jobs.models import ALIVE_S, Job, PausedLane, WorkerNode
from jobs.moments import longer_ago
from jobs.queue import q2, recovery, registry, untaken
from jobs.units import length

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
    state: str  # at work, draining, stopped, frozen or lost
    note: str  # a sentence on what went wrong with it, or ""
    jobs: tuple[RunningJob, ...]


@dataclass(frozen=True, slots=True)
class LaneRow:
    lane: str
    waiting: int
    running: int
    processes: int
    paused_at: datetime | None
    paused_by: str
    untaken_for: str = ""  # how long a job has waited though a process is free


@dataclass(frozen=True, slots=True)
class StrandedKind:
    """A kind of which jobs wait, and which this program does not know."""

    kind: str
    waiting: int


@dataclass(frozen=True, slots=True)
class WorkersOverview:
    lanes: tuple[LaneRow, ...]
    nodes: tuple[Node, ...]
    wake_ups: bool = True  # are carried: Redis, where it does that, is there
    unknown: tuple[StrandedKind, ...] = ()


def overview() -> WorkersOverview:
    """Return the lanes, and each node that works or has worked lately."""
    carries = q2.ask_carrier()
    found = _nodes()
    alive = [node for node in found if node.state in {"at work", "draining"}]
    active = list(Job.objects.active().order_by().values_list("lane", "status"))
    columns = ("lane", "paused_at", "by__username")
    paused = {lane: rest for lane, *rest in PausedLane.objects.values_list(*columns)}
    untaken_for = _untaken_for()
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
                untaken_for=untaken_for.get(lane, ""),
            )
        )
    return WorkersOverview(tuple(rows), found, unknown=_unknown(), wake_ups=carries())


def _untaken_for() -> dict[str, str]:
    """Return how long a job has waited beside a free process, by lane, if too long."""
    free = recovery.free_processes()
    served = {lane for lanes, number in free.items() if number for lane in lanes}
    waited = untaken.waited_s()
    sweep_s = settings.JOB_SWEEP_S
    late = {k: s for k, s in waited.items() if k in served and s >= sweep_s}
    return {lane: length(seconds) for lane, seconds in late.items()}


def _unknown() -> tuple[StrandedKind, ...]:
    waiting = Job.objects.filter(status=Status.QUEUED).order_by("kind")
    rows = waiting.exclude(kind__in=registry.kinds()).values("kind")
    counts = rows.annotate(n=Count("pk")).values_list("kind", "n")
    return tuple(StrandedKind(*row) for row in counts)


def _nodes() -> tuple[Node, ...]:
    jobs: dict[str, list[RunningJob]] = {}
    columns = ("worker_id", "pk", "title", "heartbeat_at")
    for worker_id, *job in Job.objects.running().values_list(*columns):
        jobs.setdefault(worker_id, []).append(RunningJob(*job))
    alive = set(WorkerNode.objects.alive().values_list("pk", flat=True))
    gone = longer_ago("heartbeat_at", SHOWN_FOR)
    nodes = WorkerNode.objects.exclude(gone).annotate(now=Now())
    found = []
    for node in nodes.order_by("stopped_at", "host", "pid", "lanes"):
        running = tuple(jobs.get(node.pk, ()))
        state = _state(node, running, alive=node.pk in alive)
        found.append(
            Node(
                host=node.host,
                pid=node.pid,
                lanes=tuple(node.lanes.split("+")),
                processes=node.processes,
                started_at=node.started_at,
                heartbeat_at=node.heartbeat_at,
                state=state,
                note=_note(node, state),
                jobs=running,
            )
        )
    return tuple(found)


def _state(node: Any, jobs: tuple[RunningJob, ...], *, alive: bool) -> str:
    """Return how a node is; `node` is a row with the database's `now`."""
    if node.stopped_at is not None:
        return "stopped"
    if alive:
        return "draining" if node.draining else "at work"
    heard = node.now - timedelta(seconds=ALIVE_S)
    beats = [job.heartbeat_at for job in jobs if job.heartbeat_at is not None]
    return "frozen" if any(at > heard for at in beats) else "lost"


def _note(node: Any, state: str) -> str:
    remedy = f"end it with `kill -9 {node.pid}` on {node.host}, start the worker again"
    if state == "frozen":
        return f"{_silence(node)}, while its jobs go on: {remedy}."
    if state == "lost":
        return f"{_silence(node)}. If it is still there it is frozen: {remedy}."
    if node.suspect_pid is not None:
        return (
            f"Process {node.suspect_pid} does not go on with its job: it is replaced "
            "with those beside it."
        )
    if node.replaced_at is not None:
        ago = length((node.now - node.replaced_at).total_seconds())
        return f"Its processes were replaced {ago} ago: {node.replaced_why}."
    return ""


def _silence(node: Any) -> str:
    silent_s = (node.now - node.heartbeat_at).total_seconds()
    if silent_s < 0:
        return (
            f"The last beat of process {node.pid} is ahead of now, by a clock that was "
            "wrong, and nothing was heard of it since"
        )
    return f"Nothing was heard of process {node.pid} for {length(silent_s)}"
