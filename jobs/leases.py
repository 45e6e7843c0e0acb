"""Who may run what: conditional UPDATEs, which one process wins and all others lose.

Every write of a running job names its token, which the next claim replaces. Times are
compared by the database's clock, so the hosts' clocks may differ.
"""

import random
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, Now

from jobs.errors import JobCancelled, JobDrained, JobStopped, LeaseLost
from jobs.models import CODE_LENGTH, ONE_RUNNING_PER_KEY, Job, JobEvent, WorkerNode
from jobs.states import JSON, Status, storable

ROUNDS, CANDIDATES = 5, 10
FIRST_WAIT_S, LONGEST_WAIT_S = 15, 900
CHANNEL = "steward_jobs"
MAX_EVENTS = 10_000  # of a handler, per job


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a job, for as long as its token is the job's."""

    job_id: int
    kind: str
    params: Mapping[str, JSON]
    token: str
    fence: int
    attempt: int
    checkpoint: Mapping[str, JSON] | None
    phases: tuple[tuple[str, int, int | None], ...]

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


def lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_S)


def change(job_id: int, where: Q, note: Note, **fields: Any) -> bool:
    """Change the job if it is as `where` says, and write down why; False if it is not.

    The UPDATE that counts the event's number locks the row: numbers become visible in
    their order, so a reader that asks for "after 7" misses nothing.
    """
    with transaction.atomic():
        fields = {"updated_at": Now(), **fields, "last_seq": F("last_seq") + 1}
        if not Job.objects.filter(where, pk=job_id).update(**fields):
            return False
        seq, fence = Job.objects.values_list("last_seq", "fence").get(pk=job_id)
        _write_event(job_id, seq, fence, note)
        tell(job_id)
    return True


def tell(job_id: int) -> None:
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


def claim(
    kinds: Collection[str], *, worker_id: str, only: int | None = None
) -> Claim | None:
    """Claim the best due job of these kinds, or the one named; None if there is none.

    A worker that drains gets none.
    """
    if WorkerNode.objects.filter(pk=worker_id, draining=True).exists():
        return None
    for _ in range(ROUNDS):
        job_ids = waiting(kinds, limit=CANDIDATES, only=only)
        for job_id in job_ids:
            claimed = _try_to_claim(job_id, worker_id)
            if claimed is not None:
                return claimed
        if not job_ids:
            break
    return None


def waiting(
    kinds: Collection[str], *, limit: int, only: int | None = None
) -> tuple[int, ...]:
    """Return the jobs that could start now, the best first."""
    jobs = Job.objects.due().filter(kind__in=kinds)
    if only is not None:
        jobs = jobs.filter(pk=only)
    return tuple(jobs.values_list("pk", flat=True)[:limit])


def _try_to_claim(job_id: int, worker_id: str) -> Claim | None:
    token = secrets.token_hex(16)
    due = Q(next_at=None) | Q(next_at__lte=Now())
    try:
        with transaction.atomic():
            won = change(
                job_id,
                Q(due, status=Status.QUEUED),
                Note("info", "started", "A worker started the job."),
                status=Status.RUNNING,
                lease_token=token,
                lease_until=Now() + lease(),
                heartbeat_at=Now(),
                worker_id=worker_id,
                fence=F("fence") + 1,
                attempt=F("attempt") + 1,
                started_at=Coalesce("started_at", Now()),
                progressed_at=Now(),
                rate=None,
                next_at=None,
            )
            return _read_claim(job_id, token) if won else None
    except IntegrityError as exc:
        if is_breach(exc, ONE_RUNNING_PER_KEY, "exclusive_key"):
            return None  # another job with this key was faster
        raise


def is_breach(exc: IntegrityError, constraint: str, column: str) -> bool:
    """Return whether `exc` is about this constraint; SQLite names its column only."""
    text = str(exc)
    return constraint in text or f"{Job._meta.db_table}.{column}" in text


def _read_claim(job_id: int, token: str) -> Claim:
    job = Job.objects.get(pk=job_id)
    return Claim(
        job_id=job.pk,
        kind=job.kind,
        params=job.params,
        token=token,
        fence=job.fence,
        attempt=job.attempt,
        checkpoint=job.checkpoint,
        phases=tuple((name, done, total) for name, done, total in job.phases),
    )


# While it runs


def renew(held: Claim, **fields: Any) -> bool:
    """Lengthen the lease; False if it has run out or is another's."""
    lengthened = {"lease_until": Now() + lease(), "heartbeat_at": Now()}
    rows = Job.objects.filter(held.holds, pk=held.job_id, lease_until__gt=Now())
    renewed = bool(rows.update(**fields, **lengthened))
    if renewed and fields:
        tell(held.job_id)
    return renewed


def hold(held: Claim, **fields: Any) -> None:
    """Prove the claim and lock the job until the transaction ends; raises LeaseLost."""
    rows = Job.objects.filter(held.holds, pk=held.job_id)
    held_on = {"lease_until": Now() + lease(), "updated_at": Now()}
    if not rows.update(**{**fields, **held_on}):
        raise LeaseLost(held.job_id)
    if fields:
        tell(held.job_id)


def order_to_stop(held: Claim) -> JobStopped | None:
    """Return why the job has to stop, if it has to."""
    draining = WorkerNode.objects.filter(pk=OuterRef("worker_id"), draining=True)
    row = (
        Job.objects.filter(held.holds, pk=held.job_id)
        .values_list("cancel_requested_at", Exists(draining))
        .first()
    )
    if row is None:
        return LeaseLost(held.job_id)
    cancelled_at, drained = row
    if cancelled_at is not None:
        return JobCancelled(held.job_id)
    return JobDrained(held.job_id) if drained else None


def write_down(held: Claim, note: Note) -> None:
    """Add a line of the handler to the job's log; raises LeaseLost.

    A log that is full takes no more lines but those of the job's own changes.
    """
    with transaction.atomic():
        hold(held)
        last_seq = Job.objects.values_list("last_seq", flat=True).get(pk=held.job_id)
        if last_seq > MAX_EVENTS:
            return
        if last_seq == MAX_EVENTS:
            text = f"The log has {MAX_EVENTS:,} lines; later ones are left out."
            note = Note("warning", "log_full", text)
        change(held.job_id, held.holds, note)


# The end of a claim

_FREE = {"lease_token": "", "lease_until": None, "heartbeat_at": None}


def _ended(status: Status) -> dict[str, Any]:
    return {**_FREE, "status": status, "finished_at": Now()}


def _queued(**fields: Any) -> dict[str, Any]:
    # The message that woke its worker is used up: the sweep sends another.
    again = {"status": Status.QUEUED, "worker_id": "", "message_sent_at": None}
    return {**_FREE, **again, **fields}


def succeed(held: Claim, result: Mapping[str, JSON], **fields: Any) -> bool:
    return change(
        held.job_id,
        held.holds,
        Note("info", "succeeded", "The job is done."),
        **{**fields, "result": dict(result), "error_code": "", "error_text": ""},
        **_ended(Status.SUCCEEDED),
    )


def stop(held: Claim, **fields: Any) -> bool:
    """End a job whose cancelling was asked for."""
    note = Note("info", "cancelled", "The job stopped, as was asked.")
    return change(held.job_id, held.holds, note, **fields, **_ended(Status.CANCELLED))


def give_back(held: Claim, **fields: Any) -> bool:
    """Queue a job again because its worker stops; this attempt does not count."""
    note = Note("info", "drained", "The worker stops; the job goes on with another.")
    attempt = F("attempt") - 1
    return change(held.job_id, held.holds, note, **fields, **_queued(attempt=attempt))


def fail(held: Claim, failure: Failure, **fields: Any) -> bool:
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
            fields |= _queued(next_at=Now() + wait(attempt, failure.wait_s))
        else:
            fields |= _ended(Status.FAILED)
        note = Note("error", failure.code, failure.sentence, failure.data)
        return change(held.job_id, held.holds, note, **fields)


def wait(attempt: int, wait_s: float | None = None) -> timedelta:
    """Return how long to wait after this attempt: doubling, apart from each other."""
    longest = wait_s or min(FIRST_WAIT_S * 2 ** (attempt - 1), LONGEST_WAIT_S)
    return timedelta(seconds=longest * random.uniform(0.8, 1.2))  # noqa: S311


# Workers that died


def reap() -> int:
    """Take back the jobs whose lease has run out; returns how many."""
    return _take_back(Q(lease_until__lt=Now()), counts=True)


def abandon(worker_id: str, *, drained: bool) -> int:
    """Take back the jobs of a worker whose processes are known to be dead.

    A worker that was `drained` is not to blame on its jobs: the attempt does not count.
    """
    return _take_back(Q(worker_id=worker_id), counts=not drained)


def _take_back(where: Q, *, counts: bool) -> int:
    dead = Job.objects.running().filter(where)
    taken = 0
    for job in dead.only("fence", "attempt", "max_attempts", "cancel_requested_at"):
        note, fields = _after_death(job, counts=counts)
        same = Q(where, status=Status.RUNNING, fence=job.fence)
        taken += change(job.pk, same, note, **fields)
    return taken


def _after_death(job: Job, *, counts: bool) -> tuple[Note, dict[str, Any]]:
    if job.cancel_requested_at is not None:
        note = Note("info", "cancelled", "The job was cancelled with its worker.")
        return note, _ended(Status.CANCELLED)
    if not counts:
        note = Note("info", "drained", "The worker stopped; the job goes on later.")
        return note, _queued(attempt=F("attempt") - 1)
    if job.attempt >= job.max_attempts:
        text = (
            f"The worker died {job.attempt} times in a row while it ran this job. Its "
            "log may say why; the job can be retried."
        )
        fields = {"error_code": "worker_died", "error_text": text}
        return Note("error", "worker_died", text), fields | _ended(Status.FAILED)
    text = "The worker died; the job goes on from its checkpoint."
    return Note("warning", "worker_died", text), _queued()


def free_processes() -> int:
    """Return how many jobs could start now if there were as many."""
    nodes = WorkerNode.objects.alive().filter(draining=False)
    all_processes = nodes.aggregate(total=Sum("processes", default=0))["total"]
    busy = Job.objects.running().exclude(worker_id="").count()
    return max(0, int(all_processes) - busy)
