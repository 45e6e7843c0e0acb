"""Measures what all of Steward's programs cost while nobody wants anything.

`python -m tests.bench.at_rest SECONDS JOBS`; its last line is JSON. The programs are
those of `manage.py up` without the demo, with their usual settings.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import django
import psutil

ROOT = Path(__file__).resolve().parents[2]
START_S, SETTLE_S, STOP_S = 90.0, 10.0, 15.0
SPREAD_S = (0.2, 0.5)  # between two jobs: no beat of a queue is met each time
MB = 1024 * 1024


@contextmanager
def programs() -> Iterator[psutil.Process]:
    """Run `manage.py up` until the block ends; gives its process once all is there."""
    from tests.waiting import wait_until

    argv = [sys.executable, "manage.py", "up", "--no-browser", "--no-demo"]
    said = Path(os.environ["STEWARD_DATA_DIR"]) / "said"
    with said.open("wb") as log:
        up = subprocess.Popen(
            argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        wait_until(has_all, within=START_S)
        yield psutil.Process(up.pid)
    finally:
        up.terminate()
        up.wait(STOP_S)


def has_all() -> bool:
    from jobs.models import WorkerNode
    from jobs.worker.processes import listens

    served = WorkerNode.objects.working().count() == 2
    return served and listens(("127.0.0.1", int(os.environ["STEWARD_PORT"])))


def family(up: psutil.Process) -> list[psutil.Process]:
    return [up, *up.children(recursive=True)]


def cpu_s(processes: list[psutil.Process]) -> float:
    """Return the seconds of a processor that they have used so far."""
    used = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            used += times.user + times.system
    return used


def pss_mb(processes: list[psutil.Process]) -> float:
    """Return their memory; what several share is counted once."""
    found = 0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            found += process.memory_full_info().pss
    return found / MB


def asked() -> int:
    """Return how often the database was asked so far.

    Statements on SQLite, transactions on PostgreSQL.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        return Path(os.environ["BENCH_COUNT_FILE"]).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database"
            " WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def rest(processes: list[psutil.Process], seconds: float) -> dict[str, float]:
    """Return what they cost in a second while nothing is to do."""
    asked_before, used_before = asked(), cpu_s(processes)
    began = time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - began
    used, times = cpu_s(processes) - used_before, asked() - asked_before
    return {"asked_a_second": times / took, "core_percent": 100 * used / took}


def waits_ms(number: int) -> list[float]:
    """Return the milliseconds from each job's creation to its claim, in order."""
    from tests.bench.waits import ask, ended

    found = []
    for _ in range(number):
        time.sleep(random.uniform(*SPREAD_S))
        (job,) = ended(ask(1))
        found.append((job.started_at - job.created_at).total_seconds() * 1000)
    return sorted(found)


def main() -> None:
    django.setup()
    seconds, number = float(sys.argv[1]), int(sys.argv[2])
    with programs() as up:
        time.sleep(SETTLE_S)
        found: dict[str, Any] = rest(family(up), seconds)
        found |= {"processes": len(family(up)), "pss_mb": pss_mb(family(up))}
        waits = waits_ms(number)
        found["pss_after_mb"] = pss_mb(family(up))
    share = {"claimed_p50_ms": 0.5, "claimed_p95_ms": 0.95}
    found |= {key: waits[int(number * at)] for key, at in share.items()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
