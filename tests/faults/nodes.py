"""The programs of a run and their processes: who is who, who is whole, who strays."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil

from jobs.worker.processes import die_with_parent, listens
from tests.faults.environment import MARK
from tests.workers import is_alive

ROOT = Path(__file__).resolve().parents[2]
STOP_S = 20.0
GONE = (psutil.NoSuchProcess, psutil.AccessDenied)
ProcessesByKind = dict[str, list[psutil.Process]]


class Node:
    """One program that is kept running, as a service manager would."""

    def __init__(
        self, name: str, words: list[str], env: Mapping[str, str], log: Path
    ) -> None:
        self.name = name
        self.words = words
        self.env = dict(env)
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.whole: dict[str, int] = {}  # how many of each kind it has when it is whole

    @property
    def clock(self) -> Path:
        return self.log.with_suffix(".clock")

    def set_clock(self, seconds: float) -> None:
        """Shift what the node's processes take for the time; 0: it is right."""
        new = self.clock.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.clock)

    def start(self) -> None:
        """Start it; to be called in the main thread, with whose end it ends."""
        self.set_clock(0)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "default", "manage.py", *self.words],
                cwd=ROOT,
                env={**self.env, "FAULTS_CLOCK": str(self.clock)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509
            )

    def keep(self) -> None:
        """Start it again if it has ended."""
        if self.process is None or self.process.poll() is not None:
            self.start()

    def stop(self) -> None:
        """Ask it to end; kill it if it does not."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        finally:
            self.process.kill()
            self.process.wait()

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kin(self) -> ProcessesByKind:
        """Return its living processes by kind."""
        found: ProcessesByKind = {}
        root = None
        if self.process is not None and self.process.poll() is None:
            with suppress(*GONE):
                root = psutil.Process(self.process.pid)
        if root is not None:
            with suppress(*GONE):
                for kind, process in _kinds(root):
                    found.setdefault(kind, []).append(process)
        return found

    def at_work(self) -> dict[str, int]:
        """Return how many of each kind live and are not frozen."""
        return {
            kind: sum(not _is_stopped(process) for process in members)
            for kind, members in self.kin().items()
        }

    def is_whole(self) -> bool:
        counts = self.at_work()
        return bool(counts) and counts == self.whole

    def is_frozen(self) -> bool:
        """Return whether the program itself is: nothing of ours is above it."""
        with suppress(*GONE):
            return self.process is not None and _is_stopped(
                psutil.Process(self.process.pid)
            )
        return False

    def kill(self) -> None:
        """Kill all of it, as who presses a machine's button."""
        for process in [process for kin in self.kin().values() for process in kin]:
            with suppress(*GONE):
                process.kill()


def _is_stopped(process: psutil.Process) -> bool:
    with suppress(*GONE):
        return bool(process.status() == psutil.STATUS_STOPPED)
    return False


def _kinds(process: psutil.Process) -> Iterator[tuple[str, psutil.Process]]:
    kind = _program(process)
    yield kind, process
    for child in _living(process):
        if kind == "supervisor":
            yield from _of_cluster(child)
        else:
            yield from _kinds(child)


def _of_cluster(main: psutil.Process) -> Iterator[tuple[str, psutil.Process]]:
    """Tell the processes of a cluster by their place: all are forks of the program."""
    yield "main", main
    for sentinel in _living(main):
        yield "sentinel", sentinel
        yield from _made_by_sentinel(sentinel)


def _program(process: psutil.Process) -> str:
    words = process.cmdline()
    if "uvicorn" in words:
        return "web"
    if "worker" in words:
        return "supervisor"
    return "up" if "up" in words else "other"


def _made_by_sentinel(sentinel: psutil.Process) -> Iterator[tuple[str, psutil.Process]]:
    """Tell q2's processes by the order in which they are made."""
    made = _living(sentinel)
    workers, rest = made[:-2], made[-2:]
    yield from (("worker", process) for process in workers)
    yield from zip(("monitor", "pusher"), rest, strict=False)


def _living(process: psutil.Process) -> list[psutil.Process]:
    return sorted(filter(is_alive, process.children()), key=lambda child: child.pid)


def web_answers(port: int) -> bool:
    return listens(("127.0.0.1", port))


def marked(mark: str) -> list[psutil.Process]:
    """Return every living process of this run but our own, by its environment."""
    found = []
    for process in psutil.process_iter():
        with suppress(*GONE):
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                found.append(process)
    return list(filter(is_alive, found))


def strays(mark: str, nodes: list[Node]) -> list[str]:
    """Return the processes that outlived the program they belong to, in words."""
    roots = {node.process.pid for node in nodes if node.process is not None}
    return [_words(p) for p in marked(mark) if not _descends(p, roots)]


def _descends(process: psutil.Process, roots: set[int]) -> bool:
    with suppress(*GONE):
        nodes = {process.pid, *(parent.pid for parent in process.parents())}
        return bool(nodes & roots)
    return True  # it has just ended


def _words(process: psutil.Process) -> str:
    with suppress(*GONE):
        return f"{process.pid} {' '.join(process.cmdline()[-3:])}"
    return str(process.pid)
