"""Who may run what: conditional UPDATEs, which one process wins and all others lose.

Every write of a running job names its token, which the next claim replaces. Times are
compared by the database's clock, so the hosts' clocks may differ.
"""

import os
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Now

from jobs.enums import JSON, Lane, Status, storable, storable_json
from jobs.errors import (
    JobCancelled,
    JobDrained,
    JobStopped,
    JobYielded,
    LeaseLost,
)
from jobs.models import (
    CODE_LENGTH,
    LEVEL_LENGTH,
    ONE_RUNNING_PER_KEY,
    Job,
    JobEvent,
    JobQuerySet,
    WorkerNode,
)
from jobs.moments import time_has_come
from jobs.queue import suspects

ROUNDS, CANDIDATES = 5, 10
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
    furthest: Sequence[int]  # place that any attempt came to
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


def lease_length() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_S)


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands after a change."""

    status: str
    created_at: datetime
    updated_at: datetime


def update_job(job_id: int, where: Q, *notes: Note, **fields: Any) -> JobState | None:
    """Change the job if it is as `where` says, and write down why; None if it is not.

    The UPDATE that counts the events' numbers locks the row: numbers become visible in
    their order, so a reader that asks for "after 7" misses nothing.
    """
    with transaction.atomic():
        last_seq = F("last_seq") + len(notes)
        fields = {"updated_at": Now(), **fields, "last_seq": last_seq}
        if not Job.objects.filter(where, pk=job_id).update(**fields):
            return None
        columns = ("last_seq", "fence", "status", "created_at", "updated_at")
        seq, fence, *state = Job.objects.values_list(*columns).get(pk=job_id)
        _write_events(job_id, seq - len(notes), fence, notes)
        notify(job_id)
    return JobState(*state)


def notify(job_id: int) -> None:
    """Let who listens on PostgreSQL know at the commit; others look now and then."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(job_id)])


def _write_events(
    job_id: int, last_seq: int, fence: int, notes: Sequence[Note]
) -> None:
    JobEvent.objects.bulk_create(
        JobEvent(
            job_id=job_id,
            seq=last_seq + number,
            fence=fence,
            level=storable(note.level)[:LEVEL_LENGTH],
            code=storable(note.code)[:CODE_LENGTH],
            message=storable(note.message),
            data=storable_json(note.data),
        )
        for number, note in enumerate(notes, start=1)
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
    if not _takes_jobs(worker_id):
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


def _takes_jobs(worker_id: str) -> bool:
    """Return whether the worker drains not; whoever asks is no frozen process of it."""
    columns = ("draining", "suspect_pid")
    row = WorkerNode.objects.filter(pk=worker_id).values_list(*columns).first()
    draining, suspect_pid = row or (False, None)
    if suspect_pid == os.getpid():
        suspects.clear(worker_id, suspect_pid)
    return not draining


def _try_to_claim(job_id: int, worker_id: str) -> str:
    """Return the token of the claim; "" if another process was faster."""
    token = secrets.token_hex(16)
    try:
        with transaction.atomic():
            won = update_job(
                job_id,
                Q(time_has_come(), status=Status.QUEUED),
                Note("info", "started", "A worker started the job."),
                status=Status.RUNNING,
                lease_token=token,
                lease_until=Now() + lease_length(),
                heartbeat_at=Now(),
                worker_id=worker_id,
                pid=os.getpid(),
                fence=F("fence") + 1,
                attempt=F("attempt") + 1,
                got_on=False,
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
        furthest=tuple(job.furthest or ()),
        phases=tuple((name, done, total) for name, done, total in job.phases),
        exclusive_key=job.exclusive_key,
        priority=job.priority,
        kinds=kinds,
    )


# While it runs


def renew(held: JobClaim) -> bool:
    """Lengthen the lease; False if it has run out or is another's."""
    lengthened = {"lease_until": Now() + lease_length(), "heartbeat_at": Now()}
    return bool(_running(held).update(**lengthened))


def tell_progress(held: JobClaim, **fields: Any) -> bool:
    """Write how far the job is; False if the lease has run out or is another's."""
    told = bool(_running(held).update(**fields))
    if told:
        notify(held.job_id)
    return told


def _running(held: JobClaim) -> JobQuerySet:
    return Job.objects.filter(held.holds, pk=held.job_id, lease_until__gt=Now())


def verify_lease(held: JobClaim, **fields: Any) -> None:
    """Prove the claim and lock the job until the transaction ends; raises LeaseLost."""
    rows = Job.objects.filter(held.holds, pk=held.job_id)
    now = {"heartbeat_at": Now(), "updated_at": Now()}
    held_on = {"lease_until": Now() + lease_length(), **now}
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


def append_lines(held: JobClaim, notes: Sequence[Note]) -> bool:
    """Add lines of the handler to the job's log; raises LeaseLost.

    Returns False if the log is full: then it takes no more lines but those of the job's
    own changes.
    """
    with transaction.atomic():
        verify_lease(held)
        last_seq = Job.objects.values_list("last_seq", flat=True).get(pk=held.job_id)
        free = MAX_EVENTS - last_seq
        added = list(notes[: max(0, free)])
        if len(added) < len(notes) and free >= 0:
            text = f"The log has {MAX_EVENTS:,} lines; later ones are left out."
            added.append(Note("warning", "log_full", text))
        if added:
            update_job(held.job_id, held.holds, *added)
    return len(notes) <= free
