"""Who manages schedules can have nothing done that they could not ask for by hand."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from jobs import scheduling
from jobs.models import Job, Schedule
from jobs.queries import job_card
from jobs.scheduling import services
from jobs.scheduling.services import ScheduleSpec
from jobs.services import run_inline
from syncapp.models import Source, Tag
from syncapp.services import purge_tombstones
from tests.builders import make_person, make_source, make_tag

pytestmark = pytest.mark.django_db(transaction=True)
MANAGE, RUN, SOURCES = "jobs.manage_schedule", "jobs.run_job", "syncapp.manage_source"
TYPED = {
    "name": "Mine",
    "cron": "30 2 * * *",
    "zone": "UTC",
    "overlap": "skip",
    "misfire": "skip",
    "enabled": "on",
    "do": "save",
}


@pytest.fixture
def source(transactional_db: None) -> Source:
    Schedule.objects.all().delete()
    return make_source()


def browser(*permissions: str) -> Client:
    client = Client()
    client.force_login(make_person("eve", *permissions, is_staff=True))
    return client


def typed(kind: str, **params: Any) -> dict[str, str]:
    return {**TYPED, "kind": kind, "params": json.dumps(params)}


def kept(kind: str, **params: Any) -> int:
    spec = ScheduleSpec("Theirs", kind, params, every_minutes=60, enabled=False)
    return services.save_schedule(spec)


def test_rights_over_schedules_alone_make_no_sync(source: Source) -> None:
    form = typed("sync.full", source_id=source.pk, accept_deletions=True)

    response = browser(MANAGE).post("/schedules/new/", form)

    assert response.status_code == 403
    assert "it needs the right jobs.run_job" in response.content.decode()
    assert not Schedule.objects.exists()


def test_they_neither_turn_one_on_nor_make_another_of_it(source: Source) -> None:
    schedule_id = kept("sync.full", source_id=source.pk)
    eve = browser(MANAGE, "jobs.view_schedule")
    before = Schedule.objects.values().get()
    form = typed("sync.full", source_id=source.pk, accept_deletions=True)
    marked = {"action": "enable", "_selected_action": [schedule_id]}

    on = eve.post(f"/schedules/{schedule_id}/enable/")
    other = eve.post(f"/schedules/{schedule_id}/change/", form)
    by_admin = eve.post("/admin/jobs/schedule/", marked, follow=True)

    assert (on.status_code, other.status_code) == (403, 403)
    assert "needs the right jobs.run_job" in by_admin.content.decode()
    assert Schedule.objects.values().get() == before


def test_who_may_start_jobs_schedules_no_purge(source: Source) -> None:
    schedule_id = kept("sync.purge", source_id=source.pk, days=90)
    eve = browser(MANAGE, RUN)

    new = eve.post("/schedules/new/", typed("sync.purge", source_id=source.pk, days=0))
    run = eve.post(f"/schedules/{schedule_id}/run/")

    assert (new.status_code, run.status_code) == (403, 403)
    assert Schedule.objects.count() == 1
    assert not Job.objects.exists()


def test_who_may_start_jobs_repeats_no_purge(source: Source) -> None:
    job_id = purge_tombstones(source.pk, 90, by=None).job_id
    Job.objects.update(status="failed")
    marked = {"action": "retry", "_selected_action": [job_id]}
    eve = browser(RUN, "jobs.view_job")

    response = eve.post(f"/jobs/{job_id}/retry/")
    eve.post("/admin/jobs/job/", marked)

    assert response.status_code == 403
    assert Job.objects.count() == 1


def test_a_scheduled_purge_drops_what_is_old_when_it_runs(source: Source) -> None:
    days = {"old": 91, "young": 89}
    for number, (name, age) in enumerate(days.items()):
        gone = datetime.now(UTC) - timedelta(days=age)
        make_tag(source, number, name, deleted_at=gone)
    form = typed("sync.purge", source_id=source.pk, days=90)

    response = browser(MANAGE, SOURCES).post("/schedules/new/", form)
    due = datetime.now(UTC)
    Schedule.objects.update(slot_at=due, next_at=due)
    scheduling.tick(due)

    job = Job.objects.get()
    run_inline(job.pk)
    assert response.status_code == 303
    assert job_card(job.pk).status == "succeeded"
    assert list(Tag.objects.values_list("name", flat=True)) == ["young"]


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"sources": 1}, "has no parameter 'sources': it takes source_id, streams"),
        (
            {"source_id": "1"},
            "'source_id' of a job of kind 'sync.full' must be a whole",
        ),
        ({"source_id": True}, "must be a whole number"),
        ({"streams": "tags"}, "must be a list of texts"),
        ({"streams": ["tgas"]}, "There is no stream 'tgas'"),
        ({"rewrite": "yes"}, "must be true or false"),
    ],
)
def test_parameters_that_cannot_be_are_told_beside_their_field(
    params: dict[str, Any], told: str, source: Source
) -> None:
    form = typed("sync.full", **{"source_id": source.pk, **params})

    response = browser(MANAGE, RUN).post("/schedules/new/", form)

    page = response.content.decode().replace("&#x27;", "'")
    assert response.status_code == 400
    assert told in page
    assert 'id="id_params_error"' in page
    assert not Schedule.objects.exists()


def test_what_is_not_typed_has_its_default(source: Source) -> None:
    browser(MANAGE, RUN).post(
        "/schedules/new/", typed("sync.full", source_id=source.pk)
    )

    assert Schedule.objects.get().params == {
        "source_id": source.pk,
        "streams": [],
        "accept_deletions": False,
        "rewrite": False,
    }


def test_one_whose_source_went_by_another_way_turns_itself_off(source: Source) -> None:
    schedule_id = kept("sync.quick", source_id=source.pk)
    services.enable_schedule(schedule_id)
    Source.objects.all().delete()
    due = datetime.now(UTC)
    Schedule.objects.update(slot_at=due, next_at=due)
    eve = browser(MANAGE, RUN)

    scheduling.tick(due)
    again = eve.post(f"/schedules/{schedule_id}/enable/")
    run = eve.post(f"/schedules/{schedule_id}/run/")

    row = Schedule.objects.get()
    assert not row.enabled
    assert "is not here: it may have been removed" in row.disabled_reason
    assert (again.status_code, run.status_code) == (409, 409)
    assert not Job.objects.exists()
