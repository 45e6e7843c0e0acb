"""The pages of schedules: made, previewed, changed, run, switched and deleted."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.enums import JSON
from jobs.models import Job, Schedule, ScheduleFire
from jobs.scheduling import services
from jobs.scheduling.services import ScheduleSpec
from syncapp.models import Source
from tests.builders import make_person, make_source
from tests.site import forms

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bare"),
]
SOURCE = 4_000_000
QUICK: dict[str, JSON] = {
    "source_id": SOURCE,
    "streams": [],
    "accept_deletions": False,
    "rewrite": False,
}
TYPED = {
    "name": "Quick sync at night",
    "kind": "sync.quick",
    "params": json.dumps(QUICK),
    "cron": "30 2 * * *",
    "zone": "Europe/Berlin",
    "overlap": "skip",
    "misfire": "once",
    "jitter_s": "",
    "enabled": "on",
}


@pytest.fixture
def bare(transactional_db: None) -> None:
    """Take away the schedule that came with the database; make a source."""
    Schedule.objects.all().delete()
    make_source("Sound archive", id=SOURCE)


@pytest.fixture
def keeper(transactional_db: None) -> Client:
    """Give the browser of somebody who manages schedules and runs jobs."""
    client = Client()
    client.force_login(make_person("ada", "jobs.manage_schedule", "jobs.run_job"))
    return client


@pytest.fixture
def operator(transactional_db: None) -> Client:
    client = Client()
    client.force_login(make_person("ida", "jobs.run_job"))
    return client


@pytest.fixture
def schedule_id(transactional_db: None) -> int:
    spec = ScheduleSpec("Quick sync", "sync.quick", QUICK, every_minutes=15)
    return services.save_schedule(spec)


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content
    return response.content.decode()


def test_one_is_typed_previewed_and_kept(keeper: Client) -> None:
    previewed = keeper.post("/schedules/new/", {**TYPED, "do": "preview"})
    assert Schedule.objects.count() == 0
    kept = keeper.post("/schedules/new/", {**TYPED, "do": "save"}, follow=True)

    schedule = Schedule.objects.get()
    assert previewed.content.decode().count("<time") == 10
    assert kept.redirect_chain == [(f"/schedules/{schedule.pk}/", 303)]
    shown = kept.content.decode()
    for text in (
        "Quick sync at night",
        "At 02:30 every day",
        "Europe/Berlin",
        "Saved.",
    ):
        assert text in shown
    assert (schedule.misfire, schedule.params) == ("once", QUICK)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"cron": "61 2 * * *"}, "The minute of “61 2 * * *” cannot be read"),
        ({"cron": "@daily"}, "A cron has five fields"),
        ({"cron": ""}, "Give either a cron or a number of minutes."),
        ({"every_minutes": "5"}, "Give either a cron or a number of minutes."),
        ({"cron": "", "every_minutes": "0"}, "greater than or equal to 1"),
        ({"zone": "Mars/Base"}, "There is no time zone"),
        ({"params": "{"}, "Enter a valid JSON."),
        ({"params": "[1]"}, "Write an object, such as"),
        ({"params": '{"source_id": NaN}'}, "'source_id' of a job of kind"),
        ({"params": "{}"}, "needs the parameters: source_id."),
        ({"params": '{"a": "\\u0000"}', "kind": "jobs.prune"}, "it takes none."),
        ({"params": '{"source_id": 4}'}, "Source 4 is not here"),
        ({"params": f'{{"source_id": {10**30}}}'}, "is not here"),
        ({"kind": "os.system"}, "Select a valid choice"),
        ({"name": ""}, "This field is required."),
        ({"jitter_s": "9999"}, "less than or equal to 3600"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    typed: dict[str, str], told: str, keeper: Client
) -> None:
    response = keeper.post("/schedules/new/", {**TYPED, **typed, "do": "save"})

    assert response.status_code == 400
    assert told in response.content.decode().replace("&#x27;", "'")
    assert Schedule.objects.count() == 0


def test_two_cannot_have_one_name(keeper: Client, schedule_id: int) -> None:
    response = keeper.post("/schedules/new/", {**TYPED, "name": "Quick sync"})

    assert response.status_code == 400
    assert "a schedule named “Quick sync” already" in response.content.decode()


def test_one_is_changed_and_planned_anew(keeper: Client, schedule_id: int) -> None:
    form = page(keeper, f"/schedules/{schedule_id}/change/")
    before = Schedule.objects.get().next_at

    keeper.post(f"/schedules/{schedule_id}/change/", {**TYPED, "do": "save"})

    schedule = Schedule.objects.get()
    assert 'value="15"' in form
    assert (schedule.cron, schedule.every_minutes) == ("30 2 * * *", None)
    assert schedule.next_at != before
    assert schedule.next_at is not None
    assert schedule.next_at > datetime.now(UTC)


def test_a_job_is_repeated_by_schedule(keeper: Client, schedule_id: int) -> None:
    source = make_source()
    job_id = services.run_now(schedule_id).job_id

    link = page(keeper, f"/jobs/{job_id}/")
    form = page(keeper, f"/schedules/new/?job={job_id}")

    assert f'href="/schedules/new/?job={job_id}"' in link
    assert 'value="sync.quick" selected' in form
    assert f"&quot;source_id&quot;: {SOURCE}" in form
    assert source.pk
    page(keeper, "/schedules/new/?job=999", 404)


def test_one_runs_now_also_when_it_is_off(operator: Client, schedule_id: int) -> None:
    services.disable_schedule(schedule_id)
    (sign_out, run) = forms(page(operator, f"/schedules/{schedule_id}/"))

    response = operator.post(run.action)

    job = Job.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/jobs/{job.pk}/")
    assert job.requested_by is not None
    assert (job.trigger, job.requested_by.username) == ("schedule", "ida")
    shown = page(operator, f"/schedules/{schedule_id}/")
    assert f'<a href="/jobs/{job.pk}/">Job {job.pk}</a>' in shown
    assert "by hand" in shown
    assert sign_out.action == reverse("logout")


def test_one_is_turned_off_and_on(keeper: Client, schedule_id: int) -> None:
    keeper.post(f"/schedules/{schedule_id}/disable/")
    off = page(keeper, f"/schedules/{schedule_id}/")
    keeper.post(f"/schedules/{schedule_id}/enable/")
    on = page(keeper, f"/schedules/{schedule_id}/")

    assert "not while it is off" in off
    assert "Next runs, were it on" in off
    assert ">Turn off</button>" in on
    assert Schedule.objects.get().next_at is not None


def test_one_that_turned_itself_off_says_why_and_cannot_be_turned_on(
    keeper: Client, schedule_id: int
) -> None:
    reason = "A job of kind 'sync.quick' needs the parameters: source_id."
    Schedule.objects.update(enabled=False, disabled_reason=reason, params={})

    shown = page(keeper, f"/schedules/{schedule_id}/").replace("&#x27;", "'")
    listed = page(keeper, "/schedules/").replace("&#x27;", "'")
    response = keeper.post(f"/schedules/{schedule_id}/enable/")

    assert f"It was turned off: {reason}" in shown
    assert reason in listed
    assert response.status_code == 409


def test_one_is_deleted_after_a_question_and_its_jobs_stay(
    keeper: Client, schedule_id: int
) -> None:
    job_id = services.run_now(schedule_id).job_id
    question = page(keeper, f"/schedules/{schedule_id}/delete/")

    done = keeper.post(f"/schedules/{schedule_id}/delete/", follow=True)

    assert "Delete “Quick sync”?" in question
    assert (
        "“Quick sync” is removed; the jobs that it made stay." in done.content.decode()
    )
    assert (Schedule.objects.count(), ScheduleFire.objects.count()) == (0, 0)
    assert Job.objects.filter(pk=job_id).exists()


@pytest.mark.parametrize("verb", ["change", "delete", "enable", "disable"])
def test_only_who_manages_schedules_changes_them(
    verb: str, operator: Client, schedule_id: int
) -> None:
    before = Schedule.objects.values().get()

    response = operator.post(f"/schedules/{schedule_id}/{verb}/", TYPED)

    assert response.status_code == 403
    assert "Only who manages schedules" in response.content.decode()
    assert Schedule.objects.values().get() == before
    assert len(forms(page(operator, f"/schedules/{schedule_id}/"))) == 2


def test_new_ones_are_for_who_manages_schedules(operator: Client) -> None:
    assert operator.get("/schedules/new/").status_code == 403
    assert operator.post("/schedules/new/", TYPED).status_code == 403
    assert "/schedules/new/" not in page(operator, "/schedules/")
    assert Schedule.objects.count() == 0


@pytest.mark.parametrize("verb", ["", "change/", "delete/"])
def test_one_that_is_not_there_is_said(verb: str, keeper: Client) -> None:
    for number in (99, 10**30):
        assert keeper.get(f"/schedules/{number}/{verb}").status_code == 404


@pytest.mark.parametrize("verb", ["run", "enable", "disable", "delete", "change"])
def test_what_is_asked_of_one_that_is_gone_is_told(verb: str, keeper: Client) -> None:
    response = keeper.post(f"/schedules/99/{verb}/", TYPED)

    assert response.status_code == 404
    assert "There is no schedule 99." in response.content.decode()


def test_history_tells_what_became_of_each_slot(
    keeper: Client, schedule_id: int
) -> None:
    job_id = services.run_now(schedule_id).job_id
    noon = datetime(2027, 5, 17, 12, tzinfo=UTC)
    note = "Job 7 of this schedule was still running."
    for n, (outcome, text) in enumerate(
        [("made", ""), ("skipped", note), ("missed", "No worker was there.")]
    ):
        ScheduleFire.objects.create(
            schedule_id=schedule_id,
            slot_at=noon.replace(minute=n),
            outcome=outcome,
            note=text,
        )

    shown = page(keeper, f"/schedules/{schedule_id}/")

    for text in (note, "left out", "missed", "No worker was there.", "cleared away"):
        assert text in shown
    assert f"/jobs/{job_id}/" in shown


def test_hostile_words_are_text(keeper: Client, schedule_id: int) -> None:
    attack = "<script>alert(1)</script>"
    Schedule.objects.update(
        name=attack,
        params={attack: attack},
        cron=attack,
        every_minutes=None,
        zone=attack,
        disabled_reason=attack,
    )
    for address in ("/schedules/", f"/schedules/{schedule_id}/"):
        assert "<script>alert" not in page(keeper, address)
    page(keeper, f"/schedules/{schedule_id}/change/")
    page(keeper, f"/schedules/{schedule_id}/delete/")


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, address)
    return len(captured)


def test_a_longer_list_asks_no_more_of_the_database(keeper: Client) -> None:
    services.save_schedule(ScheduleSpec("First", "sync.quick", QUICK, every_minutes=1))
    page(keeper, "/schedules/")  # what is remembered after the first request
    few = asked(keeper, "/schedules/")
    for n in range(5):
        spec = ScheduleSpec(f"More {n}", "sync.quick", QUICK, every_minutes=1)
        services.run_now(services.save_schedule(spec))

    assert asked(keeper, "/schedules/") == few


def test_a_source_takes_its_schedules_with_it(keeper: Client) -> None:
    source = Source.objects.create(name="Attic", url="http://nas:9999")
    mine = {**QUICK, "source_id": source.pk}
    services.save_schedule(
        ScheduleSpec("Its own", "sync.quick", mine, every_minutes=15)
    )
    services.save_schedule(ScheduleSpec("Other", "sync.quick", QUICK, every_minutes=15))

    keeper.force_login(make_person("eve", "syncapp.manage_source"))
    keeper.post(f"/sources/{source.pk}/remove/")

    assert list(Schedule.objects.values_list("name", flat=True)) == ["Other"]
