"""Workers are killed and frozen in the middle of an apply; nothing is written twice."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psutil
import pytest

from syncapp.demo import DemoServer, Library
from syncapp.models import Change, Source
from syncapp.models.keys import row_id
from syncapp.services.applying import start_apply
from tests.integration.applying.conftest import Row
from tests.integration.trips.conftest import wait_for
from tests.integration.trips.test_kills import deaths, has_died_again, kill_queue
from tests.mirror import Mirror
from tests.plan_builders import make_change, make_plan
from tests.waiting import wait_until
from tests.workers import start_worker

pytestmark = pytest.mark.django_db(transaction=True)
SCENES, KILLS = 400, 20
ENDED = ("applied", "overwrote", "changed_since", "skipped", "conflict", "failed")


@pytest.fixture
def films(transactional_db: None) -> Iterator[Mirror]:
    """Give a source that takes its time."""
    library = Library(seed=5, scenes=SCENES, tags=4, performers=4, studios=2)
    with DemoServer(library, port=0, api_key="") as demo:
        demo.faults.latency_s = 0.03
        source = Source.objects.create(name="Films", url=demo.url, read_only=False)
        yield Mirror(demo, source)


def accepted_titles(films: Mirror, scenes: int) -> int:
    """Accept a new title for each of so many scenes; returns the plan's id."""
    plan = make_plan(films.source)
    for number in range(1, scenes + 1):
        before = films.demo.library.get("scene", number)["title"]
        row = Row(row_id(films.source.pk, number))
        fields = {"before": before, "state": "accepted"}
        make_change(plan, row, "title", f"Reel {number}", **fields)
    plan_id: int = plan.pk
    return plan_id


def ended(plan_id: int) -> int:
    return Change.objects.filter(plan_id=plan_id, state__in=ENDED).count()


def got_further(plan_id: int, before: int) -> bool:
    return ended(plan_id) > before


def titles_written(films: Mirror) -> Counter[int]:
    """Return how often each scene was sent a title, by the source's log."""
    return Counter(
        int(seen.variables["input"]["ids"][0])
        for seen in films.demo.requests
        if "bulkSceneUpdate" in seen.roots
    )


def holds_all(films: Mirror, scenes: int) -> bool:
    library = films.demo.library
    return all(
        library.get("scene", number)["title"] == f"Reel {number}"
        for number in range(1, scenes + 1)
    )


@pytest.mark.timeout(500)
def test_apply_that_is_killed_20_times_writes_each_scene_once(films: Mirror) -> None:
    chance = random.Random(13)
    plan_id = accepted_titles(films, SCENES)
    with start_worker() as worker:
        job_id = start_apply(plan_id).job_id
        for _ in range(KILLS):
            wait_until(partial(got_further, plan_id, ended(plan_id)), within=60)
            time.sleep(chance.uniform(0, 0.1))
            before = deaths(job_id)
            kill_queue(worker)
            wait_until(partial(has_died_again, job_id, before), within=30)
            worker.wait_until_ready()
        films.demo.faults.latency_s = 0
        job = wait_for(job_id)

    assert job.status == "succeeded"
    assert holds_all(films, SCENES)
    states = Counter(Change.objects.values_list("state", flat=True))
    assert states == {"applied": SCENES}
    sent = titles_written(films)
    assert sent.keys() == set(range(1, SCENES + 1))
    # A write of which the source told nothing may be sent again, if it did not land.
    assert sum(sent.values()) - SCENES <= KILLS


@pytest.mark.timeout(300)
def test_a_worker_that_was_frozen_writes_nothing_after_another_took_its_job(
    films: Mirror,
) -> None:
    """It is frozen at the read that counts, for longer than its lease."""
    plan_id, scene = accepted_titles(films, 60), 30
    films.demo.faults.latency_s = 0
    gate, library = films.demo.gate, films.demo.library
    with start_worker() as worker:
        with gate.hold(operation="SceneNow", where=is_of(scene)) as held:
            job_id = start_apply(plan_id).job_id
            held.wait(60)
            frozen = [psutil.Process(worker.pid), *worker.below()]
            for process in frozen:
                process.suspend()
        with start_worker():
            job = wait_for(job_id)
            library.edit("scene", scene, title=was(plan_id, scene, films))
        for process in reversed(frozen):
            process.resume()
        time.sleep(3)

    assert (job.status, job.fence) == ("succeeded", 2)
    assert set(titles_written(films).values()) == {1}
    assert library.get("scene", scene)["title"] == was(plan_id, scene, films)
    states = Counter(Change.objects.values_list("state", flat=True))
    assert states == {"applied": 60}


def is_of(scene: int) -> Callable[[Any], bool]:
    return lambda seen: bool(seen.variables.get("id") == str(scene))


def was(plan_id: int, scene: int, films: Mirror) -> str:
    """Return the title which a change expected: what would let a late run write."""
    key = row_id(films.source.pk, scene)
    before: str = Change.objects.get(plan_id=plan_id, scene_id=key).before
    return before
