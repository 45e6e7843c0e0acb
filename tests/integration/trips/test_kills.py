"""Workers are killed in the middle of a full sync; the mirror ends equal."""

import pytest

from jobs.models import JobEvent
from syncapp.services import start_sync
from tests.integration.trips.conftest import wait_for
from tests.mirror import Mirror
from tests.workers import no_other_worker, start_worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_killed_full_sync_goes_on_from_its_checkpoint_and_ends_equal(
    mirror: Mirror,
) -> None:
    with no_other_worker():
        gate = mirror.demo.gate
        with gate.hold(operation="ScenePage", skip=1) as held, start_worker() as worker:
            job_id = start_sync(mirror.source.pk, "full").job_id
            held.wait(30)  # a page of scenes is in the mirror, the next is not
            place = wait_for(job_id, "running").checkpoint or {}
            assert place["stream"] == "scenes"
            worker.kill()
        mirror.demo.requests.clear()
        with start_worker():
            job = wait_for(job_id)

    assert job.status == "succeeded"
    assert mirror.differences() == []
    codes = list(JobEvent.objects.filter(job=job).values_list("code", flat=True))
    assert codes.count("started") == 2
    assert "worker_died" in codes
    # What was read before the kill was not read again.
    assert mirror.demo.requests.count(operation="TagPage") == 0
    first = next(seen for seen in mirror.demo.requests if seen.operation == "ScenePage")
    assert first.after == place["place"]
