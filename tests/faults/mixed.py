"""All at once: a sync, page views, new jobs; nobody finds the database locked."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
from django.core.management import call_command
from django.db import Error, connection

from jobs import services
from jobs.enums import Status
from jobs.models import Job
from syncapp.demo import DemoServer, Library
from syncapp.models import Source
from syncapp.services import start_sync
from tests.faults.environment import ADMIN, PASSWORD, Environment
from tests.faults.fleet import UP, Fleet
from tests.site import Person
from tests.waiting import wait_until

LOCKED = "database is locked"
SCENES = 3_000
CREATE_S, VIEW_S = 0.25, 0.2
PAGES = ("/", "/jobs/", "/scenes/", "/tags/", "/healthz", "/jobs/state.json")
END_S = 120.0


@dataclass(frozen=True, slots=True)
class Mix:
    """What was done, and what went wrong meanwhile."""

    seconds: float
    syncs: int
    jobs: int
    views: int
    locked: int
    wrong: list[str]

    def __str__(self) -> str:
        done = f"{self.syncs} syncs, {self.jobs} jobs, {self.views} page views"
        lines = [
            f"mixed load, {self.seconds:.0f} s: {done}; locked {self.locked} times"
        ]
        return "\n".join([*lines, *(f"  WRONG: {text}" for text in self.wrong)])


class _Load:
    """Three threads that each do one thing over and over."""

    def __init__(self, environment: Environment) -> None:
        self.address = f"http://127.0.0.1:{environment.port}"
        self.done = threading.Event()
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.syncs: list[int] = []
        acts: list[tuple[Callable[[], None], float]] = [
            (self.create, CREATE_S),
            (self.view, VIEW_S),
            (self.sync, 1.0),
        ]
        self.threads = [
            threading.Thread(target=self.repeat, args=act, daemon=True) for act in acts
        ]

    def start(self, source_id: int) -> None:
        self.source_id = source_id
        self.person = Person(self.address)
        self.person.sign_in(ADMIN, PASSWORD)
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.done.set()
        for thread in self.threads:
            thread.join()
        self.person.http.close()

    def repeat(self, act: Callable[[], None], every_s: float) -> None:
        while not self.done.wait(every_s):
            try:
                act()
            except (Error, httpx2.HTTPError) as exc:
                self.wrong.append(f"{type(exc).__name__}: {exc}")
        connection.close()

    def create(self) -> None:
        services.create_job("faults.nothing", {})
        self.counts["jobs"] += 1

    def view(self) -> None:
        path = PAGES[self.counts["views"] % len(PAGES)]
        answer = self.person.http.get(path)
        self.counts["views"] += 1
        if answer.status_code != httpx2.codes.OK:
            self.wrong.append(f"{path} answered {answer.status_code}")

    def sync(self) -> None:
        """Keep one sync going, full ones and quick ones in turn."""
        kinds = ("sync.full", "sync.quick")
        if not Job.objects.active().filter(kind__in=kinds).exists():
            mode = ("full", "quick")[len(self.syncs) % 2]
            self.syncs.append(start_sync(self.source_id, mode).job_id)


def run(environment: Environment, seconds: float) -> Mix:
    """Keep the load up for so long; returns what came of it."""
    call_command("migrate", verbosity=0)
    fleet = Fleet(environment, UP)
    library = Library(seed=5, scenes=SCENES)
    load = _Load(environment)
    try:
        fleet.start()
        with DemoServer(library, port=0, api_key="") as demo:
            source = Source.objects.create(name="Film archive", url=demo.url)
            load.start(source.pk)
            time.sleep(seconds)
            load.stop()
            wait_until(lambda: not Job.objects.active().exists(), within=END_S)
    finally:
        load.wrong += fleet.stop()
    return _mix(load, fleet, seconds)


def _mix(load: _Load, fleet: Fleet, seconds: float) -> Mix:
    failed = Job.objects.exclude(status=Status.SUCCEEDED)
    bad = [f"job {job.pk} {job.status}: {job.error_text}" for job in failed]
    locked = fleet.logs().count(LOCKED) + sum(LOCKED in text for text in load.wrong)
    wrong = load.wrong + bad + ([f"{LOCKED}, {locked} times"] if locked else [])
    wrong += [] if load.syncs else ["no sync was started"]
    counts = load.counts
    done = Job.objects.filter(pk__in=load.syncs, status=Status.SUCCEEDED).count()
    return Mix(seconds, done, counts["jobs"], counts["views"], locked, wrong)
