"""The work that goes on while things break: made, cancelled and retried without end."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from jobs import services
from jobs.enums import Status
from jobs.errors import JobError
from jobs.models import Job
from tests.faults.kinds import TABLE

ACTIVE = 8  # jobs that are kept going at once
PAUSE_S = 0.15
ROOMS = 3
SHAPES: dict[str, dict[str, Any]] = {
    "short": {"steps": 2, "step_s": 0.05},
    "long": {"steps": 30, "step_s": 0.2},
    "keyed": {"steps": 8, "step_s": 0.1},
    "stumbling": {"steps": 6, "step_s": 0.1, "stumble_at": 3},
}
CANARIES = ("short", "long")  # lanes that are watched
KINDS = {"short": "faults.work", "long": "faults.long"}
WEIGHTS = (3, 4, 3, 1)
CANCELS = 0.06  # a job in sixteen is cancelled, waiting or running
AWAY = (DatabaseError, InterfaceError)


@dataclass(slots=True)
class Promise:
    """A job that was accepted, and what may become of it."""

    work: str
    steps: int
    ends: set[str]
    is_canary: bool = False  # nobody cancels it: how long it takes is measured


class Workload(threading.Thread):
    """Asks for jobs, as pages and schedules do."""

    def __init__(self, seed: int) -> None:
        super().__init__(name="workload", daemon=True)
        self.random = random.Random(seed)
        self.done = threading.Event()
        self.number = 0
        self.promises: dict[int, Promise] = {}
        self.refused = 0  # asked for while the database was away: nothing was promised

    def run(self) -> None:
        try:
            while not self.done.wait(PAUSE_S):
                self.safely(self.turn)
        finally:
            connection.close()

    def turn(self) -> None:
        if Job.objects.active().count() < ACTIVE:
            self.ask()
        if self.random.random() < CANCELS:
            self.cancel_one()
        self.retry_one()

    def safely(self, act: Callable[[], object]) -> None:
        try:
            act()
        except AWAY:
            self.refused += 1
            connection.close()

    def ask(self, *, canary: str = "") -> int:
        """Ask for a job of any shape, or for a quick one in the lane `canary`.

        Returns its id.
        """
        chosen = "short" if canary else self.random.choices([*SHAPES], WEIGHTS)[0]
        self.number += 1
        name = f"{chosen}-{self.number}{'-canary' if canary else ''}"
        params = {"work": name, **SHAPES[chosen]}
        ends = {Status.SUCCEEDED.value}
        if chosen == "stumbling":
            ends.add(Status.FAILED.value)
        kind = KINDS.get(canary or chosen, "faults.work")
        if chosen == "keyed":
            kind, params["room"] = "faults.keyed", self.random.randrange(ROOMS)
        ref = services.create_job(kind, params, priority=int(bool(canary)))
        self.promises[ref.job_id] = Promise(name, params["steps"], ends, bool(canary))
        return ref.job_id

    def cancel_one(self) -> None:
        active = [*Job.objects.active().values_list("pk", flat=True)]
        job_id = self.random.choice(active) if active else None
        promise = self.promises.get(job_id) if job_id else None
        if job_id is None or promise is None or promise.is_canary:
            return
        promise.ends.add(Status.CANCELLED.value)
        try:
            services.cancel_job(job_id)
        except JobError:
            return  # it ended just before

    def retry_one(self) -> None:
        failed = Job.objects.filter(status=Status.FAILED, retries=None)
        for job_id in failed.values_list("pk", flat=True)[:1]:
            promise = self.promises.get(job_id)
            if promise is None:  # nobody got its number
                continue
            ref = services.retry_job(job_id)
            self.promises[ref.job_id] = Promise(
                promise.work, promise.steps, set(promise.ends)
            )


def steps_done(job_ids: list[int]) -> dict[int, int]:
    """Return how many effects each of these jobs has left so far."""
    if not job_ids:
        return {}
    marks = ", ".join(["%s"] * len(job_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT job_id, count(*) FROM {TABLE} WHERE job_id IN ({marks})"
            " GROUP BY job_id",
            job_ids,
        )
        return dict(cursor.fetchall())


def busy_pids() -> dict[int, int]:
    """Return the running jobs, each with the process that did its last step."""
    running = Job.objects.running().values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT job_id, pid FROM {TABLE}")
        last = dict(cursor.fetchall())
    return {job_id: last[job_id] for job_id in running if job_id in last}
