"""A q2 cluster as its supervisor holds it: started whole, watched, killed whole.

It is forked, not started anew: what is imported by then is in memory once.
"""

import ctypes
import gc
import mmap
import multiprocessing
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import cast

import psutil
from django.db import connections

from jobs.enums import Lane
from jobs.queue import q2
from jobs.queue.runner import WORKER_ID, WORKER_LANES
from jobs.worker.processes import FROZEN_S, SIGNALS, die_with_parent

START_S = 60.0  # a cluster that is not whole by then is replaced
DEATH_S = 3.0
SETTLE_S = 0.2  # in which those that were killed together are gone
SENTINELS_OWN = 2  # monitor and pusher, beside the workers
LONG_NICE = 10
AUTOGROUP = Path("/proc/self/autogroup")
_DEAD, _STOPPED = psutil.STATUS_ZOMBIE, psutil.STATUS_STOPPED


class Roll:
    """The processes that q2's sentinel made, and those it missed before it ended.

    In memory that the processes share and the supervisor keeps: it can be read when all
    of them are dead.
    """

    def __init__(self, size: int) -> None:
        numbers = ctypes.c_int * size
        self.size = size
        self._made = numbers.from_buffer(mmap.mmap(-1, ctypes.sizeof(numbers)))
        self._missed = numbers.from_buffer(mmap.mmap(-1, ctypes.sizeof(numbers)))

    def enter(self, number: int) -> None:
        """Note this process as the sentinel's first, second ... child."""
        self._made[number - 1] = os.getpid()

    @property
    def entered(self) -> set[int]:
        return {pid for pid in self._made if pid}

    def note_missed(self) -> None:
        """Write down who is dead."""
        for place, pid in enumerate(sorted(self.entered)):
            if not psutil.pid_exists(pid) or _is_dead(psutil.Process(pid)):
                self._missed[place] = pid

    @property
    def missed(self) -> set[int]:
        return {pid for pid in self._missed if pid}


def _be_cluster(
    parent: int, worker_id: str, lanes: tuple[str, ...], processes: int, roll: Roll
) -> None:
    """Be the q2 cluster of a supervisor: no process of it outlives its parent."""
    die_with_parent(parent)
    os.setsid()
    for number in SIGNALS:  # the supervisor's own answers to them are not ours
        signal.signal(number, signal.SIG_DFL)
    names = "+".join(lanes)
    os.environ |= {WORKER_ID: worker_id, WORKER_LANES: names}
    forks = _Forks(roll)
    os.register_at_fork(before=forks.before, after_in_child=forks.in_child)
    if names == Lane.LONG:
        _leave_room()
    q2.run_cluster(names, processes)


def _leave_room() -> None:
    """Let pages and short jobs have a processor first, where there are too few."""
    os.nice(LONG_NICE)
    with suppress(OSError):  # Linux shares between sessions, where it is told so
        AUTOGROUP.write_text(str(LONG_NICE))


class _Forks:
    """What every fork of a cluster does, from the main process down."""

    def __init__(self, roll: Roll) -> None:
        self.roll = roll
        self.parent = os.getpid()
        self.depth = 0  # 0 main, 1 sentinel, 2 those that work
        self.count = 0

    def before(self) -> None:
        """End all if q2 replaces a process: it may have died with a lock in its hand.

        The supervisor may not have seen it yet, nor look for a while: it is written
        down whose job is to blame.
        """
        self.parent = os.getpid()
        self.count += 1
        if self.depth == 1 and self.count > self.roll.size:
            self.roll.note_missed()
            os.killpg(0, signal.SIGKILL)

    def in_child(self) -> None:
        die_with_parent(self.parent)
        if self.depth == 1:
            self.roll.enter(self.count)
        self.depth += 1
        self.count = 0


def _state(process: psutil.Process) -> str:
    """Return its state as the system tells it: dead, reaped or not, is one."""
    try:
        return str(process.status())
    except psutil.NoSuchProcess:
        return _DEAD


def _is_dead(process: psutil.Process) -> bool:
    return _state(process) == _DEAD


class Cluster:
    """A q2 cluster in a session of its own, and the processes seen of it."""

    def __init__(self, worker_id: str, lanes: tuple[str, ...], processes: int) -> None:
        self.roll = Roll(processes + SENTINELS_OWN)
        connections.close_all()  # the fork must not share a connection
        # What is there by now stays: to look through it would copy its memory.
        gc.collect()
        gc.freeze()
        # Forked by a process that has one thread.
        self.main = multiprocessing.get_context("fork").Process(
            target=_be_cluster,
            args=(os.getpid(), worker_id, lanes, processes, self.roll),
        )
        self.main.start()
        self.pid = cast("int", self.main.pid)  # it was started
        self.main_seen = psutil.Process(self.pid)
        self.started_at = time.monotonic()
        self.size = 1 + self.roll.size
        self.seen: set[psutil.Process] = set()
        self.is_whole = False
        self.stopped_at: dict[int, float] = {}  # since when, by pid

    def trouble(self) -> str:
        """Return what is wrong with it, "" if nothing is."""
        code = self.main.exitcode
        if code is not None:
            return f"it ended with exit code {code}"
        if not self.is_whole:
            # Only while it starts: later children are those of the jobs.
            self.seen.update(self._descendants())
            self.is_whole = len(self.seen) >= self.size
        states = {each.pid: _state(each) for each in (self.main_seen, *self.seen)}
        if _DEAD in states.values():
            return "one of its processes died"
        self._note_stopped(states)
        if self.frozen():
            named = ", ".join(map(str, sorted(self.frozen())))
            return f"process {named} was frozen for {FROZEN_S:.0f} s"
        if not self.is_whole and time.monotonic() - self.started_at > START_S:
            return f"it did not start within {START_S:.0f} s"
        return ""

    def _note_stopped(self, states: dict[int, str]) -> None:
        now = time.monotonic()
        stopped = [pid for pid, state in states.items() if state == _STOPPED]
        self.stopped_at = {pid: self.stopped_at.get(pid, now) for pid in stopped}

    def frozen(self) -> set[int]:
        """Return which of its processes were stopped at every look for too long."""
        before = time.monotonic() - FROZEN_S
        return {pid for pid, since in self.stopped_at.items() if since <= before}

    def blamed(self) -> set[int] | None:
        """Return which of its processes are at fault; None if that cannot be told.

        Where all were killed at once, one that waits for a disk is the last to go: it
        was not spared.
        """
        if self.frozen():
            return self.frozen()
        time.sleep(SETTLE_S)
        if self.roll.missed:
            return self.roll.missed
        if self.main.exitcode is not None:
            return None
        dead = {process.pid for process in self.seen if _is_dead(process)}
        return dead if dead and len(dead) < len(self.seen) else None

    def has(self, pid: int) -> bool:
        """Return whether this process is one of its, and lives."""
        return any(each.pid == pid and not _is_dead(each) for each in self.seen)

    def _descendants(self) -> list[psutil.Process]:
        try:
            return self.main_seen.children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> None:
        """Kill all of it; returns when nothing of it runs, or waits for a dead disk."""
        self.seen.update(self._descendants())
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.main.kill()
        for process in self.seen:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.main.join(DEATH_S)
        deadline = time.monotonic() + DEATH_S
        while not all(map(_is_dead, self.seen)) and time.monotonic() < deadline:
            time.sleep(0.02)
