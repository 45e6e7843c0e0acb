"""How long it takes after a fault until the work goes on."""

import time

from django.db import connection

from jobs.enums import ENDED, Status
from jobs.models import Job
from tests.faults.workload import AWAY, CANARIES, Workload, steps_done


def is_done(job_id: int) -> bool:
    return Job.objects.filter(pk=job_id, status=Status.SUCCEEDED).exists()


class Recovery:
    """The jobs that ran when the fault came, and a new one of each lane: all get on."""

    def __init__(self, work: Workload) -> None:
        self.work = work
        self.victims: dict[int, int] | None = None  # each with the steps it had done
        self.canaries: list[int] = []
        self.hit = 0
        self.took_s = 0.0

    @property
    def is_done(self) -> bool:
        return self.took_s > 0

    def look(self, began: float) -> None:
        """Look how things stand, if the database lets us."""
        if self.is_done:
            return
        try:
            self.remember()
            if not self.not_moved() and all(map(is_done, self.canaries)):
                self.took_s = time.monotonic() - began
        except AWAY:
            connection.close()

    def remember(self) -> None:
        if self.victims is None:
            running = [*Job.objects.running().values_list("pk", flat=True)]
            done = steps_done(running)
            self.victims = {job_id: done.get(job_id, 0) for job_id in running}
            self.hit = len(running)
        while len(self.canaries) < len(CANARIES):
            lane = CANARIES[len(self.canaries)]
            self.canaries.append(self.work.ask(canary=lane))

    def not_moved(self) -> list[int]:
        """Return the victims that have neither ended nor done another step."""
        victims = self.victims or {}
        ended = set(
            Job.objects.filter(pk__in=victims, status__in=ENDED).values_list(
                "pk", flat=True
            )
        )
        done = steps_done([*victims])
        still = {
            job_id: steps
            for job_id, steps in victims.items()
            if job_id not in ended and done.get(job_id, 0) <= steps
        }
        self.victims = still
        return [*still]

    def __str__(self) -> str:
        rows = Job.objects.filter(pk__in=[*(self.victims or {}), *self.canaries])
        stand = [f"job {j.pk} {j.status}, attempt {j.attempt}" for j in rows]
        return f"canaries {self.canaries}; {'; '.join(stand)}"
