"""What a handler gets: its place, its transactions, its progress, its log."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from jobs.enums import JSON, storable, storable_json
from jobs.errors import JobStopped, LeaseLost
from jobs.models import MESSAGE_LENGTH, Job
from jobs.queue import leases
from jobs.queue.leases import JobClaim, Note
from jobs.queue.rate import RateMeter

EVERY_S = 1.0  # how often progress and lines are written and orders to stop are read
LINES = 500  # of the log that wait to be written, at most


class Progress:
    """How far a job is, in memory; two threads use it, the handler's and the beat's."""

    def __init__(self, phases: tuple[tuple[str, int, int | None], ...]) -> None:
        self._lock = threading.Lock()
        self._phases = {name: (done, total) for name, done, total in phases}
        self._message = ""
        self._counts: Mapping[str, JSON] = {}
        self._pace = RateMeter()
        self._moved = False  # something was counted since the last writing
        self._changes = self._written = 0
        self._written_at = 0.0

    def set(self, phase: str, done: int, total: int | None) -> None:
        with self._lock:
            self._phases[phase] = (done, total)
            self._moved |= self._pace.see(phase, done, time.monotonic())
            self._changes += 1

    def count(self, counts: Mapping[str, JSON]) -> None:
        with self._lock:
            self._counts = counts
            self._changes += 1

    def say(self, message: str) -> None:
        with self._lock:
            self._message = storable(message)[:MESSAGE_LENGTH]
            self._changes += 1

    def latest(self) -> tuple[str, int, int | None] | None:
        """Return the phase that came last, how far it is and how far it goes."""
        with self._lock:
            for phase, (done, total) in reversed(self._phases.items()):
                return phase, done, total
        return None

    def is_due(self) -> bool:
        """Return whether there is news and the last was written a while ago."""
        news = self._changes != self._written
        return news and time.monotonic() - self._written_at >= EVERY_S

    def fields(self) -> tuple[int, dict[str, Any]]:
        """Return the job's columns, and a number to tell `written`."""
        with self._lock:
            totals = [total for _, total in self._phases.values()]
            known = [total for total in totals if total is not None]
            fields: dict[str, Any] = {
                "phases": [[name, *counts] for name, counts in self._phases.items()],
                "progress_done": sum(done for done, _ in self._phases.values()),
                "progress_total": sum(known) if len(known) == len(totals) else None,
                "message": self._message,
                "rate": self._pace.per_second(),
                "updated_at": Now(),
            }
            if self._counts:
                fields["result"] = dict(self._counts)
            if self._moved:
                fields["progressed_at"] = Now()
            return self._changes, fields

    def written(self, changes: int) -> None:
        with self._lock:
            self._written = max(self._written, changes)
            self._moved = self._moved and self._changes != changes
            self._written_at = time.monotonic()


class LogBuffer:
    """Lines that wait to be written together: a write a second, however many come."""

    def __init__(self, claim: JobClaim) -> None:
        self._claim = claim
        self._waiting: list[Note] = []
        self._fills = self._is_full = False  # the job's log; as of what was written
        self._written_at = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, note: Note) -> None:
        if not self._is_full and len(self) <= leases.MAX_EVENTS:
            self._waiting.append(note)

    def is_due(self) -> bool:
        elapsed = time.monotonic() - self._written_at >= EVERY_S
        return bool(self._waiting) and (elapsed or len(self) >= LINES)

    def write(self) -> None:
        """Write what waits, in a transaction of its own or the one around.

        `written` is to be called once that is committed.
        """
        if self._waiting:
            self._fills = not leases.append_lines(self._claim, self._waiting)

    def written(self) -> None:
        self._is_full = self._fills
        self._written_at = time.monotonic() if self._waiting else self._written_at
        self._waiting.clear()

    def undo(self, kept: int) -> None:
        """Drop what was said in a transaction that was undone: all but the first."""
        del self._waiting[kept:]


class JobContext:
    """One attempt at a job, as its handler sees it.

    Whatever a handler writes, it writes inside `atomic()`: that is what makes a
    worker which was taken for dead, and was not, write nothing.
    """

    def __init__(self, claim: JobClaim) -> None:
        self.job_id = claim.job_id
        self.attempt = claim.attempt
        self.resume_from: Mapping[str, JSON] | None = claim.checkpoint
        self.board = Progress(claim.phases)
        self.lost = threading.Event()  # set by the heartbeat
        self._claim = claim
        self._furthest = list(claim.furthest)  # as of the transaction around
        self._lines = LogBuffer(claim)
        self._inside = False
        self._order: JobStopped | None = None
        self._asked_at = 0.0
        self._asked_here_at = 0.0  # at a checkpoint, where also others may go first

    def check(self) -> None:
        """Raise JobStopped if the job has to stop; asks at most once a second.

        Inside `atomic()` it does nothing: the end of the transaction asks.
        """
        if self._inside:
            return
        if self.lost.is_set():
            raise LeaseLost(self.job_id)
        if self._lines.is_due():
            self.write_log()
        if time.monotonic() - self._asked_at >= EVERY_S:
            self._ask(may_yield=False)
            self._obey()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Open a transaction that first proves the claim; raises LeaseLost.

        Keep it short (a second at most) and free of waiting for others: it holds back
        the heartbeat. If `checkpoint` was called inside and the job has to stop,
        JobStopped is raised after the commit.
        """
        if self._inside:
            with self._place_undone(), transaction.atomic():
                yield
            return
        if self.lost.is_set():
            raise LeaseLost(self.job_id)
        changes, fields = self.board.fields() if self.board.is_due() else (0, {})
        self._inside, said = True, len(self._lines)
        with self._place_undone(), ExitStack() as on_failure:
            on_failure.callback(self._lines.undo, said)
            try:
                with transaction.atomic(durable=True):
                    leases.verify_lease(self._claim, **fields)
                    yield
                    self._lines.write()
            finally:
                self._inside = False
            on_failure.pop_all()
        self._lines.written()
        if fields:
            self.board.written(changes)
        self._obey()

    @contextmanager
    def _place_undone(self) -> Iterator[None]:
        """Forget the place that a transaction came to if that is undone."""
        with ExitStack() as on_failure:
            on_failure.callback(setattr, self, "_furthest", self._furthest)
            yield
            on_failure.pop_all()

    def checkpoint(
        self, place: Mapping[str, JSON], reached: Sequence[int] = ()
    ) -> None:
        """Save the place from which to go on, in the transaction around it.

        `reached` says how far that is: numbers that rise in the order of the work, the
        first of them counting most. To be further than ever before proves that the job
        gets on: its attempts are counted anew. Asks at most once a second whether to
        stop here.
        """
        if not self._inside:
            with self.atomic():
                self.checkpoint(place, reached)
            return
        fields: dict[str, Any] = {"checkpoint": dict(place)}
        gets_on = list(reached) > self._furthest
        if gets_on:
            self._furthest = list(reached)
            anew = {"got_on": True, "attempt": 1, "outages": 0}
            fields |= anew | {"furthest": self._furthest, "progressed_at": Now()}
        Job.objects.filter(pk=self.job_id).update(**fields)  # locked by `verify_lease`
        if time.monotonic() - self._asked_here_at >= EVERY_S:
            # Only one that has got on yields: else two that come by turns stop it.
            self._ask(may_yield=gets_on)
            self._asked_here_at = self._asked_at

    def progress(self, phase: str, done: int, total: int | None) -> None:
        """Say how far a phase is; cheap, for it is written once a second at most."""
        self.board.set(phase, done, total)

    def counted(self, counts: Mapping[str, JSON]) -> None:
        """Say what was done so far, until the result does; as cheap as `progress`."""
        self.board.count(counts)

    def message(self, text: str) -> None:
        """Say in one line what the job does now."""
        self.board.say(text)

    def log(self, level: str, code: str, message: str, **data: JSON) -> None:
        """Add a line to the job's log; level is info, warning or error.

        The first is written at once, or with the transaction around it; those that
        follow closely wait for a second, for the next call or for the job's end.
        """
        self._lines.add(Note(level, code, message, storable_json(data)))
        if not self._inside and self._lines.is_due():
            self.write_log()

    def write_log(self) -> None:
        """Write the lines that wait; raises LeaseLost."""
        self._lines.write()
        self._lines.written()

    def _ask(self, *, may_yield: bool) -> None:
        self._asked_at = time.monotonic()
        self._order = leases.stop_reason(self._claim, may_yield=may_yield)

    def _obey(self) -> None:
        if self._order is not None:
            raise self._order
