"""Everything is stopped in the middle of a full sync, and started again."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.models import JobEvent
from syncapp.demo import DemoServer, Library
from syncapp.models import Scene, Source
from syncapp.services import start_sync
from tests.integration.trips.conftest import wait_for
from tests.ports import free_port
from tests.starting import up
from tests.workers import database_url

SCENES = 20_000
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def archive() -> Iterator[DemoServer]:
    with DemoServer(Library(seed=3, scenes=SCENES), port=0, api_key="") as demo:
        yield demo


def test_a_full_sync_goes_on_after_up_was_stopped_and_commits_no_page_twice(
    archive: DemoServer, tmp_path: Path
) -> None:
    source = Source.objects.create(name="Big archive", url=archive.url)
    own = {"DATABASE_URL": database_url(), "STEWARD_DATA_DIR": str(tmp_path / "data")}
    env = {**os.environ, **own}
    argv = ("--no-demo", "--no-browser", "--port", str(free_port()))
    with (
        archive.gate.hold(operation="ScenePage", skip=5) as held,
        up(env, tmp_path, *argv) as (process, out),
    ):
        job_id = start_sync(source.pk, "full").job_id
        held.wait(90)
        process.send_signal(signal.SIGTERM)
        held.open()
        code = process.wait(timeout=15)
    place = wait_for(job_id, "queued").checkpoint or {}
    written = Scene.objects.count()
    with up(env, tmp_path, *argv):
        job = wait_for(job_id)

    assert (code, job.status) == (0, "succeeded"), out.read_text()
    assert 0 < written < SCENES
    assert place["stream"] == "scenes"
    assert Scene.objects.count() == SCENES
    codes = list(JobEvent.objects.filter(job=job).values_list("code", flat=True))
    # Another process of the same worker may take it before it is told to stop as well.
    assert codes.count("started") == codes.count("drained") + 1 > 1
    # Counted with each page, in its transaction: one that came twice would show.
    counts = job.result["streams"]["scenes"]
    assert (counts["seen"], counts["new"]) == (SCENES, SCENES)
