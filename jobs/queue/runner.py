"""Runs one job: claims it, keeps its lease, calls its handler, records its end."""

import json
import logging
import os
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import (
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
    connections,
)

from jobs import enums
from jobs.errors import (
    JobCancelled,
    JobDrained,
    JobFailed,
    JobNotClaimed,
    JobStopped,
    JobYielded,
    LeaseLost,
)
from jobs.queue import leases, registry, wakeups
from jobs.queue.context import EVERY_S, JobContext
from jobs.queue.leases import Failure, JobClaim

logger = logging.getLogger(__name__)
# In the environment of a supervisor's cluster.
WORKER_ID, WORKER_LANES = "STEWARD_WORKER_ID", "STEWARD_WORKER_LANES"
RecordEnd = Callable[..., bool]
# A database that is away, locked, full or read only. It says nothing of the job.
AWAY = (InterfaceError, InternalError, OperationalError)
AFTER_AWAY_S = 1.0
TURN_S = 60.0  # after which q2 has its process back, however much waits
STOPS: dict[type[JobStopped], RecordEnd] = {
    JobCancelled: leases.stop,
    JobDrained: leases.requeue_job,
    JobYielded: leases.yield_job,
}


def run(job_id: int) -> None:
    """Run the best due job, then the next, until none is due; what q2 calls.

    The id is a hint: messages come in any order, and more than once. While the database
    is away the wake-up is kept, until the sweep would send it again.
    """
    logger.debug("Woken for job %d.", job_id)
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
        except (DatabaseError, InterfaceError) as exc:
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
        if record is not None:
            _record(claim, ctx, record)
    except KeyboardInterrupt:
        _record(claim, ctx, leases.stop)
        raise
    finally:
        heartbeat.stop()
    return record is not leases.requeue_job


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
    except Exception as exc:
        logger.exception("Job %d crashed.", claim.job_id)
        return partial(_fail, failure=_unforeseen(exc))
    return partial(_succeed, returned=result)


def _refuse_unstorable(result: Any) -> None:
    """Raise ValueError or TypeError for what a JSON column does not take."""
    if "\\u0000" in json.dumps(result, allow_nan=False):
        msg = "The result holds a NUL character."
        raise ValueError(msg)


def _unforeseen(exc: Exception) -> Failure:
    if isinstance(exc, AWAY):
        text = enums.storable(f"The database did not do its part: {exc}")
        # When this can be written, the database does its part again.
        return Failure("database_away", text, retriable=True, wait_s=AFTER_AWAY_S)
    text = f"The job crashed: {type(exc).__name__}: {exc}"
    trace = enums.storable("".join(traceback.format_exception(exc)))
    return Failure("crash", text, retriable=True, data={"traceback": trace})


def _fail(claim: JobClaim, *, failure: Failure, **fields: Any) -> bool:
    return leases.fail(claim, failure, **fields)


def _succeed(claim: JobClaim, *, returned: registry.Params, **fields: Any) -> bool:
    counted = fields.pop("result", {})  # on the way
    return leases.succeed(claim, returned or counted, **fields)


def _record(claim: JobClaim, ctx: JobContext, record: RecordEnd) -> None:
    """Write the end of the claim; while the database is away, until the lease is out.

    What could not be written then is left to the reaper.
    """
    deadline = time.monotonic() + settings.JOB_LEASE_S
    _, fields = ctx.board.fields()
    while True:
        try:
            if not record(claim, **fields):
                logger.warning("Job %d was taken from this worker.", claim.job_id)
        except AWAY as exc:
            logger.warning("The end of job %d is not written: %s", claim.job_id, exc)
            connection.close()
            if time.monotonic() > deadline:
                return
            time.sleep(EVERY_S)
        else:
            return


def _wake_the_next() -> None:
    try:
        wakeups.wake_next()
    except (DatabaseError, InterfaceError) as exc:
        logger.warning("The next job is not looked for: %s", exc)  # the sweep is


class _Heartbeat(threading.Thread):
    """Renews the lease and writes progress, with a connection of its own."""

    def __init__(self, claim: JobClaim, ctx: JobContext) -> None:
        super().__init__(name=f"heartbeat of job {claim.job_id}", daemon=True)
        self._claim = claim
        self._ctx = ctx
        self._done = threading.Event()
        self._renewed_at = time.monotonic()

    def stop(self) -> None:
        self._done.set()
        if self.ident is not None:  # it was started
            self.join()

    def run(self) -> None:
        lease_s = settings.JOB_LEASE_S
        try:
            while not self._done.wait(min(EVERY_S, lease_s / 6)):
                idle_s = time.monotonic() - self._renewed_at
                if idle_s >= lease_s / 3 or self._ctx.board.is_due():
                    self._beat()
        finally:
            connections.close_all()

    def _beat(self) -> None:
        changes, fields = self._ctx.board.fields()
        began = time.monotonic()
        try:
            if leases.renew(self._claim, **fields):
                self._renewed_at = began
                self._ctx.board.written(changes)
            else:
                self._ctx.lost.set()
        except (DatabaseError, InterfaceError) as exc:
            logger.warning("No heartbeat for job %d: %s", self._claim.job_id, exc)
            connection.close()
            # Stop before the lease is out: another worker may start then.
            if time.monotonic() - self._renewed_at > settings.JOB_LEASE_S * 0.75:
                self._ctx.lost.set()
