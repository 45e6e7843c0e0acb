"""What pages and commands show of jobs: frozen values, never rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from jobs import leases
from jobs.errors import JobNotFound
from jobs.models import Job, JobEvent, WorkerNode
from jobs.states import ACTIVE, JSON, Status

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
    attempt: int
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
    result: Mapping[str, JSON]

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE


@dataclass(frozen=True, slots=True)
class JobEventRow:
    seq: int
    at: datetime
    level: str
    code: str
    message: str
    data: Mapping[str, JSON]


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


def job_detail(job_id: int, *, after: int = 0, limit: int = 500) -> JobDetail:
    """Return the job and its log's lines after number `after`; raises JobNotFound."""
    card = job_card(job_id)
    events = job_events(job_id, after=after, limit=limit + 1)
    more = events[limit - 1].seq if len(events) > limit else 0
    return JobDetail(card, events[:limit], more)


def job_card(job_id: int) -> JobCard:
    """Return the job; raises JobNotFound."""
    cards = _cards(Job.objects.filter(pk=job_id))
    if not cards:
        raise JobNotFound(job_id)
    return cards[0]


def job_events(
    job_id: int, *, after: int = 0, limit: int = 500
) -> tuple[JobEventRow, ...]:
    """Return the log's lines after number `after`, in their order."""
    rows = JobEvent.objects.filter(job_id=job_id, seq__gt=after).order_by("seq")
    names = ("seq", "at", "level", "code", "message", "data")
    return tuple(JobEventRow(*row) for row in rows.values_list(*names)[:limit])


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


def latest_job(
    kind_prefix: str, params_match: Mapping[str, JSON] | None = None
) -> JobCard | None:
    """Return the newest job of these kinds whose params hold these values."""
    match = {f"params__{name}": value for name, value in (params_match or {}).items()}
    cards = _cards(Job.objects.filter(kind__startswith=kind_prefix, **match)[:1])
    return cards[0] if cards else None


def worker_alive() -> bool:
    """Return whether a worker was heard of lately."""
    return WorkerNode.objects.alive().exists()


def _cards(jobs: "QuerySet[Job, Job]") -> tuple[JobCard, ...]:
    retries = Job.objects.filter(retry_of=OuterRef("pk")).order_by("-pk")
    holders = Job.objects.running().filter(exclusive_key=OuterRef("exclusive_key"))
    rows = list(
        jobs.annotate(
            by=F("requested_by__username"),
            retried_by=Subquery(retries.values("pk")[:1]),
            holder_id=Subquery(holders.values("pk")[:1]),
            holder_title=Subquery(holders.values("title")[:1]),
        ).values()
    )
    queued = any(row["status"] == Status.QUEUED for row in rows)
    hindrance = _hindrance_of_all() if queued else ""
    return tuple(_card(row, hindrance) for row in rows)


def _hindrance_of_all() -> str:
    """Return what keeps every queued job waiting, if anything does."""
    if not worker_alive():
        return NO_WORKER
    return "" if leases.free_processes() else "Waits for a free worker."


def _card(row: Mapping[str, Any], hindrance: str) -> JobCard:
    same = (
        *("kind", "title", "status", "trigger", "attempt", "max_attempts"),
        *("created_at", "updated_at", "started_at", "finished_at"),
        *("progress_done", "progress_total", "message"),
        *("retried_by", "error_code", "error_text", "params", "result"),
    )
    return JobCard(
        job_id=row["id"],
        by=row["by"] or "",
        phases=tuple(Phase(*phase) for phase in row["phases"]),
        cancel_asked=row["cancel_requested_at"] is not None,
        waits_for=_waits_for(row, hindrance),
        retry_of=row["retry_of_id"],
        **{name: row[name] for name in same},
    )


def _waits_for(row: Mapping[str, Any], hindrance: str) -> str:
    if row["status"] != Status.QUEUED:
        return ""
    next_at = row["next_at"]
    if next_at is not None and next_at > timezone.now():
        at = timezone.localtime(next_at)
        return f"Will be tried again at {at:%H:%M:%S} ({at:%Z})."
    if row["holder_id"] is not None:
        return (
            f"Waits for job {row['holder_id']} ({row['holder_title']}): "
            "the two may not run at once."
        )
    return hindrance
