"""What an open page is told of jobs that a real worker runs."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import services
from jobs.enums import JSON
from syncapp.demo import DemoServer, Library
from syncapp.models import Source
from tests.integration.jobs.conftest import Wait
from tests.site import Person, running_site
from tests.sockets import Tab, seqs
from tests.steps import STEPS, held_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def site(django_db_setup: None) -> Iterator[str]:
    with running_site() as address:
        yield address


def full_sync(source_id: int) -> dict[str, JSON]:
    return {
        "source_id": source_id,
        "streams": [],
        "accept_deletions": False,
        "rewrite": False,
    }


def test_a_sync_is_told_from_its_first_line_to_its_last(
    person: Person, worker: object, until: Wait
) -> None:
    library = Library(seed=3, scenes=600)
    with DemoServer(library, port=0, api_key="") as demo:
        source = Source.objects.create(name="Film archive", url=demo.url)
        with demo.gate.hold(operation="ScenePage", after=250) as held:
            job_id = services.create_job("sync.full", full_sync(source.pk)).job_id
            with Tab(person, f"jobs,job:{job_id}") as tab:
                held.wait(30)
                time.sleep(2)
                held.open()
                tab.until("succeeded")

    told = [m for m in tab.messages if m["topic"] == f"job:{job_id}"]
    assert told[0]["type"] == "snapshot"
    assert {m["type"] for m in told[1:]} == {"changed"}
    assert [m["seq"] for m in told] == sorted(m["seq"] for m in told)
    assert [event["seq"] for event in tab.events] == seqs(job_id)
    scenes = [
        b for m in told for b in m["data"]["job"]["bars"] if b["name"] == "scenes"
    ]
    assert any(0 < bar.get("done", 0) < bar.get("total", 0) for bar in scenes)
    assert scenes[-1]["text"] == "600 of 600"
    assert told[-1]["data"]["job"]["figures"]


def test_a_cut_loses_nothing(
    person: Person, worker: object, tmp_path: Path, until: Wait
) -> None:
    gate = tmp_path / "gate"
    job_id = held_job(gate)
    with Tab(person, f"job:{job_id}") as before:
        while len([e for e in before.events if e["text"].startswith("Step")]) < 3:
            before.next()
    gate.touch()
    until(job_id, "succeeded")
    time.sleep(1)

    with Tab(person, f"job:{job_id}", since=before.last_seq) as after:
        after.until("succeeded")

    told = [event["seq"] for event in [*before.events, *after.events]]
    assert told == seqs(job_id)
    steps = [e["text"] for e in [*before.events, *after.events] if "Step" in e["text"]]
    assert steps == [f"Step {step}" for step in range(STEPS)]
