"""What pages and commands show of jobs: frozen values, never rows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from jobs.enums import ACTIVE, JSON, Lane, Status
from jobs.errors import JobNotFound
from jobs.models import Job, JobEvent, PausedLane, WorkerNode
from jobs.moments import longer_ago, time_has_come
from jobs.queue import endings, rate, recovery
from jobs.units import length
from jobs.viewer import Viewer, viewer_of

FAILED_FOR = timedelta(days=1)  # how long the header tells of a failed job
MOST_ACTIVE, MOST_EVENTS = 200, 500  # of one snapshot
LEVELS = {"": (), "warning": ("warning", "error"), "error": ("error",)}
EVENT = ("seq", "at", "level", "code", "message", "data")
NO_WORKER = "No worker is running. Start one with `manage.py worker`."


@dataclass(frozen=True, slots=True)
class Phase:
    name: str
    done: int
    total: int | None  # None: not known


@dataclass(frozen=True, slots=True)
class JobCard:
    """All that is shown of a job."""

    job_id: int
    kind: str
    title: str
    status: str
    trigger: str
    by: str  # the user's name, or ""
    attempt: int  # since it last got on
    max_attempts: int
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    progress_done: int
    progress_total: int | None  # None: not known
    message: str
    phases: tuple[Phase, ...]
    cancel_asked: bool
    waits_for: str  # a sentence, or "" if it does not wait
    retry_of: int | None
    retried_by: int | None
    error_code: str
    error_text: str
    params: Mapping[str, JSON]
    result: Mapping[str, JSON]  # while it runs, what was done so far
    outlook: str = ""  # rate and time left, or for how long nothing happened
    last_seq: int = 0  # of its log
    cut_short: int = 0  # attempts that got on and did not end well

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def most_cut_short(self) -> int:
        return endings.MOST_CUT_SHORT

    @property
    def is_stopping(self) -> bool:
        return self.cancel_asked and self.status == Status.RUNNING


@dataclass(frozen=True, slots=True)
class JobEventRow:
    seq: int
    at: datetime
    level: str
    code: str
    message: str
    data: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class JobCounts:
    """What the header of every page tells."""

    running: int
    queued: int
    failed: int  # lately, and not retried
    paused: tuple[str, ...] = ()  # lanes of which nothing is started

    @property
    def sentence(self) -> str:
        numbers = {
            "running": self.running,
            "waiting": self.queued,
            "failed": self.failed,
        }
        parts = [f"{n} {word}" for word, n in numbers.items() if n]
        return " · ".join([*parts, *(f"{lane} lane paused" for lane in self.paused)])


@dataclass(frozen=True, slots=True)
class JobsSnapshot:
    """How the jobs stand, for all pages that are open."""

    counts: JobCounts
    newest_id: int
    cards: tuple[JobCard, ...]  # the active ones, and those that were asked for
    events: tuple[tuple[int, JobEventRow], ...]  # with the id of their job


@dataclass(frozen=True, slots=True)
class JobPage:
    """Jobs, the newest first; `next_before` asks for the next page, if there is one."""

    rows: tuple[JobCard, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class JobDetail:
    """A job and a part of its log; `more_after` asks for the rest, 0 at the end."""

    card: JobCard
    events: tuple[JobEventRow, ...]
    more_after: int
    level: str = ""  # "warning": no lines below that; "error"

    @property
    def last_seq(self) -> int:
        """The number of the last line that was looked at: live goes on after it."""
        if self.more_after:
            return self.more_after
        shown = self.events[-1].seq if self.events else 0
        return max(shown, self.card.last_seq)


def job_detail(
    job_id: int, *, after: int = 0, level: str = "", limit: int = 500
) -> JobDetail:
    """Return the job and its log's lines after number `after`; raises JobNotFound.

    The card is read first: a line that is newer than it may be shown, none is missed.
    """
    card = job_card(job_id)
    events = job_events(job_id, after=after, level=level, limit=limit + 1)
    more = events[limit - 1].seq if len(events) > limit else 0
    return JobDetail(card, events[:limit], more, level)


def job_card(job_id: int) -> JobCard:
    """Return the job; raises JobNotFound."""
    cards = _cards(Job.objects.filter(pk=job_id))
    if not cards:
        raise JobNotFound(job_id)
    return cards[0]


def job_events(
    job_id: int, *, after: int = 0, level: str = "", limit: int = MOST_EVENTS
) -> tuple[JobEventRow, ...]:
    """Return the log's lines after number `after`, in their order; see LEVELS."""
    rows = JobEvent.objects.filter(job_id=job_id, seq__gt=after).order_by("seq")
    if LEVELS.get(level):
        rows = rows.filter(level__in=LEVELS[level])
    return tuple(JobEventRow(*row) for row in rows.values_list(*EVENT)[:limit])


def list_jobs(
    *, status: str = "", kind: str = "", before_id: int | None = None, limit: int = 50
) -> JobPage:
    """Return a page of jobs, the newest first."""
    given = {"status": status, "kind": kind, "pk__lt": before_id}
    wanted = {name: value for name, value in given.items() if value not in {"", None}}
    cards = _cards(Job.objects.filter(**wanted)[: limit + 1])
    rows = cards[:limit]
    return JobPage(rows, rows[-1].job_id if len(cards) > limit else None)


def active_jobs() -> tuple[JobCard, ...]:
    """Return what is queued or running, the newest first."""
    return _cards(Job.objects.active())


def latest_jobs(
    kind_prefix: str,
    params_match: Mapping[str, JSON] | None = None,
    *,
    limit: int = 20,
) -> tuple[JobCard, ...]:
    """Return the newest jobs of these kinds whose params hold these values."""
    match = {f"params__{name}": value for name, value in (params_match or {}).items()}
    return _cards(Job.objects.filter(kind__startswith=kind_prefix, **match)[:limit])


def titles_of(job_ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of jobs that are still known, by id."""
    wanted = set(job_ids)
    if not wanted:
        return {}
    return dict(Job.objects.filter(pk__in=wanted).values_list("pk", "title"))


def results_of(job_ids: Iterable[int]) -> dict[int, Mapping[str, JSON]]:
    """Return the results of jobs that are still known, by id."""
    wanted = set(job_ids)
    if not wanted:
        return {}
    return dict(Job.objects.filter(pk__in=wanted).values_list("pk", "result"))


def job_counts() -> JobCounts:
    """Return how many jobs are at work, wait, or failed lately; one query.

    With them, in the same query, the lanes that are paused.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_counting())
        found = dict(cursor.fetchall())
    return JobCounts(
        running=found.get(Status.RUNNING, 0),
        queued=found.get(Status.QUEUED, 0),
        failed=found.get(Status.FAILED, 0),
        paused=tuple(lane for lane in Lane if lane in found),
    )


@cache
def _counting() -> tuple[str, tuple[Any, ...]]:
    """Return the statement that counts, and its values; the same for every page.

    Django is asked for it once: it takes ten times as long as the database.
    """
    retries = Job.objects.filter(retry_of=OuterRef("pk"))
    failed = Q(status=Status.FAILED)
    lately = failed & ~longer_ago("finished_at", FAILED_FOR)
    told = Job.objects.filter(Q(status__in=ACTIVE) | (lately & ~Exists(retries)))
    counts = told.order_by().values_list("status").annotate(n=Count("pk"))
    paused = PausedLane.objects.values_list("lane", Value(0))
    return counts.union(paused, all=True).query.sql_with_params()


def snapshot(
    job_ids: Collection[int] = (), after: Mapping[int, int] | None = None
) -> JobsSnapshot:
    """Return all active jobs and `job_ids`, and log lines of the jobs in `after`.

    `after` holds the number of the last line known, by job.
    """
    active = Job.objects.active().values("pk")[:MOST_ACTIVE]
    cards = _cards(Job.objects.filter(Q(pk__in=active) | Q(pk__in=job_ids)))
    last = {card.job_id: card.last_seq for card in cards}
    news = {pk: seq for pk, seq in (after or {}).items() if last.get(pk, 0) > seq}
    newest = Job.objects.order_by("-pk").values_list("pk", flat=True).first()
    return JobsSnapshot(job_counts(), newest or 0, cards, _news(news))


def _news(after: Mapping[int, int]) -> tuple[tuple[int, JobEventRow], ...]:
    if not after:
        return ()
    wanted = Q()
    for job_id, seq in after.items():
        wanted |= Q(job_id=job_id, seq__gt=seq)
    rows = JobEvent.objects.filter(wanted).order_by("job_id", "seq")
    found = rows.values_list("job_id", *EVENT)[:MOST_EVENTS]
    return tuple((job_id, JobEventRow(*row)) for job_id, *row in found)


def viewer_of_session(session_key: str) -> Viewer | None:
    """Return who is signed in with this session; None if nobody (any more)."""
    request = HttpRequest()
    engine = import_module(settings.SESSION_ENGINE)
    request.session = engine.SessionStore(session_key)
    return viewer_of(get_user(request))


def worker_alive() -> bool:
    """Return whether a worker was heard of lately."""
    return WorkerNode.objects.alive().exists()


def _cards(jobs: "QuerySet[Job, Job]") -> tuple[JobCard, ...]:
    retries = Job.objects.filter(retry_of=OuterRef("pk")).order_by("-pk")
    holders = Job.objects.running().filter(exclusive_key=OuterRef("exclusive_key"))
    rows = list(
        jobs.annotate(
            now=Now(),
            waits_until=Case(When(~time_has_come(), then=F("next_at"))),
            by=F("requested_by__username"),
            retried_by=Subquery(retries.values("pk")[:1]),
            lane_paused=Exists(PausedLane.objects.filter(lane=OuterRef("lane"))),
            holder_id=Subquery(holders.values("pk")[:1]),
            holder_title=Subquery(holders.values("title")[:1]),
        ).values()
    )
    queued = any(row["status"] == Status.QUEUED for row in rows)
    hindrances = _hindrances() if queued else {}
    return tuple(_card(row, hindrances.get(row["lane"], "")) for row in rows)


def _hindrances() -> dict[str, str]:
    """Return what keeps all jobs of a lane waiting, by lane."""
    free: dict[str, int] = {}
    for lanes, processes in recovery.free_processes().items():
        free |= {lane: free.get(lane, 0) + processes for lane in lanes}
    return {lane.value: _hindrance(lane, free) for lane in Lane}


def _hindrance(lane: str, free: Mapping[str, int]) -> str:
    """Return what keeps this lane's jobs waiting, of so many free processes by lane."""
    if not free:
        return NO_WORKER
    if lane not in free:
        return f"Waits for a worker of the {lane} lane: none runs."
    return "" if free[lane] else "Waits for a free worker."


def _card(row: Mapping[str, Any], hindrance: str) -> JobCard:
    same = (
        *("kind", "title", "status", "trigger", "attempt", "max_attempts"),
        "cut_short",
        *("created_at", "updated_at", "started_at", "finished_at"),
        *("progress_done", "progress_total", "message"),
        *("retried_by", "error_code", "error_text", "params", "result"),
        "last_seq",
    )
    return JobCard(
        job_id=row["id"],
        by=row["by"] or "",
        phases=tuple(Phase(*phase) for phase in row["phases"]),
        cancel_asked=row["cancel_requested_at"] is not None,
        waits_for=_waits_for(row, hindrance),
        outlook=_outlook(row),
        retry_of=row["retry_of_id"],
        **{name: row[name] for name in same},
    )


def _waits_for(row: Mapping[str, Any], hindrance: str) -> str:
    if row["status"] != Status.QUEUED:
        return ""
    if row["waits_until"] is not None:
        at = timezone.localtime(row["waits_until"])
        return f"Will be tried again on {at.day} {at:%b %Y, %H:%M:%S} ({at:%Z})."
    if row["holder_id"] is not None:
        return (
            f"Waits for job {row['holder_id']} ({row['holder_title']}): "
            "the two may not run at once."
        )
    if row["lane_paused"]:
        return f"Waits, for the {row['lane']} lane is paused."
    return hindrance or _untaken(row)


def _untaken(row: Mapping[str, Any]) -> str:
    """Return for how long nobody took a job that could start, once that is odd."""
    since = row["due_since"]
    if since is None or since < row["updated_at"]:
        return ""
    waited_s = (row["now"] - since).total_seconds()
    if waited_s < settings.JOB_SWEEP_S:
        return ""
    return (
        f"A process is free, but none has taken it for {length(waited_s)}. If that "
        "goes on, the processes are replaced."
    )


def _outlook(row: Mapping[str, Any]) -> str:
    if row["status"] != Status.RUNNING:
        return ""
    counted_at = row["progressed_at"] or row["started_at"]
    still_s = (row["now"] - counted_at).total_seconds() if counted_at else 0
    name, done, total = row["phases"][-1] if row["phases"] else ("", 0, None)
    left = None if total is None else max(0, total - done)
    return rate.outlook(name, left, row["rate"], still_s)
