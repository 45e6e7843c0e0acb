"""Figures of the whole program: commands, real workers, the real web server."""

import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import psutil
from django.db import connection

from jobs import queries, runner
from jobs.errors import JobNotClaimed
from jobs.states import ACTIVE
from syncapp.models import Scene, Source
from syncapp.services import remove_source, start_sync
from tests.bench.engine import Counter, pull
from tests.bench.far import FarEnd
from tests.bench.table import Row
from tests.builders import PASSWORD, make_person
from tests.run import ROOT
from tests.site import Person, running_site
from tests.workers import Worker, database_url, start_worker

MS, MB = 1_000, 2**20
ROUNDS, PRESSES = 5, 30
RESYNC_S = {"sqlite": 0.5, "postgresql": 0.6}
SPEED = {"sqlite": 4_000, "postgresql": 3_500}
SPEED_SIZE = 20_000  # that the goal for the first load is said for
WAIT_MS, PAGE_MS, CPU_RATIO, ABOVE_IDLE_MB = 150, 30, 1.1, 120
LOOK_S, END_S = 0.02, 600
LISTS = ("/scenes/", "/scenes/?sort=title", "/performers/", "/tags/", "/studios/")


def first_load(far: FarEnd, scenes: int) -> Iterator[Row]:
    """Yield what one command needs to fill an empty mirror; leaves it empty again."""
    vendor = connection.vendor
    source = Source.objects.create(name="First", url=far.url)
    with other_writer() as waits:
        took = command("sync", "--full", "--inline", "--source", "First")
    goal = SPEED[vendor] if scenes == SPEED_SIZE else None
    what = "first load, whole command"
    yield Row(vendor, scenes, what, scenes / took, "scenes/s", goal, more=True)
    if waits:
        longest = max(waits) * MS
        what = "  another writer's longest wait meanwhile"
        yield Row(vendor, scenes, what, longest, "ms", WAIT_MS)
    assert Scene.objects.count() == scenes, "the mirror is not whole"
    remove_source(source.pk)


def measure(far: FarEnd, scenes: int) -> Iterator[Row]:
    """Yield the figures of jobs and pages, on a mirror that is up to date."""
    vendor = connection.vendor
    source = Source.objects.filter(url=far.url).first() or Source.objects.create(
        name="Bench", url=far.url
    )
    yield from _job_beside_engine(source.pk, scenes)
    make_person("bench", is_superuser=True)
    with running_site() as address, start_worker() as worker:
        person = Person(address)
        person.sign_in("bench", PASSWORD)
        yield from _memory_and_pages(source.pk, person, worker, scenes)
        waits = sorted(_resync(person, n) for n in _some_scenes())
        what = f"one scene re-synced, button to done, p95 of {PRESSES}"
        yield Row(vendor, scenes, what, _p95(waits), "s", RESYNC_S[vendor])
        person.http.close()


def command(*words: str) -> float:
    """Run a command of the program; returns its seconds, from start to end."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url()},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


@contextmanager
def other_writer() -> Iterator[list[float]]:
    """Write a row every 20 ms beside what runs; yields its waits. On SQLite alone."""
    waits: list[float] = []
    if connection.vendor != "sqlite":
        yield waits
        return
    done = Event()

    def write() -> None:
        own = sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=30)
        own.isolation_level = None
        own.execute("CREATE TABLE IF NOT EXISTS bench_writer (n INTEGER)")
        while not done.wait(LOOK_S):
            began = time.perf_counter()
            own.execute("BEGIN IMMEDIATE")
            waits.append(time.perf_counter() - began)
            own.execute("INSERT INTO bench_writer VALUES (1)")
            own.execute("COMMIT")
        own.execute("DROP TABLE bench_writer")
        own.close()

    thread = Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        done.set()
        thread.join()


def _job_beside_engine(source_id: int, scenes: int) -> Iterator[Row]:
    """Run a full sync of what is unchanged by turns as a job and by the bare engine."""
    vendor = connection.vendor
    jobs, bare = [], []
    for _ in range(ROUNDS):
        began = time.process_time()
        _, reporter, statements = pull(source_id, everything=True)
        bare.append((time.process_time() - began, statements, reporter.commits))
        counter = Counter()
        began = time.process_time()
        with connection.execute_wrapper(counter):
            job_id = start_sync(source_id, "full", trigger="command").job_id
            _run_here(job_id)
        jobs.append((time.process_time() - began, counter.statements, 0))
    cpu = [statistics.median(run[0] for run in runs) for runs in (jobs, bare)]
    said = [statistics.median(run[1] for run in runs) for runs in (jobs, bare)]
    pages = statistics.median(run[2] for run in bare)
    what = f"CPU time of a job to the bare engine, median of {ROUNDS}"
    yield Row(vendor, scenes, what, cpu[0] / cpu[1], "", CPU_RATIO)
    what = "  statements more a commit (the fence)"
    yield Row(vendor, scenes, what, (said[0] - said[1]) / max(pages, 1), "")


def _run_here(job_id: int) -> None:
    with suppress(JobNotClaimed):
        runner.run_here(job_id)
    card = queries.job_card(job_id)
    assert card.status == "succeeded", card


@dataclass
class _Peak:
    """The most memory that any process below a worker has, in bytes."""

    worker: Worker
    most: int = 0
    _done: Event = field(default_factory=Event)

    def now(self) -> int:
        sizes = []
        for process in self.worker.below():
            with suppress(psutil.NoSuchProcess):
                sizes.append(process.memory_info().rss)
        return max(sizes, default=0)

    def __enter__(self) -> "_Peak":
        self._thread = Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(LOOK_S * 5):
            self.most = max(self.most, self.now())


def _memory_and_pages(
    source_id: int, person: Person, worker: Worker, scenes: int
) -> Iterator[Row]:
    """Look at lists while a worker compares and rewrites every record."""
    vendor = connection.vendor
    idle = _Peak(worker).now()
    job_id = start_sync(source_id, "full", trigger="command", rewrite=True).job_id
    times: list[float] = []
    with _Peak(worker) as peak:
        while queries.job_card(job_id).status in ACTIVE:
            for path in LISTS:
                began = time.perf_counter()
                assert person.http.get(path).status_code == 200, path
                times.append(time.perf_counter() - began)
    above = (peak.most - idle) / MB
    what = "memory of the worker above idle, full sync"
    yield Row(vendor, scenes, what, above, "MB", ABOVE_IDLE_MB)
    what = f"list pages while syncing, p95 of {len(times)}, with the way there"
    yield Row(vendor, scenes, what, _p95(sorted(times)) * MS, "ms", PAGE_MS)


def _some_scenes() -> list[int]:
    return list(Scene.objects.order_by("id").values_list("id", flat=True)[:PRESSES])


def _resync(person: Person, scene_id: int) -> float:
    """Press the button of a scene; returns the seconds until its job has ended."""
    form = person.forms(f"/scenes/{scene_id}/")
    pressed = next(f for f in form if f.action.endswith("/sync/"))
    began = time.perf_counter()
    answer = person.press(pressed, {}, accept="application/json")
    address = f"/jobs/{answer.json()['job_id']}/state.json"

    def has_ended() -> bool:
        return person.http.get(address).json()["job"]["status"] not in ACTIVE

    assert _until(has_ended), address
    return time.perf_counter() - began


def _until(what: Callable[[], Any]) -> bool:
    deadline = time.monotonic() + END_S
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(LOOK_S / 2)
    return False


def _p95(times: list[float]) -> float:
    return times[min(len(times) - 1, int(len(times) * 0.95))]
