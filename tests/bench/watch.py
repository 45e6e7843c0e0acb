"""Looks at a running Steward from outside: memory, other writers, list pages."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import psutil

from tests.site import Person

LISTS = (
    "/scenes/",
    "/scenes/?q=harbour",
    "/scenes/?sort=title",
    "/scenes/?rating_from=3",
    "/performers/",
    "/tags/",
    "/studios/",
)
PAUSE_S = 0.05  # between two pages, as of a few people who look around


@dataclass
class Watch:
    """Does one thing again and again in a thread of its own."""

    look: Callable[[], None]
    every_s: float
    over: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        while not self.over.wait(self.every_s):
            self.look()


@contextmanager
def watching(*watches: Watch) -> Iterator[None]:
    threads = [threading.Thread(target=watch.work) for watch in watches]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for watch in watches:
            watch.over.set()
        for thread in threads:
            thread.join()


@dataclass
class Memory:
    """Memory of a process and all below it, shared pages counted once."""

    pid: int
    idle: int = 0
    most: int = 0

    def now(self) -> int:
        root = psutil.Process(self.pid)
        return sum(_size(one) for one in (root, *root.children(recursive=True)))

    def look(self) -> None:
        self.most = max(self.most, self.now())

    @property
    def above_idle_mb(self) -> float:
        return max(0, self.most - self.idle) / 2**20


def _size(process: psutil.Process) -> int:
    try:
        info = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
    return int(getattr(info, "pss", 0) or info.rss)


@dataclass
class OtherWriter:
    """Another program that writes to the same SQLite file, a row now and then."""

    path: str
    longest_s: float = 0.0

    def prepare(self) -> None:
        with closing(sqlite3.connect(self.path, timeout=20)) as db:
            db.execute("CREATE TABLE bench_other (n INTEGER)")
            db.execute("INSERT INTO bench_other VALUES (0)")
            db.commit()

    def look(self) -> None:
        with closing(sqlite3.connect(self.path, timeout=20)) as db:
            db.isolation_level = None
            began = time.perf_counter()
            db.execute("BEGIN IMMEDIATE")
            self.longest_s = max(self.longest_s, time.perf_counter() - began)
            db.execute("UPDATE bench_other SET n = n + 1")
            db.execute("COMMIT")


@dataclass
class Reader:
    """Somebody who opens one list after the other."""

    person: Person
    server_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)  # by address
    _turn: int = 0

    def look(self) -> None:
        path = LISTS[self._turn % len(LISTS)]
        self._turn += 1
        began = time.perf_counter()
        answer = self.person.http.get(path)
        self.wall_ms.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        spent = float(answer.headers["server-timing"].rpartition("=")[2])
        self.server_ms.append(spent)
        self.slowest[path] = max(self.slowest.get(path, 0), spent)


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
