"""Runs one job: claims it, keeps its lease, calls its handler, records its end."""

import json
import logging
import os
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, connections

from jobs import enums, outages
from jobs.errors import (
    JobCancelled,
    JobDrained,
    JobFailed,
    JobNotClaimed,
    JobStopped,
    JobYielded,
    LeaseLost,
)
from jobs.queue import endings, leases, registry, wakeups
from jobs.queue.context import EVERY_S, JobContext
from jobs.queue.endings import Failure
from jobs.queue.leases import JobClaim

logger = logging.getLogger(__name__)
# In the environment of a supervisor's cluster.
WORKER_ID, WORKER_LANES = "STEWARD_WORKER_ID", "STEWARD_WORKER_LANES"
RecordEnd = Callable[..., bool]
AWAY = "database_away"
CUT_OFF = Failure(
    AWAY,
    "The database did not answer for so long that the job had to stop.",
    retriable=True,
    blameless=True,
)
UNWRITABLE = Failure(
    "crash",
    "The job came to an end that cannot be written; the worker's log tells more.",
    retriable=True,
)
TURN_S = 60.0  # after which q2 has its process back, however much waits
STOPS: dict[type[JobStopped], RecordEnd] = {
    JobCancelled: endings.stop,
    JobDrained: endings.requeue_job,
    JobYielded: endings.yield_job,
}


def run(job_id: int) -> None:
    """Run the best due job, then the next, until none is due; what q2 calls.

    The id is a hint: messages come in any order, and more than once. While the database
    is away the wake-up is kept, until the sweep would send it again. Nothing is raised:
    q2 would keep it, and can do nothing about it.
    """
    logger.debug("Woken for job %d.", job_id)
    try:
        _run_what_is_due()
    except Exception:
        logger.exception("A wake-up failed; the sweep sends another.")


def _run_what_is_due() -> None:
    until = time.monotonic() + TURN_S
    while (claim := _claim()) is not None:
        if not _work(claim):
            return  # a worker that stops must not be woken
        is_over = time.monotonic() > until
        if is_over or claim.exclusive_key is not None:  # whose waiters may be elsewhere
            _wake_the_next()
        if is_over:
            return


def _claim() -> JobClaim | None:
    deadline = time.monotonic() + settings.JOB_SWEEP_S
    while True:
        try:
            return leases.claim_job(
                registry.kinds(),
                worker_id=os.environ.get(WORKER_ID, ""),
                lanes=os.environ.get(WORKER_LANES, "+".join(enums.Lane)).split("+"),
            )
        except outages.DATABASE_ERRORS as exc:
            logger.warning("No job could be claimed: %s", exc)
            connection.close()
            if time.monotonic() > deadline:
                return None
            time.sleep(EVERY_S)


def run_here(job_id: int) -> None:
    """Claim exactly this job and run it in this process; raises JobNotClaimed.

    Ctrl-C cancels the job and goes on to the caller.
    """
    claim = leases.claim_job(registry.kinds(), worker_id="", only=job_id)
    if claim is None:
        msg = (
            f"Job {job_id} cannot run here now: it runs elsewhere, waits or has ended."
        )
        raise JobNotClaimed(msg)
    if _work(claim):
        _wake_the_next()


def _work(claim: JobClaim) -> bool:
    """Run the job; returns whether this worker may go on with others."""
    ctx = JobContext(claim)
    heartbeat = _Heartbeat(claim, ctx)
    try:
        heartbeat.start()
        record = _call(claim, ctx)
        if record is None and heartbeat.was_cut_off:
            record = partial(_fail, failure=CUT_OFF)
        if record is not None:
            _record(claim, ctx, record)
    except KeyboardInterrupt:
        _record(claim, ctx, endings.stop)
        raise
    finally:
        heartbeat.stop()
    return record is not endings.requeue_job


def _call(claim: JobClaim, ctx: JobContext) -> RecordEnd | None:
    """Call the handler; returns how to record what came of it."""
    try:
        handler = registry.get(claim.kind)
        result = handler.run(ctx, claim.params) or {}
        _refuse_unstorable(result)
    except (JobCancelled, JobDrained, JobYielded) as exc:
        return STOPS[type(exc)]
    except LeaseLost:
        logger.warning("Job %d was taken from this worker.", claim.job_id)
        return None
    except JobFailed as exc:
        return partial(_fail, failure=Failure(exc.code, str(exc), exc.retriable))
    except (Exception, SystemExit) as exc:
        logger.exception("Job %d crashed.", claim.job_id)
        return partial(_fail, failure=_unforeseen(exc))
    return partial(_succeed, returned=result)


def _refuse_unstorable(result: Any) -> None:
    """Raise ValueError or TypeError for what a JSON column does not take."""
    if not isinstance(result, Mapping):
        msg = f"The result is a {type(result).__name__}; wanted are values with names."
        raise TypeError(msg)
    if enums.storable_json(result) != json.loads(json.dumps(result)):
        msg = "The result holds a NUL character, or half of a pair of surrogates."
        raise ValueError(msg)


def _unforeseen(exc: BaseException) -> Failure:
    # By `traceback`, which also tells of an exception whose own text cannot be had.
    told = "".join(traceback.format_exception_only(exc)).strip()
    if outages.is_deadlock(exc):
        text = f"The database preferred another who wrote at the same time: {told}"
        return Failure("deadlock", text, retriable=True, blameless=True)
    if outages.is_away(exc):
        text = f"The database did not do its part: {told}"
        return Failure(AWAY, text, retriable=True, blameless=True)
    trace = {"traceback": "".join(traceback.format_exception(exc))}
    return Failure("crash", f"The job crashed: {told}", retriable=True, data=trace)


def _fail(claim: JobClaim, *, failure: Failure, **written: Any) -> bool:
    return endings.fail(claim, failure, **written)


def _succeed(claim: JobClaim, *, returned: registry.Params, **written: Any) -> bool:
    counted = written.pop("result", {})  # on the way
    return endings.succeed(claim, returned or counted, **written)


def _record(claim: JobClaim, ctx: JobContext, record: RecordEnd) -> None:
    """Write the end of the claim, and before it what the log still waits for.

    What cannot be written as log or progress is left out; an end that cannot be written
    itself is a crash.
    """
    _try_to_write(claim, ctx.write_log)
    for end in (
        lambda: record(claim, **ctx.board.fields()[1]),
        lambda: record(claim),
        lambda: _fail(claim, failure=UNWRITABLE),
    ):
        if _try_to_write(claim, end):
            return


def _try_to_write(claim: JobClaim, write: Callable[[], bool | None]) -> bool:
    """Write a part of the claim's end; returns whether that is done.

    While the database is away it waits, however long: nothing else could be done, and
    the reaper leaves it time to come first.
    """
    while True:
        try:
            if write() is False:
                logger.warning("Job %d was taken from this worker.", claim.job_id)
        except LeaseLost:
            return True  # the end finds out as well
        except Exception as exc:
            if not outages.passes(exc):
                logger.exception("The end of job %d is not written so.", claim.job_id)
                return False
            logger.warning("The end of job %d is not written: %s", claim.job_id, exc)
            connection.close()
            time.sleep(EVERY_S)
        else:
            return True


def _wake_the_next() -> None:
    try:
        wakeups.wake_next()
    except outages.DATABASE_ERRORS as exc:
        logger.warning("The next job is not looked for: %s", exc)  # the sweep is


class _Heartbeat(threading.Thread):
    """Renews the lease and writes progress, with a connection of its own."""

    def __init__(self, claim: JobClaim, ctx: JobContext) -> None:
        super().__init__(name=f"heartbeat of job {claim.job_id}", daemon=True)
        self.was_cut_off = False  # from the database, for most of a lease
        self._claim = claim
        self._ctx = ctx
        self._done = threading.Event()
        self._renewed_at = time.monotonic()

    def stop(self) -> None:
        self._done.set()
        if self.ident is not None:  # it was started
            self.join()

    def run(self) -> None:
        try:
            while not self._done.wait(min(EVERY_S, settings.JOB_LEASE_S / 6)):
                try:
                    self._beat()
                except Exception as exc:  # noqa: BLE001 - without it the job is lost
                    self._note_trouble(exc)
        finally:
            connections.close_all()

    def _beat(self) -> None:
        """Renew the lease if it is time, alone; then write progress if there is news.

        Progress that cannot be written is not tried again before there is other.
        """
        began, board = time.monotonic(), self._ctx.board
        if began - self._renewed_at >= settings.JOB_LEASE_S / 3:
            if not leases.renew(self._claim):
                self._ctx.lost.set()
                return
            self._renewed_at = began
        if board.is_due():
            changes, written = board.fields()
            board.written(changes)
            leases.tell_progress(self._claim, **written)

    def _note_trouble(self, exc: Exception) -> None:
        logger.warning("No heartbeat for job %d: %s", self._claim.job_id, exc)
        with suppress(*outages.DATABASE_ERRORS):
            connection.close()
        # Stop before the lease is out: another worker may start then.
        if time.monotonic() - self._renewed_at > settings.JOB_LEASE_S * 0.75:
            self.was_cut_off = True
            self._ctx.lost.set()
