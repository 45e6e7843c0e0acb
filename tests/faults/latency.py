"""How fast jobs start and how many get done: figures, with what is aimed at."""

import random
import statistics
import time
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.db.models import Max, Min

from jobs import services
from jobs.models import Job
from jobs.states import ENDED, Status
from tests.faults.ground import Ground
from tests.faults.team import WORKER, Team
from tests.waiting import wait_until

STARTS, SPREAD_S = 60, (0.2, 0.5)
MANY = 400
WITHIN_S = 180.0
AIMS = {  # of (create to claimed in ms, jobs a second)
    ("sqlite", "orm"): (250, 40),
    ("postgresql", "orm"): (300, 25),
    ("postgresql", "redis"): (100, 40),
    ("sqlite", "redis"): (100, 40),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure, and what is aimed at."""

    name: str
    value: float
    unit: str
    aim: float
    more_is_better: bool

    @property
    def is_met(self) -> bool:
        better = self.value >= self.aim
        return better if self.more_is_better else self.value <= self.aim

    def __str__(self) -> str:
        sign = ">=" if self.more_is_better else "<="
        met = "" if self.is_met else "  (missed)"
        value = f"{self.value:,.0f} {self.unit}"
        return f"{self.name:<52} {value:>10}  aim {sign} {self.aim:,.0f}{met}"


def measure(ground: Ground) -> tuple[Figure, ...]:
    """Measure on this ground, with one worker of two processes and nothing else."""
    call_command("migrate", verbosity=0)
    team = Team(ground, WORKER)
    try:
        team.start()
        waits = [_wait_of_one() for _ in range(STARTS)]
        rate = _rate_of_many()
    finally:
        team.stop()
    broker = "redis" if ground.redis else "orm"
    where = f"{connection.vendor}, wake-ups by {broker}"
    wait_aim, rate_aim = AIMS[connection.vendor, broker]
    p95 = statistics.quantiles(waits, n=20, method="inclusive")[-1]
    return (
        Figure(f"create to claimed, p95: {where}", p95, "ms", wait_aim, False),  # noqa: FBT003
        Figure(f"durable jobs done: {where}", rate, "/s", rate_aim, True),  # noqa: FBT003
    )


def _wait_of_one() -> float:
    """Return the milliseconds from a job's creation to its claim by an idle worker."""
    time.sleep(random.uniform(*SPREAD_S))
    job_id = services.create_job("faults.nothing", {}).job_id
    job = wait_until(
        lambda: Job.objects.filter(pk=job_id, status__in=ENDED).first(), within=WITHIN_S
    )
    return float((job.started_at - job.created_at).total_seconds() * 1000)


def _rate_of_many() -> float:
    """Return how many jobs that do nothing are done in a second."""
    first = Job.objects.latest("pk").pk + 1
    for _ in range(MANY):
        services.create_job("faults.nothing", {})
    many = Job.objects.filter(pk__gte=first)
    done = many.filter(status=Status.SUCCEEDED)
    wait_until(lambda: done.count() == MANY, within=WITHIN_S, every=0.2)
    span = many.aggregate(first=Min("started_at"), last=Max("finished_at"))
    return MANY / float((span["last"] - span["first"]).total_seconds())
