"""A q2 cluster as its supervisor holds it: started whole, watched, killed whole."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
from django.conf import settings

from jobs.enums import Lane
from jobs.queue import q2
from jobs.queue.runner import WORKER_ID, WORKER_LANES
from jobs.worker.processes import die_with_parent

START_S = 60.0  # a cluster that is not whole by then is replaced
DEATH_S = 3.0
SETTLE_S = 0.2  # in which those that were killed together are gone
LOOK_S = 3.0  # within which the supervisor sees which process died
SENTINELS_OWN = 2  # monitor and pusher, beside the workers
NAME = "Q_CLUSTER_NAME"
LONG_NICE = 10
AUTOGROUP = Path("/proc/self/autogroup")


def run_child_cluster() -> None:
    """Be the q2 cluster of a supervisor: no process of it outlives its parent."""
    processes = {"+".join(lanes): number for lanes, number in settings.LANES}
    forks = _Forks(processes[os.environ[NAME]])
    os.register_at_fork(before=forks.before, after_in_child=forks.in_child)
    if os.environ[NAME] == Lane.LONG:
        _leave_room()
    q2.run_cluster()


def _leave_room() -> None:
    """Let pages and short jobs have a processor first, where there are too few."""
    os.nice(LONG_NICE)
    with suppress(OSError):  # Linux shares between sessions, where it is told so
        AUTOGROUP.write_text(str(LONG_NICE))


class _Forks:
    """What every fork of a cluster does, from the main process down."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self.parent = os.getpid()
        self.depth = 0  # 0 main, 1 sentinel, 2 those that work
        self.count = 0

    def before(self) -> None:
        """End all if q2 replaces a process: it may have died with a lock in its hand.

        The supervisor looks first, which tells it whose job is to blame; but it would
        miss a death that comes before it has seen the process.
        """
        self.parent = os.getpid()
        self.count += 1
        if self.depth == 1 and self.count > self.processes + SENTINELS_OWN:
            time.sleep(LOOK_S)
            os.killpg(0, signal.SIGKILL)

    def in_child(self) -> None:
        die_with_parent(self.parent)
        self.depth += 1
        self.count = 0


def _is_dead(process: psutil.Process) -> bool:
    """Return whether it has ended, reaped or not."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


class Cluster:
    """A q2 cluster in a session of its own, and the processes seen of it."""

    def __init__(self, worker_id: str, lanes: tuple[str, ...], processes: int) -> None:
        manage = settings.BASE_DIR / "manage.py"
        names = "+".join(lanes)
        own = {WORKER_ID: worker_id, WORKER_LANES: names, NAME: names}
        # The hook is safe here, for this process has one thread. Our connections do
        # not reach the new program: they are closed as it starts.
        self.main = subprocess.Popen(  # noqa: S603 - argv is ours
            [sys.executable, str(manage), "worker", "--cluster"],
            env={**os.environ, "STEWARD_ROLE": "worker", **own},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509
        )
        self.started_at = time.monotonic()
        self.size = 1 + processes + SENTINELS_OWN
        self.seen: set[psutil.Process] = set()
        self.is_whole = False

    def trouble(self) -> str:
        """Return what is wrong with it, "" if nothing is."""
        code = self.main.poll()
        if code is not None:
            return f"it ended with exit code {code}"
        if not self.is_whole:
            # Only while it starts: later children are those of the jobs.
            self.seen.update(self._descendants())
            self.is_whole = len(self.seen) >= self.size
        if any(_is_dead(process) for process in self.seen):
            return "one of its processes died"
        if not self.is_whole and time.monotonic() - self.started_at > START_S:
            return f"it did not start within {START_S:.0f} s"
        return ""

    def dead(self) -> set[int] | None:
        """Return which of its processes have died; None if that cannot be told.

        Where all were killed at once, one that waits for a disk is the last to go: it
        was not spared.
        """
        time.sleep(SETTLE_S)
        if self.main.poll() is not None:
            return None
        dead = {process.pid for process in self.seen if _is_dead(process)}
        return dead if dead and len(dead) < len(self.seen) else None

    def _descendants(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.main.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> None:
        """Kill all of it; returns when nothing of it runs any more."""
        self.seen.update(self._descendants())
        with suppress(ProcessLookupError):
            os.killpg(self.main.pid, signal.SIGKILL)
        for process in self.seen:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.main.wait()
        deadline = time.monotonic() + DEATH_S
        while not all(map(_is_dead, self.seen)) and time.monotonic() < deadline:
            time.sleep(0.02)
