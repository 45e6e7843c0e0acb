"""The admin: all can be looked at, sources can be changed, keys are never seen."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from jobs.models import Job, Schedule, WorkerNode
from syncapp.models import SEARCH, Scene, Source, StreamState, Tag
from syncapp.services import start_sync
from tests.builders import make_library, make_person, make_source

pytestmark = pytest.mark.django_db
KEY = "canary-key-7d10"
# Of use in the first hour of an installation, and to nobody after it.
FIRST_HOUR = {"Claim", "FailedTries", "SetupCode"}
# Lines of logs, and marks that are set by buttons and commands.
LINES = {"JobEvent", "HistoryEntry", "ChangeSet", "ScheduleFire"}
MARKS = {"PausedLane", "SeededSchedule", "MetricCounter", "KeyFingerprint"}
# What rows are found by: sync alone writes it.
SEARCHED = {*(model.__name__ for model in SEARCH.values()), "IndexState"}
LINKS = {"SceneTag", "ScenePerformer", "StudioTag", "PerformerTag", "TagParent"}
SETS = {"SceneSet", "SceneSetPart"}  # of a job, packed: nobody can read them
FILES = {"SceneFile"}  # they stand on the page of their scene
TASTE = {"Preferences", "SavedFilter"}  # of each person, who has a page for it
# Plans and rules have pages of their own, which keep what an admin would break.
ANALYSIS = {
    *("Plan", "Change", "SceneAnalysis", "NotADuplicate", "Dismissal"),
    *("KeptSpelling", "KeptDateOrder", "KeptMark", "KeptRoots"),
    *("Creation", "Decision", "AutomaticApply"),
}
VIEWS = [
    f"syncapp.view_{name}" for name in ("scene", "tag", "performer", "studio", "source")
]


@pytest.fixture
def source() -> Source:
    source = make_source(api_key=KEY, trouble="It does not answer.")
    make_library(source)
    StreamState.objects.create(source=source, stream="tags")
    start_sync(source.pk, "quick")
    Schedule.objects.all().delete()  # one comes with the database, until it is emptied
    Schedule.objects.create(name="Each hour", kind="sync.quick", every_minutes=60)
    WorkerNode.objects.create(
        id="w" * 32, host="here", pid=1, processes=1, heartbeat_at=timezone.now()
    )
    return source


@pytest.fixture
def looker(client: Client) -> Client:
    """Give the browser of a member of staff who may look, and no more."""
    client.force_login(make_person("noor", *VIEWS, is_staff=True))
    return client


def models() -> list[Any]:
    rooms = ("syncapp", "jobs")
    return [model for room in rooms for model in apps.get_app_config(room).get_models()]


def test_every_model_of_which_a_person_thinks_has_pages() -> None:
    registered = {
        model.__name__ for model in models() if admin.site.is_registered(model)
    }

    every = {model.__name__ for model in models()}
    hidden = LINKS | LINES | MARKS | FIRST_HOUR | FILES | SETS | TASTE | SEARCHED
    hidden |= ANALYSIS
    assert registered == every - hidden


def test_every_list_and_every_row_opens(admin_client: Client, source: Source) -> None:
    never_opened = set()
    for model in models():
        if not admin.site.is_registered(model):
            continue
        never_opened.add(model.__name__)
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert admin_client.get(reverse(f"{names}_changelist")).status_code == 200
        for row in model.objects.all()[:1]:
            page = admin_client.get(reverse(f"{names}_change", args=[row.pk]))
            assert page.status_code == 200
            assert KEY not in page.content.decode()
            never_opened.discard(model.__name__)
    assert never_opened == set()


def test_a_scene_is_shown_with_its_files(admin_client: Client, source: Source) -> None:
    page = admin_client.get(
        reverse("admin:syncapp_scene_change", args=[Scene.objects.all()[0].pk])
    )

    told = "/films/reel 1.mkv (1,500,000,000 bytes, 1920 x 1080)"
    assert told in page.content.decode()


def test_searches_and_filters_answer(admin_client: Client, source: Source) -> None:
    for address in (
        "/admin/syncapp/scene/?q=harbour&organized__exact=0&deleted_at__isempty=1",
        f"/admin/syncapp/tag/?q=sea&source__id__exact={source.pk}",
    ):
        assert admin_client.get(address).status_code == 200


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Tokyo"])
@pytest.mark.parametrize(
    "asked",
    [
        {"created_at__year": "1"},
        {"created_at__year": "9999"},
        {"created_at__year": "0"},
        {"created_at__year__gte": "10000"},
        {"created_at__iso_year": "9999"},
        {"created_at__gte": "0001-01-01 00:00:00+14:00"},
        {"created_at__lt": "9999-12-31 23:59:59-12:00"},
        {"finished_at__date": "9999-12-31"},
    ],
    ids=str,
)
def test_filter_for_a_time_that_no_calendar_has_answers(
    asked: dict[str, str], zone: str, admin_client: Client, settings: Settings
) -> None:
    settings.TIME_ZONE = zone

    response = admin_client.get("/admin/jobs/job/", asked, follow=True)

    assert response.status_code == 200


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo"])
def test_rows_from_the_ends_of_the_calendar_are_shown(
    year: int, zone: str, admin_client: Client, source: Source, settings: Settings
) -> None:
    settings.TIME_ZONE = zone
    at = datetime(year, 1, 1, tzinfo=UTC)
    if year > 1:
        at = datetime(year, 12, 31, 23, 59, tzinfo=UTC)
    Scene.objects.update(remote_created_at=at, synced_at=at)
    scene = Scene.objects.first()
    assert scene is not None

    for address in (
        "/admin/syncapp/scene/",
        f"/admin/syncapp/scene/{scene.pk}/change/",
    ):
        page = admin_client.get(address)
        assert page.status_code == 200
        assert "Harbour at Dawn" in page.content.decode()


def test_mirror_cannot_be_written_even_by_administrators(
    admin_client: Client, source: Source
) -> None:
    scene = Scene.objects.first()
    assert scene is not None
    change = reverse("admin:syncapp_scene_change", args=[scene.pk])
    delete = reverse("admin:syncapp_scene_delete", args=[scene.pk])

    assert admin_client.post(change, {"title": "x"}).status_code == 403
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    assert admin_client.get("/admin/syncapp/scene/add/").status_code == 403
    assert not Scene.objects.filter(title="x").exists()


def test_more_rows_cost_no_more_queries(
    admin_client: Client, source: Source, django_assert_max_num_queries: Any
) -> None:
    make_library(make_source("Lectures"), scenes=30)

    for name, most in (("scene", 10), ("tag", 10), ("studio", 10)):
        with django_assert_max_num_queries(most):
            admin_client.get(f"/admin/syncapp/{name}/")


def act(client: Client, model: str, action: str, rows: Any) -> Any:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"/admin/syncapp/{model}/", chosen, follow=True)


def test_selected_scenes_are_synced_again(admin_client: Client, source: Source) -> None:
    page = act(admin_client, "scene", "resync_selected", Scene.objects.all())

    job = Job.objects.get(kind="sync.scenes")
    assert job.params == {"source_id": source.pk, "ids": [1, 2, 3]}
    assert f'<a href="/jobs/{job.pk}/">job {job.pk}</a>' in page.content.decode()


def test_selected_tags_are_synced_again(admin_client: Client, source: Source) -> None:
    act(admin_client, "tag", "resync_selected", Tag.objects.all())

    job = Job.objects.latest("id")
    assert (job.kind, job.params["streams"]) == ("sync.quick", ["tags"])


@pytest.mark.parametrize("mode", ["quick", "full"])
def test_selected_sources_are_synced(mode: str, admin_client: Client) -> None:
    source = make_source()

    act(admin_client, "source", f"{mode}_sync", [source])

    assert Job.objects.get().kind == f"sync.{mode}"


def test_source_is_tried_out(admin_client: Client) -> None:
    source = make_source(url="http://127.0.0.1:1")

    page = act(admin_client, "source", "test", [source])

    assert "Nothing answers at http://127.0.0.1:1" in page.content.decode()


def test_who_may_only_look_has_no_actions(looker: Client, source: Source) -> None:
    before = Job.objects.count()

    for model, rows in (("scene", Scene.objects.all()), ("source", [source])):
        page = act(looker, model, "resync_selected", rows)
        assert "resync_selected" not in page.content.decode()

    assert Job.objects.count() == before


def test_who_may_only_look_sees_a_source_without_its_form(
    looker: Client, source: Source
) -> None:
    address = reverse("admin:syncapp_source_change", args=[source.pk])

    page = looker.get(address).content.decode()

    assert "http://nas:9999" in page
    assert "new_key" not in page
    assert looker.post(address, {"name": "x", "url": "http://x"}).status_code == 403
    assert looker.get("/admin/syncapp/source/add/").status_code == 403


def test_administrator_adds_a_source(admin_client: Client) -> None:
    form = {"name": "Lectures", "url": "http://NAS:9998/", "read_only": "on"}
    switched = {**form, "analyse_after_sync": "on"}

    admin_client.post("/admin/syncapp/source/add/", {**switched, "new_key": KEY})

    source = Source.objects.get()
    assert (source.name, source.url, source.read_only) == (
        "Lectures",
        "http://nas:9998",
        True,
    )
    assert source.analyse_after_sync
    assert source.api_key.open() == KEY
    history = "".join(LogEntry.objects.values_list("change_message", flat=True))
    assert KEY not in history


def change(client: Client, source: Source, **fields: str) -> str:
    form = {"name": source.name, "url": source.url, **fields}
    address = reverse("admin:syncapp_source_change", args=[source.pk])
    page = client.post(address, form, follow=True).content.decode()
    source.refresh_from_db()
    return str(page)


def test_key_stays_when_its_field_is_empty(
    admin_client: Client, source: Source
) -> None:
    change(admin_client, source, name="Films")

    assert source.name == "Films"
    assert source.api_key.open() == KEY


def test_key_goes_when_the_address_is_another_server_s(
    admin_client: Client, source: Source
) -> None:
    page = change(admin_client, source, url="http://other:9999")

    assert source.api_key == ""
    assert "the API key was removed" in page


def test_key_can_be_given_with_the_new_address(
    admin_client: Client, source: Source
) -> None:
    change(admin_client, source, url="http://other:9999", new_key="fresh")

    assert source.api_key.open() == "fresh"


def test_links_may_have_an_address_of_their_own(
    admin_client: Client, source: Source
) -> None:
    change(admin_client, source, public_url="https://STASH.example/")
    kept = source.public_url

    wrong = change(admin_client, source, public_url="javascript:alert(1)")

    assert (kept, source.public_url) == ("https://stash.example", kept)
    assert "This address cannot be used." in wrong


def test_key_can_be_removed(admin_client: Client, source: Source) -> None:
    change(admin_client, source, remove_key="on")

    assert source.api_key == ""


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"url": "ftp://nas"}, "This address cannot be used."),
        ({"new_key": "gr\u00fcn"}, "That is not an API key"),
        ({"new_key": "x", "remove_key": "on"}, "Enter a key or remove it, not both."),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field(
    fields: dict[str, str], sentence: str, admin_client: Client, source: Source
) -> None:
    page = change(admin_client, source, **fields)

    assert sentence in page
    assert source.api_key.open() == KEY
