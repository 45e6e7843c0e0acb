"""What a person is told when a source cannot be read; the key shows nowhere."""

import io
import socket
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from jobs.models import Job, JobEvent
from jobs.services import retry_job
from syncapp.demo import DemoServer, Library
from syncapp.models import Scene, Source
from syncapp.services import start_sync
from tests.integration.trips.conftest import Manage, answer, wait_for
from tests.mirror import Mirror
from tests.site import Person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker"),
]
KEY = "canary-7f3a-key"


@pytest.fixture
def locked() -> Iterator[DemoServer]:
    """Give a server that wants a key."""
    with DemoServer(
        Library(seed=7, scenes=20), port=0, api_key="the-right-one"
    ) as demo:
        yield demo


def failed(source: Source) -> Job:
    return wait_for(start_sync(source.pk, "quick").job_id, "failed", "succeeded")


def test_wrong_key_is_named_and_shown_nowhere(
    locked: DemoServer, person: Person, manage: Manage, worker: object
) -> None:
    source = Source.objects.create(name="Locked", url=locked.url, api_key=KEY)

    job = failed(source)

    assert (job.status, job.error_code) == ("failed", "key_refused")
    assert "key" in job.error_text.lower()
    pages = ["/", "/jobs/", f"/jobs/{job.pk}/", "/admin/syncapp/source/"]
    pages.append(f"/admin/syncapp/source/{source.pk}/change/")
    pages.append(f"/admin/jobs/job/{job.pk}/change/")
    shown = "".join(person.http.get(path).text for path in pages)
    dump = io.StringIO()
    call_command("dumpdata", stdout=dump)
    test = manage("source", "test", "Locked", "--json")
    for text in (shown, dump.getvalue(), test.stdout, test.stderr, job.error_text):
        assert KEY not in text
    events = " ".join(JobEvent.objects.values_list("message", flat=True))
    assert KEY not in events
    assert test.returncode == 5
    assert job.error_text in shown.replace("&#x27;", "'").replace("&quot;", '"')


def test_web_page_instead_of_a_stash_is_named(mirror: Mirror) -> None:
    mirror.demo.faults.html(times=100)

    job = failed(mirror.source)

    assert job.error_code == "not_stash"
    assert mirror.source.url in job.error_text
    assert "Welcome" not in job.error_text


def test_wrong_path_is_named(mirror: Mirror) -> None:
    Source.objects.filter(pk=mirror.source.pk).update(url=f"{mirror.demo.url}/films")

    job = failed(mirror.source)

    assert job.error_code == "not_stash"


def test_dead_server_is_tried_again_and_loses_nothing(mirror: Mirror) -> None:
    mirror.quick()
    mirrored = Scene.objects.count()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        Source.objects.filter(pk=mirror.source.pk).update(url=url)

        job_id = start_sync(mirror.source.pk, "quick").job_id
        job = wait_for(job_id, "queued", also=lambda job: job.error_code != "")

    assert job.error_code == "refused"
    assert url in job.error_text
    assert job.next_at is not None
    assert Scene.objects.filter(deleted_at=None).count() == mirrored
    source = Source.objects.get(pk=mirror.source.pk)
    assert source.trouble_since is not None
    since = f"{source.trouble_since:%d %b %Y %H:%M} UTC"
    assert job.error_text == f"{source.trouble} Source unreachable since {since}."


def test_server_that_hangs_is_given_up_within_seconds(
    mirror: Mirror, manage: Manage
) -> None:
    mirror.demo.faults.hang(times=10)  # until the test has ended

    done = manage("source", "test", "Film archive", "--json")

    assert done.returncode == 5
    assert answer(done)["code"] == "timed_out"
    assert mirror.source.url in answer(done)["sentence"]


def test_server_that_fails_for_a_moment_is_read_to_the_end(mirror: Mirror) -> None:
    mirror.demo.faults.status(503, times=1, root="findScenes")

    job = wait_for(start_sync(mirror.source.pk, "quick").job_id)

    assert job.status == "succeeded"
    assert mirror.differences() == []


def test_server_that_dies_in_the_middle_leaves_a_sync_that_goes_on(
    mirror: Mirror, person: Person
) -> None:
    mirror.demo.faults.status(503, times=10_000, where=lambda seen: seen.after == 250)

    job_id = start_sync(mirror.source.pk, "full").job_id
    job = wait_for(job_id, "queued", also=lambda job: job.error_code != "")

    done = "250 of 300 scenes done. What is done is kept and the sync goes on"
    assert "Source unreachable since " in job.error_text
    assert done in job.error_text
    for path in (f"/jobs/{job_id}/", "/"):
        assert done in person.http.get(path).text
    mirror.demo.faults.clear()
    mirror.demo.requests.clear()
    Job.objects.filter(pk=job_id, status="queued").update(next_at=None)

    job = wait_for(job_id)

    assert job.status == "succeeded"
    assert job.result["streams"]["scenes"]["new"] == 300
    asked = [s.after for s in mirror.demo.requests if s.operation == "ScenePage"]
    assert asked == [250]
    assert mirror.differences() == []


def test_sync_that_gave_up_goes_on_by_retry(mirror: Mirror) -> None:
    mirror.demo.faults.html(times=10_000, where=lambda seen: seen.after == 250)
    job = wait_for(start_sync(mirror.source.pk, "full").job_id, "failed")
    assert Scene.objects.count() == 250
    mirror.demo.faults.clear()
    mirror.demo.requests.clear()

    again = wait_for(retry_job(job.pk).job_id)

    assert again.status == "succeeded"
    assert mirror.demo.requests.count(operation="TagPage") == 0
    assert again.result["streams"]["scenes"]["new"] == 300
    assert mirror.differences() == []
