"""What `up` finds out and sets up when it starts."""

from datetime import UTC, datetime

import pytest

from jobs.models import Job
from syncapp import services
from syncapp.access import claiming
from syncapp.models import Source, StreamState
from tests.builders import make_person, make_source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"is_superuser": True}, True),
        ({"is_superuser": True, "is_active": False}, False),
        ({"is_staff": True}, False),
    ],
)
def test_administrator_is_who_may_do_everything_and_sign_in(
    fields: dict[str, bool], *, answer: bool
) -> None:
    make_person("ada", **fields)

    assert claiming.has_administrator() is answer


def test_new_installation_gets_a_free_port_for_the_sample() -> None:
    port = services.demo_port()

    assert port is not None
    assert 1024 < port < 2**16


def test_sample_keeps_its_port_beside_real_sources() -> None:
    make_source("Real")
    make_source("Sample library", url="http://127.0.0.1:4711", is_demo=True)

    assert services.demo_port() == 4711


def test_sample_stays_off_where_real_sources_are_alone() -> None:
    make_source("Real")

    assert services.demo_port() is None


def test_first_start_adds_the_sample_and_asks_for_all_of_it() -> None:
    source_id = services.add_demo_source("http://127.0.0.1:4711")

    source = Source.objects.get()
    job = Job.objects.get()
    assert (source.pk, source.name, source.is_demo) == (
        source_id,
        "Sample library",
        True,
    )
    assert not source.read_only
    assert (job.kind, job.trigger) == ("sync.full", "system")


def test_second_start_asks_for_nothing_more() -> None:
    source_id = services.add_demo_source("http://127.0.0.1:4711")
    Job.objects.update(status="succeeded")
    for stream in services.STREAM_NAMES:
        StreamState.objects.create(
            source_id=source_id, stream=stream, full_at=datetime.now(UTC)
        )

    again = services.add_demo_source("http://127.0.0.1:4712")

    assert again == source_id
    assert Source.objects.get().url == "http://127.0.0.1:4712"
    assert Job.objects.count() == 1


def test_sample_that_was_read_in_part_is_asked_for_again() -> None:
    source_id = services.add_demo_source("http://127.0.0.1:4711")
    Job.objects.update(status="failed")
    StreamState.objects.create(
        source_id=source_id, stream="tags", full_at=datetime.now(UTC)
    )

    services.add_demo_source("http://127.0.0.1:4711")

    assert Job.objects.filter(status="queued").count() == 1


def test_sample_gives_way_to_a_source_of_its_name() -> None:
    make_source("Sample library")

    services.add_demo_source("http://127.0.0.1:4711")

    assert Source.objects.get(is_demo=True).name == "Sample library 2"
