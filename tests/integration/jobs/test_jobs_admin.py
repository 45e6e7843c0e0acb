"""Jobs in the admin: looked at by many, touched by those who may."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from jobs import queries, services
from jobs.models import Job, Schedule, ScheduleFire, WorkerNode
from jobs.scheduling import services as schedules
from jobs.scheduling.services import ScheduleSpec
from tests.builders import make_claim

pytestmark = pytest.mark.django_db
LIST = "admin:jobs_job_changelist"


@pytest.fixture
def job_id() -> int:
    return services.create_job("test.note", {"say": "hi"}).job_id


def signed_in(*codenames: str) -> Client:
    user = User.objects.create_user("archivist", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    make_claim()
    client = Client()
    client.force_login(user)
    return client


def press(client: Client, action: str, job_id: int) -> str:
    data = {"action": action, "_selected_action": [job_id]}
    page = client.post(reverse(LIST), data, follow=True)
    return page.content.decode()


def test_jobs_and_their_events_can_be_read_and_not_written(job_id: int) -> None:
    client = signed_in("view_job", "view_jobevent")

    listed = client.get(reverse(LIST)).content.decode()
    shown = client.get(reverse("admin:jobs_job_change", args=[job_id]))
    changed = client.post(
        reverse("admin:jobs_job_change", args=[job_id]), {"title": "Forged"}
    )

    assert "Note" in listed
    assert "The job was asked for." in shown.content.decode()
    assert changed.status_code == 403
    assert client.get(reverse("admin:jobs_job_add")).status_code == 403


def test_workers_can_be_read(client: Client) -> None:
    page = signed_in("view_workernode").get(reverse("admin:jobs_workernode_changelist"))

    assert page.status_code == 200


def test_only_the_last_events_are_shown(job_id: int) -> None:
    Job.objects.filter(pk=job_id).update(last_seq=200)
    page = signed_in("view_job", "view_jobevent").get(
        reverse("admin:jobs_job_change", args=[job_id])
    )

    assert "The job was asked for." not in page.content.decode()


def test_whoever_may_run_jobs_cancels_and_retries_them(job_id: int) -> None:
    client = signed_in("view_job", "run_job")

    said = press(client, "cancel", job_id)
    assert "Jobs asked to stop: 1." in said
    assert queries.job_card(job_id).status == "cancelled"
    press(client, "retry", job_id)

    retried_by = queries.job_card(job_id).retried_by
    assert retried_by is not None
    assert queries.job_card(retried_by).by == "archivist"


def test_what_cannot_be_done_is_said(job_id: int) -> None:
    said = press(signed_in("view_job", "run_job"), "retry", job_id)

    assert f"Job {job_id} is queued: there is nothing to retry." in said


def test_whoever_may_only_look_cancels_nothing(job_id: int) -> None:
    press(signed_in("view_job"), "cancel", job_id)

    assert queries.job_card(job_id).status == "queued"


def test_the_queue_s_own_tables_are_out_of_the_admin() -> None:
    queue = set(apps.get_app_config("django_q").get_models())

    assert queue
    assert not queue & set(admin.site._registry)
    assert {Job, WorkerNode} <= set(admin.site._registry)


def schedule() -> int:
    spec = ScheduleSpec("Night watch", "test.note", {"say": "hi"}, every_minutes=15)
    return schedules.save_schedule(spec)


def press_schedule(client: Client, action: str, schedule_id: int) -> str:
    data = {"action": action, "_selected_action": [schedule_id]}
    page = client.post(reverse("admin:jobs_schedule_changelist"), data, follow=True)
    return page.content.decode()


def test_schedules_are_looked_at_and_switched(job_id: int) -> None:
    schedule_id = schedule()
    client = signed_in(
        "view_schedule", "view_schedulefire", "manage_schedule", "run_job"
    )
    address = reverse("admin:jobs_schedule_change", args=[schedule_id])

    off = press_schedule(client, "disable", schedule_id)
    ran = press_schedule(client, "run", schedule_id)
    on = press_schedule(client, "enable", schedule_id)
    shown = client.get(address).content.decode()

    assert "Schedules turned off: 1." in off
    assert "Jobs asked for: 1." in ran
    assert "Schedules turned on: 1." in on
    assert "made" in shown
    assert client.post(address, {"name": "Forged"}).status_code == 403
    assert queries.list_jobs().rows[0].trigger == "schedule"


def test_a_schedule_shows_its_last_slots_in_the_admin() -> None:
    schedule_id = schedule()
    ScheduleFire.objects.bulk_create(
        ScheduleFire(schedule_id=schedule_id, outcome="missed", note=f"Slot {n:02}.")
        for n in range(30)
    )
    client = signed_in("view_schedule", "view_schedulefire")

    shown = client.get(
        reverse("admin:jobs_schedule_change", args=[schedule_id])
    ).content.decode()

    assert "Slot 29." in shown
    assert "Slot 10." in shown
    assert "Slot 09." not in shown


def test_whoever_may_only_look_switches_no_schedule() -> None:
    schedule_id = schedule()

    press_schedule(signed_in("view_schedule"), "disable", schedule_id)

    assert Schedule.objects.get(pk=schedule_id).enabled
