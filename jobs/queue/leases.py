"""Who may run what: conditional UPDATEs, which one process wins and all others lose.

Every write of a running job names its token, which the next claim replaces. Times are
compared by the database's clock, so the hosts' clocks may differ.
"""

import os
import random
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Now

from jobs.enums import JSON, Lane, Status, storable
from jobs.errors import (
    JobCancelled,
    JobDrained,
    JobStopped,
    JobYielded,
    LeaseLost,
)
from jobs.models import (
    CODE_LENGTH,
    ONE_RUNNING_PER_KEY,
    Job,
    JobEvent,
    JobQuerySet,
    WorkerNode,
)

ROUNDS, CANDIDATES = 5, 10
FIRST_WAIT_S, LONGEST_WAIT_S = 15, 900
CHANNEL = "steward_jobs"
MAX_EVENTS = 10_000  # of a handler, per job


@dataclass(frozen=True, slots=True)
class JobClaim:
    """The right to run a job, for as long as its token is the job's."""

    job_id: int
    kind: str
    params: Mapping[str, JSON]
    token: str
    fence: int
    attempt: int
    checkpoint: Mapping[str, JSON] | None
    phases: tuple[tuple[str, int, int | None], ...]
    exclusive_key: str | None
    priority: int
    kinds: tuple[str, ...]  # that its worker knows

    @property
    def holds(self) -> Q:
        return Q(status=Status.RUNNING, lease_token=self.token)


@dataclass(frozen=True, slots=True)
class Note:
    """An event to write; its time and number are given to it as it is written."""

    level: str
    code: str
    message: str
    data: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    code: str
    sentence: str
    retriable: bool
    data: Mapping[str, JSON] = field(default_factory=dict)
    wait_s: float | None = None  # until the next attempt; None: longer each time


def lease_length() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_S)


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands after a change."""

    status: str
    created_at: datetime
    updated_at: datetime


def update_job(job_id: int, where: Q, note: Note, **fields: Any) -> JobState | None:
    """Change the job if it is as `where` says, and write down why; None if it is not.

    The UPDATE that counts the event's number locks the row: numbers become visible in
    their order, so a reader that asks for "after 7" misses nothing.
    """
    with transaction.atomic():
        fields = {"updated_at": Now(), **fields, "last_seq": F("last_seq") + 1}
        if not Job.objects.filter(where, pk=job_id).update(**fields):
            return None
        columns = ("last_seq", "fence", "status", "created_at", "updated_at")
        seq, fence, *state = Job.objects.values_list(*columns).get(pk=job_id)
        _write_event(job_id, seq, fence, note)
        notify(job_id)
    return JobState(*state)


def notify(job_id: int) -> None:
    """Let who listens on PostgreSQL know at the commit; others look now and then."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(job_id)])


def _write_event(job_id: int, seq: int, fence: int, note: Note) -> None:
    JobEvent.objects.create(
        job_id=job_id,
        seq=seq,
        fence=fence,
        level=note.level,
        code=note.code[:CODE_LENGTH],
        message=storable(note.message),
        data=dict(note.data),
    )


# Claim


def claim_job(
    kinds: Collection[str],
    *,
    worker_id: str,
    lanes: Collection[str] = tuple(Lane),
    only: int | None = None,
) -> JobClaim | None:
    """Claim the best due job of these kinds and lanes; None if there is none.

    `only` names the one job to claim, paused lane or not. A worker that drains gets
    none.
    """
    if WorkerNode.objects.filter(pk=worker_id, draining=True).exists():
        return None
    for _ in range(ROUNDS):
        if only is not None:
            jobs = Job.objects.due(kinds).filter(pk=only)
        else:
            jobs = Job.objects.due(kinds).unpaused().filter(lane__in=lanes)
        job_ids = list(jobs.values_list("pk", flat=True)[:CANDIDATES])
        for job_id in job_ids:
            token = _try_to_claim(job_id, worker_id)
            if token:
                return _read_claim(job_id, token, tuple(kinds))
        if not job_ids:
            break
    return None


def _try_to_claim(job_id: int, worker_id: str) -> str:
    """Return the token of the claim; "" if another process was faster."""
    token = secrets.token_hex(16)
    due = Q(next_at=None) | Q(next_at__lte=Now())
    try:
        with transaction.atomic():
            won = update_job(
                job_id,
                Q(due, status=Status.QUEUED),
                Note("info", "started", "A worker started the job."),
                status=Status.RUNNING,
                lease_token=token,
                lease_until=Now() + lease_length(),
                heartbeat_at=Now(),
                worker_id=worker_id,
                pid=os.getpid(),
                fence=F("fence") + 1,
                attempt=F("attempt") + 1,
                started_at=Coalesce("started_at", Now()),
                progressed_at=Now(),
                rate=None,
                next_at=None,
            )
            return token if won else ""
    except IntegrityError as exc:
        if is_breach(exc, ONE_RUNNING_PER_KEY, "exclusive_key"):
            return ""  # another job with this key was faster
        raise


def is_breach(exc: IntegrityError, constraint: str, column: str) -> bool:
    """Return whether `exc` is about this constraint; SQLite names its column only."""
    text = str(exc)
    return constraint in text or f"{Job._meta.db_table}.{column}" in text


def _read_claim(job_id: int, token: str, kinds: tuple[str, ...]) -> JobClaim:
    job = Job.objects.get(pk=job_id)
    return JobClaim(
        job_id=job.pk,
        kind=job.kind,
        params=job.params,
        token=token,
        fence=job.fence,
        attempt=job.attempt,
        checkpoint=job.checkpoint,
        phases=tuple((name, done, total) for name, done, total in job.phases),
        exclusive_key=job.exclusive_key,
        priority=job.priority,
        kinds=kinds,
    )


# While it runs


def renew(held: JobClaim, **fields: Any) -> bool:
    """Lengthen the lease; False if it has run out or is another's."""
    lengthened = {"lease_until": Now() + lease_length(), "heartbeat_at": Now()}
    rows = Job.objects.filter(held.holds, pk=held.job_id, lease_until__gt=Now())
    renewed = bool(rows.update(**fields, **lengthened))
    if renewed and fields:
        notify(held.job_id)
    return renewed


def verify_lease(held: JobClaim, **fields: Any) -> None:
    """Prove the claim and lock the job until the transaction ends; raises LeaseLost."""
    rows = Job.objects.filter(held.holds, pk=held.job_id)
    held_on = {"lease_until": Now() + lease_length(), "updated_at": Now()}
    if not rows.update(**{**fields, **held_on}):
        raise LeaseLost(held.job_id)
    if fields:
        notify(held.job_id)


def stop_reason(held: JobClaim, *, may_yield: bool) -> JobStopped | None:
    """Return why the job has to stop, if it has to."""
    draining = WorkerNode.objects.filter(pk=OuterRef("worker_id"), draining=True)
    row = (
        Job.objects.filter(held.holds, pk=held.job_id)
        .values_list(
            "cancel_requested_at",
            Exists(draining),
            Exists(going_first(held)) if may_yield else Value(value=False),
        )
        .first()
    )
    if row is None:
        return LeaseLost(held.job_id)
    cancelled_at, drained, yields = row
    if cancelled_at is not None:
        return JobCancelled(held.job_id)
    if drained:
        return JobDrained(held.job_id)
    return JobYielded(held.job_id) if yields else None


def going_first(held: JobClaim) -> JobQuerySet:
    """Return the jobs to which this one yields at a checkpoint."""
    key, priority = held.exclusive_key, held.priority
    if key is None:
        return Job.objects.none()
    return Job.objects.going_first(held.kinds, key, priority)


def append_log(held: JobClaim, note: Note) -> None:
    """Add a line of the handler to the job's log; raises LeaseLost.

    A log that is full takes no more lines but those of the job's own changes.
    """
    with transaction.atomic():
        verify_lease(held)
        last_seq = Job.objects.values_list("last_seq", flat=True).get(pk=held.job_id)
        if last_seq > MAX_EVENTS:
            return
        if last_seq == MAX_EVENTS:
            text = f"The log has {MAX_EVENTS:,} lines; later ones are left out."
            note = Note("warning", "log_full", text)
        update_job(held.job_id, held.holds, note)


# The end of a claim

_FREE = {"lease_token": "", "lease_until": None, "heartbeat_at": None, "pid": None}


def ended(status: Status) -> dict[str, Any]:
    return {**_FREE, "status": status, "finished_at": Now()}


def queued(**fields: Any) -> dict[str, Any]:
    # The message that woke its worker is used up: the sweep sends another.
    again = {"status": Status.QUEUED, "worker_id": "", "message_sent_at": None}
    return {**_FREE, **again, **fields}


def _end_claim(held: JobClaim, note: Note, **fields: Any) -> bool:
    """Change a job that this claim still holds; False if it is another's."""
    return update_job(held.job_id, held.holds, note, **fields) is not None


def succeed(held: JobClaim, result: Mapping[str, JSON], **fields: Any) -> bool:
    return _end_claim(
        held,
        Note("info", "succeeded", "The job is done."),
        **{**fields, "result": dict(result), "error_code": "", "error_text": ""},
        **ended(Status.SUCCEEDED),
    )


def stop(held: JobClaim, **fields: Any) -> bool:
    """End a job whose cancelling was asked for."""
    note = Note("info", "cancelled", "The job stopped, as was asked.")
    return _end_claim(held, note, **fields, **ended(Status.CANCELLED))


def requeue_job(held: JobClaim, **fields: Any) -> bool:
    """Queue a job again because its worker stops; this attempt does not count."""
    note = Note("info", "drained", "The worker stops; the job goes on with another.")
    attempt = F("attempt") - 1
    return _end_claim(held, note, **fields, **queued(attempt=attempt))


def yield_job(held: JobClaim, **fields: Any) -> bool:
    """Queue a job again behind one that goes first; this attempt does not count."""
    first = going_first(held).values_list("pk", "title").first()
    named = "another job" if first is None else f"job {first[0]} ({first[1]})"
    note = Note("info", "yielded", f"The job lets {named} go first, and goes on after.")
    attempt = F("attempt") - 1
    return _end_claim(held, note, **fields, **queued(attempt=attempt))


def fail(held: JobClaim, failure: Failure, **fields: Any) -> bool:
    """End the job as failed, or queue it for a later attempt if one is left."""
    with transaction.atomic():
        # Locks the row, so that what is read stays true.
        if not Job.objects.filter(held.holds, pk=held.job_id).update(updated_at=Now()):
            return False
        attempt, limit, cancelled_at = Job.objects.values_list(
            "attempt", "max_attempts", "cancel_requested_at"
        ).get(pk=held.job_id)
        again = failure.retriable and attempt < limit
        if again and cancelled_at is not None:
            return stop(held, **fields)
        fields |= {
            "error_code": failure.code[:CODE_LENGTH],
            "error_text": storable(failure.sentence),
        }
        if again:
            fields |= queued(next_at=Now() + retry_delay(attempt, failure.wait_s))
        else:
            fields |= ended(Status.FAILED)
        note = Note("error", failure.code, failure.sentence, failure.data)
        return _end_claim(held, note, **fields)


def retry_delay(attempt: int, wait_s: float | None = None) -> timedelta:
    """Return how long to wait after this attempt: doubling, apart from each other."""
    longest = wait_s or min(FIRST_WAIT_S * 2 ** (attempt - 1), LONGEST_WAIT_S)
    return timedelta(seconds=longest * random.uniform(0.8, 1.2))  # noqa: S311
