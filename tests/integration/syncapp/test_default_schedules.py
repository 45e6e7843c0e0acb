"""A source that works is synced by itself; what a person changed stays theirs."""

from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from jobs import scheduling
from jobs.models import Job, Schedule
from jobs.queries import job_card
from jobs.scheduling import services as schedules
from jobs.services import run_inline
from syncapp.demo import DemoServer
from syncapp.models import Source
from syncapp.services import start_sync

pytestmark = pytest.mark.django_db(transaction=True)


def sync(source_id: int, mode: str = "quick") -> str:
    """Sync here and now; returns how it ended."""
    ref = start_sync(source_id, mode)
    run_inline(ref.job_id)
    return job_card(ref.job_id).status


def made() -> dict[str, Schedule]:
    return {row.name: row for row in Schedule.objects.filter(kind__startswith="sync.")}


@pytest.fixture
def source(transactional_db: None, demo: DemoServer) -> Source:
    return Source.objects.create(name="Attic", url=demo.url)


def test_a_source_gets_its_schedules_when_a_sync_went_well(
    source: Source, settings: Settings
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    assert made() == {}

    assert sync(source.pk) == "succeeded"

    quick, full = made()["Quick sync · Attic"], made()["Full sync · Attic"]
    assert (quick.every_minutes, quick.enabled) == (15, True)
    assert (full.cron, full.zone, full.misfire) == (
        "0 4 * * SUN",
        "Europe/Berlin",
        "once",
    )
    assert full.params["source_id"] == source.pk


def test_a_source_that_does_not_work_gets_none(transactional_db: None) -> None:
    source = Source.objects.create(name="Cellar", url="http://127.0.0.1:9")

    assert sync(source.pk) in {"failed", "queued"}

    assert made() == {}


def test_what_a_person_changed_or_deleted_is_not_overruled(source: Source) -> None:
    sync(source.pk)
    schedules.disable_schedule(made()["Quick sync · Attic"].pk)
    schedules.delete_schedule(made()["Full sync · Attic"].pk)

    sync(source.pk)
    sync(source.pk, "full")

    assert list(made()) == ["Quick sync · Attic"]
    assert not made()["Quick sync · Attic"].enabled


def test_a_scheduled_sync_is_the_same_work_as_a_button(source: Source) -> None:
    sync(source.pk)
    due = datetime.now(UTC)
    Schedule.objects.filter(kind="sync.quick").update(slot_at=due, next_at=due)
    ref = start_sync(source.pk, "quick")

    scheduling.tick(due)

    assert Job.objects.filter(status="queued").count() == 1
    fire = made()["Quick sync · Attic"].fires.get()
    assert (fire.outcome, fire.job_id) == ("joined", ref.job_id)
