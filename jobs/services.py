"""What can be asked of jobs: make, cancel, retry, run here; and what workers repair."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from jobs.enums import ACTIVE, JSON, Lane, Status, Trigger
from jobs.errors import JobAlreadyEnded, JobNotFound, JobStillActive, UnknownLane
from jobs.models import ONE_ACTIVE_PER_KEY, TITLE_LENGTH, Job, PausedLane
from jobs.moments import longer_ago
from jobs.queue import leases, recovery, registry, runner, wakeups
from jobs.queue.leases import JobState, Note
from jobs.viewer import Viewer

TRIES = 5  # each is lost only if the active job ends at that very moment


@dataclass(frozen=True, slots=True)
class JobRef:
    """A job as the call left it; what buttons, commands and schedules answer with."""

    job_id: int
    created: bool  # by the call; if not, it was there already
    status: str
    created_at: datetime
    updated_at: datetime


def create_job(
    kind: str,
    params: Mapping[str, JSON],
    *,
    title: str = "",
    trigger: str = Trigger.BUTTON,
    by: int | None = None,
    priority: int | None = None,
) -> JobRef:
    """Ask for work of this kind; returns the job's id and whether it is new.

    If an active job holds the same dedupe key, that job's id is returned and nothing
    is created: two clicks are one job. `by` is a user's id. The higher `priority` goes
    first; without one it is that of the kind. A worker is woken at the commit.

    Raises UnknownKind, or BadParams for parameters that the kind does not take.
    """
    handler = registry.get(kind)
    params = handler.completed(params)
    return _insert_or_active(
        kind=kind,
        title=(title or handler.title)[:TITLE_LENGTH],
        params=params,
        dedupe_key=handler.dedupe_key(params),
        exclusive_key=handler.exclusive_key(params),
        lane=handler.lane,
        priority=handler.priority if priority is None else priority,
        trigger=Trigger(trigger),
        requested_by_id=by,
        max_attempts=handler.max_attempts,
    )


def _insert_or_active(**fields: Any) -> JobRef:
    key = fields["dedupe_key"]
    with transaction.atomic():
        for _ in range(TRIES):
            ref = _insert(fields)
            if ref is not None:
                wakeups.announce_on_commit(ref.job_id, fields["lane"])
                return ref
            active = Job.objects.active().filter(dedupe_key=key)
            if (job_id := active.values_list("pk", flat=True).first()) is not None:
                return _ref(job_id)
    msg = (
        f"Jobs with the key {key!r} begin and end too fast to tell which one is active."
    )
    raise JobStillActive(msg)


def _insert(fields: Mapping[str, Any]) -> JobRef | None:
    """Insert the job; None if an active one holds its dedupe key."""
    note = Note("info", "created", "The job was asked for.")
    try:
        with transaction.atomic():
            job_id = Job.objects.create(**fields).pk
            state = leases.update_job(job_id, Q(), note)
    except IntegrityError as exc:
        if leases.is_breach(exc, ONE_ACTIVE_PER_KEY, "dedupe_key"):
            return None
        raise
    return _ref(job_id, state, created=True)


def cancel_job(job_id: int, *, by: int | None = None) -> JobRef:
    """Cancel the job: at once if it waits, at its next checkpoint if it runs.

    Its status after is "cancelled", or "running" while the worker is asked to stop.
    Asking twice is no error. Raises JobNotFound, JobAlreadyEnded.
    """
    cancelled = leases.update_job(
        job_id,
        Q(status=Status.QUEUED),
        Note("info", "cancelled", "The job was cancelled before it began.", {"by": by}),
        status=Status.CANCELLED,
        cancel_requested_at=Now(),
        finished_at=Now(),
    )
    if cancelled is not None:
        return _ref(job_id, cancelled)
    asked = leases.update_job(
        job_id,
        Q(status=Status.RUNNING, cancel_requested_at=None),
        Note("info", "cancel_asked", "The job was asked to stop.", {"by": by}),
        cancel_requested_at=Now(),
    )
    ref = _ref(job_id)
    if ref.status == Status.QUEUED:  # its worker gave it back between the two
        return cancel_job(job_id, by=by)
    # A worker may have been so fast that it is cancelled by now.
    stops = ref.status == Status.RUNNING or (
        asked is not None and ref.status == Status.CANCELLED
    )
    if not stops:
        ended = f"Job {job_id} has ended already ({ref.status})"
        msg = f"{ended}: there is nothing to cancel."
        raise JobAlreadyEnded(msg)
    return ref


def _ref(
    job_id: int, state: JobState | None = None, *, created: bool = False
) -> JobRef:
    """Return how the job stands, read anew if it is not known; raises JobNotFound."""
    if state is None:
        columns = ("status", "created_at", "updated_at")
        row = Job.objects.filter(pk=job_id).values_list(*columns).first()
        if row is None:
            raise JobNotFound(job_id)
        state = JobState(*row)
    return JobRef(job_id, created, state.status, state.created_at, state.updated_at)


def retry_job(
    job_id: int, *, by: int | None = None, viewer: Viewer | None = None
) -> JobRef:
    """Ask for the same work again, from where it stopped; the old job stays as it is.

    Returns the new job, or the active one that holds the same dedupe key. Raises
    JobNotFound, JobStillActive, UnknownKind if the kind is no more, and NotAllowed if
    `viewer` may not ask for that kind.
    """
    status = _ref(job_id).status
    if status in ACTIVE:
        msg = f"Job {job_id} is {status}: there is nothing to retry."
        raise JobStillActive(msg)
    old = Job.objects.get(pk=job_id)
    unfinished = status != Status.SUCCEEDED
    handler = registry.get(old.kind)
    registry.check_right(old.kind, viewer)
    return _insert_or_active(
        kind=old.kind,
        title=old.title,
        params=old.params,
        dedupe_key=old.dedupe_key,
        exclusive_key=old.exclusive_key,
        lane=handler.lane,
        priority=old.priority,
        trigger=Trigger.RETRY,
        requested_by_id=by,
        max_attempts=handler.max_attempts,
        retry_of_id=job_id,
        checkpoint=old.checkpoint if unfinished else None,
        phases=old.phases if unfinished else [],
    )


def pause_lane(lane: str, *, by: int | None = None) -> bool:
    """Start no more jobs of this lane; what runs goes on. False if it was paused.

    Raises UnknownLane.
    """
    _, created = PausedLane.objects.get_or_create(
        lane=_known(lane), defaults={"by_id": by}
    )
    return created


def resume_lane(lane: str) -> bool:
    """Start jobs of this lane again; False if it was not paused. Raises UnknownLane."""
    gone, _ = PausedLane.objects.filter(lane=_known(lane)).delete()
    transaction.on_commit(wake_waiting, robust=True)
    return bool(gone)


def _known(lane: str) -> str:
    if lane not in set(Lane):
        msg = f"There is no lane {lane!r}. There are {', '.join(Lane)}."
        raise UnknownLane(msg)
    return lane


def run_inline(job_id: int) -> None:
    """Run exactly this job in this process, now; its end is in its row.

    Raises JobNotFound, or JobNotClaimed if it runs elsewhere, waits or has ended.
    """
    recovery.reap()  # there may be no worker that would
    _ref(job_id)  # it has to be there
    runner.run_here(job_id)


def sweep() -> int:
    """Wake workers for jobs whose message is lost or whose time has come.

    At most as many as there are free processes. Returns how many.
    """
    lost = timedelta(seconds=settings.JOB_SWEEP_S)
    unsent = Q(message_sent_at=None)
    return wakeups.wake(
        longer_ago("message_sent_at", lost)
        | Q(unsent, longer_ago("created_at", lost))
        | Q(unsent, fence__gt=0)  # it ran before: its time for another attempt has come
    )


def wake_waiting() -> int:
    """Wake workers for all that waits, as after a worker's start; returns how many."""
    return wakeups.wake()
