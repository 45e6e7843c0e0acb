"""Waits for a job at a terminal: shows how far it is, and cancels it on Ctrl-C."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import connection, connections

from jobs.errors import JobAlreadyEnded, JobNotClaimed
from jobs.queries import NO_WORKER, JobCard, job_card
from jobs.services import cancel_job, run_inline

USAGE, INTERRUPTED = 2, 130
STOPPING = (signal.SIGINT, signal.SIGTERM)
POLL_S, BAR_WIDTH = 0.25, 30
CANCEL_S = 15.0  # a running job stops at its next checkpoint; wait no longer for it


class Terminal(Protocol):
    """Where the bar is drawn: a command's stderr."""

    def write(self, msg: str = "", *, ending: str | None = None) -> None: ...
    def flush(self) -> None: ...
    def isatty(self) -> bool: ...


class StillRunning(Exception):
    """The time to wait is over; the job goes on."""


def wait(job_id: int, err: Terminal, *, timeout_s: float | None, here: bool) -> JobCard:
    """Return the job once it has ended; `here` runs it in this process.

    Raises StillRunning, and KeyboardInterrupt on Ctrl-C or SIGTERM.
    """
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    said = NO_WORKER if here else ""
    with _progress(job_id, err), _interruptible() as check:
        while (card := job_card(job_id)).is_active:
            check()
            if deadline is not None and time.monotonic() > deadline:
                msg = f"Job {job_id} is still {card.status}; it goes on without us."
                raise StillRunning(msg)
            if card.waits_for and card.waits_for != said:
                said = card.waits_for
                err.write(said)
            if not here or not _run(job_id):
                time.sleep(POLL_S)
    return card


def cancel_and_wait(job_id: int) -> JobCard:
    """Cancel the job and wait, for a while, until its worker has let go of it."""
    deadline = time.monotonic() + CANCEL_S
    try:
        cancel_job(job_id)
    except JobAlreadyEnded:
        return job_card(job_id)
    while (card := job_card(job_id)).is_active and time.monotonic() < deadline:
        time.sleep(POLL_S)
    return card


def _run(job_id: int) -> bool:
    try:
        run_inline(job_id)
    except JobNotClaimed:
        return False  # it waits for its time or for another job, or a worker has it
    return True


@contextmanager
def _interruptible() -> Iterator[Callable[[], None]]:
    """Make SIGTERM act as Ctrl-C; after either, queries can be sent again.

    Yields what raises if either came: Python drops an exception in what the garbage
    collector calls, and nobody would hear of it.
    """
    came = False

    def stop(*_args: object) -> None:
        nonlocal came
        came = True
        raise KeyboardInterrupt

    def check() -> None:
        if came:
            raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in STOPPING}
    try:
        yield check
    except KeyboardInterrupt:
        connection.close()  # it may have come in the middle of a query
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _progress(job_id: int, err: Terminal) -> Iterator[None]:
    """Draw a bar on a terminal, from a thread: the job may run in this one."""
    if not err.isatty():
        yield
        return
    ended = threading.Event()
    drawer = threading.Thread(target=_draw, args=(job_id, err, ended.wait), daemon=True)
    drawer.start()
    try:
        yield
    finally:
        ended.set()
        drawer.join()
        err.write("\r\033[K", ending="")
        err.flush()


def _draw(job_id: int, err: Terminal, ended: Callable[[float], bool]) -> None:
    try:
        while not ended(POLL_S):
            err.write(f"\r\033[K{bar(job_card(job_id))}", ending="")
            err.flush()
    finally:
        connections.close_all()


def bar(card: JobCard) -> str:
    """Return one line that says how far the job is."""
    phase = next((p for p in reversed(card.phases) if p.done or p.total), None)
    if card.status != "running" or phase is None:
        return f"{card.status} {card.message}".strip()
    if not phase.total:
        return f"{phase.name} {phase.done:,}"
    share = min(1.0, phase.done / phase.total)
    filled = round(share * BAR_WIDTH)
    drawn = "#" * filled + "." * (BAR_WIDTH - filled)
    return f"{phase.name:<10} [{drawn}] {phase.done:,} of {phase.total:,}"
