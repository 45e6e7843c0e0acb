"""Measures what a person meets: the real web and worker processes, by their buttons.

`python -m tests.bench.buttons URL SCENES CLICKS`. Reads lines from the standard input:
an answer to each "edit ID" that it prints. The last line is JSON.
"""

import json
import sys
import time
from typing import Any

import django

TIMEOUT_S = 3600
WARM = 2  # times that each list is opened before
USUAL = {
    "STEWARD_JOB_HANDLERS": "syncapp.job_handlers.HANDLERS",
    "STEWARD_JOB_LEASE_S": "30",
    "STEWARD_JOB_REAP_S": "5",
    "STEWARD_JOB_SWEEP_S": "20",
    "STEWARD_LANES": "system+short:2,long:1",
}


def wait_for(job_id: int, every_s: float) -> None:
    """Wait for the job's end."""
    from jobs.enums import ENDED
    from jobs.models import Job
    from tests.waiting import wait_until

    rows = Job.objects.filter(pk=job_id, status__in=ENDED)
    wait_until(rows.exists, within=TIMEOUT_S, every=every_s)
    job = Job.objects.get(pk=job_id)
    assert job.status == "succeeded", f"{job.status}: {job.error_text}"


def press(person: Any, page: str, ending: str) -> int:
    """Press the page's button that posts to an address with this ending."""
    (form,) = [f for f in person.forms(page) if f.action.endswith(ending)]
    answer = person.press(form, form.buttons[0])
    return int(answer.headers["location"].strip("/").rpartition("/")[2])


def whole(person: Any, worker: Any, source: Any) -> dict[str, Any]:
    """Load the source and read it whole again, while lists are looked at."""
    from django.db import connection

    from tests.bench.watch import (
        LISTS,
        PAUSE_S,
        Memory,
        OtherWriter,
        Reader,
        Watch,
        p95,
        watching,
    )

    memory, reader = Memory(worker.pid), Reader(person)
    memory.idle = memory.now()
    watches = [Watch(memory.look, 0.5), Watch(reader.look, PAUSE_S)]
    sqlite = connection.vendor == "sqlite"
    other = OtherWriter(str(connection.settings_dict["NAME"]))
    if sqlite:
        other.prepare()
        watches.append(Watch(other.look, PAUSE_S))
    for _ in range(WARM * len(LISTS)):
        reader.look()
    reader.server_ms.clear()
    reader.wall_ms.clear()
    reader.slowest.clear()
    page = f"/sources/{source.pk}/"
    with watching(*watches):
        wait_for(press(person, page, "/sync/full/"), 0.05)
    with watching(Watch(memory.look, 0.5)):
        wait_for(press(person, page, "/sync/full/"), 0.05)
        wait_for(press(person, "/", "/sync/quick/"), 0.05)
    return {
        "memory": memory.above_idle_mb,
        "page": p95(reader.server_ms),
        "page_wall": p95(reader.wall_ms),
        "wait": 1000 * other.longest_s if sqlite else None,
        "pages_read": len(reader.server_ms),
        "slowest_pages_ms": reader.slowest,
    }


def clicks(person: Any, source: Any, scenes: int, times: int) -> dict[str, Any]:
    """Change a scene at the source and press its button here, again and again."""
    from syncapp.models.keys import row_id
    from tests.bench.watch import p95

    seconds = []
    for turn in range(times):
        number = 1 + turn * 37 % scenes
        print(f"edit {number}", flush=True)
        sys.stdin.readline()
        page = f"/scenes/{row_id(source.pk, number)}/"
        (form,) = [f for f in person.forms(page) if f.action.endswith("/sync/")]
        began = time.perf_counter()
        answer = person.press(form, form.buttons[0])
        job_id = int(answer.headers["location"].rpartition("=")[2])  # ?resync=7
        wait_for(job_id, 0.004)
        seconds.append(time.perf_counter() - began)
    return {"resync": p95(seconds), "resync_median": sorted(seconds)[times // 2]}


def main() -> None:
    django.setup()
    from syncapp.models import Source
    from tests.builders import PASSWORD, make_person
    from tests.site import Person, running_site
    from tests.workers import start_worker

    url, scenes, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    make_person("ada", is_superuser=True, is_staff=True)
    source = Source.objects.create(name="Film archive", url=url)
    app = "tests.bench.timed_site:application"
    with running_site(app) as address, start_worker(**USUAL) as worker:
        person = Person(address)
        person.sign_in("ada", PASSWORD)
        time.sleep(1)
        found = whole(person, worker, source)
        found |= clicks(person, source, scenes, times)
        person.http.close()
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
