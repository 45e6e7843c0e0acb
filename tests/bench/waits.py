"""Measures how long a job waits for an idle worker, and how many get done.

`python -m tests.bench.waits STARTS MANY`; its last line is JSON. Jobs write a line into
their log and do nothing else, so what is measured is what keeping them costs.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import django

SPREAD_S = (0.2, 0.5)  # between two jobs: no beat of a queue is met each time
WITHIN_S = 300.0


def starts(number: int) -> float:
    """Return the milliseconds from a job's creation to its claim, p95 of so many."""
    from tests.bench.watch import p95

    waits = []
    for _ in range(number):
        time.sleep(random.uniform(*SPREAD_S))
        (job,) = ended(ask(1))
        waits.append((job.started_at - job.created_at).total_seconds() * 1000)
    return float(p95(waits))


def done_a_second(number: int) -> float:
    """Return how many are done in a second where so many wait."""
    from jobs.services import pause_lane, resume_lane

    pause_lane("short")
    job_ids = ask(number)
    resume_lane("short")
    jobs = ended(job_ids)
    first = min(job.started_at for job in jobs)
    last = max(job.finished_at for job in jobs)
    return number / float((last - first).total_seconds())


def ask(number: int) -> list[int]:
    from jobs.services import create_job

    return [create_job("test.note", {}).job_id for _ in range(number)]


def ended(job_ids: list[int]) -> list[Any]:
    """Return the jobs, once all have succeeded."""
    from jobs.models import Job
    from tests.waiting import wait_until

    rows = Job.objects.filter(pk__in=job_ids, status="succeeded")
    all_done: Callable[[], bool] = lambda: rows.count() == len(job_ids)  # noqa: E731
    wait_until(all_done, within=WITHIN_S, every=0.05)
    return list(rows)


def main() -> None:
    django.setup()
    from tests.bench.buttons import USUAL
    from tests.workers import start_worker

    number, many = map(int, sys.argv[1:])
    handlers = os.environ["STEWARD_JOB_HANDLERS"]
    with start_worker(**{**USUAL, "STEWARD_JOB_HANDLERS": handlers}):
        ended(ask(1))  # it is awake
        found = {"claimed": starts(number), "job_rate": done_a_second(many)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
