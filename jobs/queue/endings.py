"""How an attempt ends: by its worker, or for one that died.

Whatever queues a job again passes `_end`, which looks at the cancel under the lock that
it writes with. An attempt that brought the job past its furthest place leaves the next
ones uncounted; those that did not are counted, and wait longer each time.
"""

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from jobs.enums import JSON, Status, storable
from jobs.models import CODE_LENGTH, Job
from jobs.moments import LONGEST_WAIT_S, SPREAD
from jobs.queue.leases import JobClaim, Note, going_first, update_job

FIRST_WAIT_S = 15
FIRST_AWAY_S, LONGEST_AWAY_S = 1, 300
MOST_CUT_SHORT = 100  # attempts that got on and did not end well
MOST_OUTAGES = 1_000  # that are counted


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with an attempt.

    `retriable`: the same may go well later. `blameless`: it says nothing of the job, so
    no attempt is used up.
    """

    code: str
    sentence: str
    retriable: bool
    data: Mapping[str, JSON] = field(default_factory=dict)
    blameless: bool = False


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a job stands while its row is locked."""

    attempt: int
    max_attempts: int
    got_on: bool  # in this attempt
    cut_short: int
    outages: int
    cancel_requested_at: Any
    pid: int | None


Ending = tuple[Note, dict[str, Any]]
_COLUMNS = tuple(each.name for each in fields(_Standing))
_FREE = {"lease_token": "", "lease_until": None, "heartbeat_at": None, "pid": None}


def _end(
    job_id: int, where: Q, judge: Callable[[_Standing], Ending], **written: Any
) -> str:
    """End the attempt as `judge` says; returns the job's status, "" if it is another's.

    A job whose cancelling was asked for is not queued again but cancelled.
    """
    with transaction.atomic():
        # Locks the row, so that what is read stays true.
        if not Job.objects.filter(where, pk=job_id).update(updated_at=Now()):
            return ""
        standing = _Standing(*Job.objects.values_list(*_COLUMNS).get(pk=job_id))
        note, end = judge(standing)
        if end["status"] == Status.QUEUED and standing.cancel_requested_at is not None:
            note = Note("info", "cancelled", "The job stopped, as was asked.")
            end = _ended(Status.CANCELLED)
        update_job(job_id, where, note, **{**written, **end})
        return str(end["status"])


def _ended(status: Status) -> dict[str, Any]:
    return {**_FREE, "status": status, "finished_at": Now()}


def _queued(wait_s: float = 0.0, **changed: Any) -> dict[str, Any]:
    # The message that woke its worker is used up: the sweep sends another.
    again = {"status": Status.QUEUED, "worker_id": "", "message_sent_at": None}
    next_at = Now() + _spread(wait_s) if wait_s else None
    return {**_FREE, **again, "next_at": next_at, **changed}


def _spread(wait_s: float) -> timedelta:
    """Return about that long, so that those who wait do not all come at once."""
    return timedelta(seconds=wait_s * random.uniform(1 - SPREAD, 1 + SPREAD))  # noqa: S311


def _uncounted(standing: _Standing) -> int:
    """Return the number of attempts without this one."""
    return max(0, standing.attempt - 1)


# By the worker that holds the claim; each returns False if it is another's by now.


def succeed(held: JobClaim, result: Mapping[str, JSON], **written: Any) -> bool:
    done = {"result": dict(result), "error_code": "", "error_text": ""}
    note = Note("info", "succeeded", "The job is done.")
    end = _ended(Status.SUCCEEDED) | done
    return bool(_end(held.job_id, held.holds, lambda _: (note, end), **written))


def stop(held: JobClaim, **written: Any) -> bool:
    """End a job whose cancelling was asked for."""
    note = Note("info", "cancelled", "The job stopped, as was asked.")
    end = _ended(Status.CANCELLED)
    return bool(_end(held.job_id, held.holds, lambda _: (note, end), **written))


def requeue_job(held: JobClaim, **written: Any) -> bool:
    """Queue a job again because its worker stops; this attempt does not count."""
    note = Note("info", "drained", "The worker stops; the job goes on with another.")
    return _give_back(held, note, written)


def yield_job(held: JobClaim, **written: Any) -> bool:
    """Queue a job again behind one that goes first; this attempt does not count."""
    first = going_first(held).values_list("pk", "title").first()
    named = "another job" if first is None else f"job {first[0]} ({first[1]})"
    note = Note("info", "yielded", f"The job lets {named} go first, and goes on after.")
    return _give_back(held, note, written)


def _give_back(held: JobClaim, note: Note, written: Mapping[str, Any]) -> bool:
    def judge(standing: _Standing) -> Ending:
        return note, _queued(attempt=_uncounted(standing))

    return bool(_end(held.job_id, held.holds, judge, **written))


def fail(held: JobClaim, failure: Failure, **written: Any) -> bool:
    """End the job as failed, or queue it for a later attempt if one is left."""

    def judge(standing: _Standing) -> Ending:
        note = Note("error", failure.code, failure.sentence, failure.data)
        told = {
            "error_code": failure.code[:CODE_LENGTH],
            "error_text": storable(failure.sentence),
        }
        if failure.blameless:
            return note, told | _after_outage(standing)
        if not failure.retriable:
            return note, told | _ended(Status.FAILED)
        return note, told | _after_setback(standing, FIRST_WAIT_S)

    return bool(_end(held.job_id, held.holds, judge, **written))


# For a worker that died


def end_by_death(job_id: int, where: Q, *, blame: Collection[int] | None) -> str:
    """Take a job back from a dead worker; returns its status, "" if it is another's.

    The attempt counts if its process is in `blame`, or if that is None.
    """

    def judge(standing: _Standing) -> Ending:
        if blame is not None and standing.pid not in blame:
            text = "Its worker stopped, not because of this job, which goes on later."
            back = _queued(attempt=_uncounted(standing))
            return Note("info", "drained", text), back
        end = _after_setback(standing, 0)
        if end["status"] == Status.QUEUED:
            text = "The worker died; the job goes on from its checkpoint."
            return Note("warning", "worker_died", text), end
        text = _last_death(standing)
        told = {"error_code": "worker_died", "error_text": text}
        return Note("error", "worker_died", text), told | end

    return _end(job_id, where, judge)


def _last_death(standing: _Standing) -> str:
    if standing.got_on:
        return (
            f"The job got on, but was cut short {MOST_CUT_SHORT} times, now by a "
            "worker that died. Retry goes on from where it stopped."
        )
    # The attempts before may have ended otherwise: a source that did not answer.
    return (
        f"The job was tried {standing.attempt} times and came no further; the last "
        "time its worker died. Its log tells how each ended; the job can be retried."
    )


# What counts


def _after_setback(standing: _Standing, first_wait_s: float) -> dict[str, Any]:
    """Return how a job goes on that its attempt failed, or that it is over.

    Without a wait at first: one kill is no fault of the job's.
    """
    if standing.got_on:
        cut_short = standing.cut_short + 1
        if cut_short >= MOST_CUT_SHORT:
            return _ended(Status.FAILED) | {"cut_short": cut_short}
        return _queued(first_wait_s, attempt=0, cut_short=cut_short)
    if standing.attempt >= standing.max_attempts:
        return _ended(Status.FAILED)
    before = standing.attempt - 1 if first_wait_s else standing.attempt - 2
    return _queued(retry_wait_s(before) if before >= 0 else 0.0)


def _after_outage(standing: _Standing) -> dict[str, Any]:
    """Return how a job goes on that its database let down: later each time."""
    wait_s = min(FIRST_AWAY_S * 2 ** min(standing.outages, 20), LONGEST_AWAY_S)
    outages = min(standing.outages + 1, MOST_OUTAGES)
    return _queued(wait_s, attempt=_uncounted(standing), outages=outages)


def retry_wait_s(before: int) -> float:
    """Return about how long to wait after so many attempts before this: doubling."""
    return float(min(FIRST_WAIT_S * 2 ** min(before, 20), LONGEST_WAIT_S))
