"""A library of 20,000 scenes, by command, compared field by field."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from syncapp.models import Scene, Source
from tests.comparison import differences
from tests.integration.trips.conftest import ROOT, Manage, answer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker"),
]
SCENES = 20_000


@pytest.fixture
def archive(transactional_db: None) -> Iterator[Source]:
    """Give a source with a demo server of its own, run as a person runs it."""
    process = subprocess.Popen(
        [
            *(sys.executable, "manage.py", "demo_stash"),
            *("--port", "0", "--scenes", str(SCENES), "--seed", "3"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
    assert found is not None
    try:
        yield Source.objects.create(name="Big archive", url=found[0])
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.mark.timeout(300)
def test_full_sync_of_20000_scenes_equals_the_server_and_quick_writes_nothing(
    archive: Source, manage: Manage
) -> None:
    done = manage("sync", "--full", "--wait", "--json")

    told = answer(done)
    assert (done.returncode, told["status"]) == (0, "succeeded")
    assert told["result"]["streams"]["scenes"]["new"] == SCENES
    assert differences(archive.pk, archive.url) == []

    newest = Scene.objects.order_by("-synced_at").values_list("synced_at").first()
    quick = answer(manage("sync", "--wait", "--json"))

    assert quick["status"] == "succeeded"
    for counts in quick["result"]["streams"].values():
        assert counts["new"] == counts["changed"] == counts["gone"] == 0
    latest = Scene.objects.order_by("-synced_at").values_list("synced_at").first()
    assert latest == newest
