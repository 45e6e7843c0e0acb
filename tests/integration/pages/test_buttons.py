"""What a button answers before any worker is there: which job, where, or why not."""

from datetime import datetime
from typing import Any

import pytest
from django.test import AsyncClient

from jobs.models import Job
from jobs.services import cancel_job
from syncapp.models import Scene, Source
from syncapp.services import start_sync
from tests.builders import make_scene, make_source
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("mode", ["quick", "full"])
@pytest.mark.parametrize(
    ("streams", "kept"),
    [
        ([], []),
        (["scenes"], ["scenes"]),
        (["scenes,tags"], ["tags", "scenes"]),
        (["scenes", "tags"], ["tags", "scenes"]),
        (["scenes", "tags", "studios", "performers"], []),
    ],
)
async def test_sync_button_leads_to_its_job(
    mode: str,
    streams: list[str],
    kept: list[str],
    operator: AsyncClient,
    source: Source,
) -> None:
    response = await operator.post(
        f"/sources/{source.pk}/sync/{mode}/", {"streams": streams}
    )

    job = await Job.objects.select_related("requested_by").aget()
    assert (response.status_code, response["Location"]) == (303, f"/jobs/{job.pk}/")
    assert job.kind == f"sync.{mode}"
    assert (job.params["source_id"], job.params["streams"]) == (source.pk, kept)
    assert job.requested_by.username == "ada"
    page = text(await operator.get(f"/jobs/{job.pk}/"))
    assert "Film archive" in page
    assert '<meta http-equiv="refresh"' in page


async def test_who_asks_for_json_is_told_of_the_job(
    operator: AsyncClient, source: Source
) -> None:
    response = await operator.post(f"/sources/{source.pk}/sync/quick/", headers=JSON)

    job = await Job.objects.aget()
    told = response.json()
    assert response.status_code == 202
    assert set(told) == {"job_id", "status", "created_at", "updated_at", "url"}
    assert (told["job_id"], told["status"]) == (job.pk, "queued")
    assert told["url"] == f"/jobs/{job.pk}/"
    assert datetime.fromisoformat(told["created_at"]) == job.created_at


async def test_second_click_finds_the_first_one_s_job(
    operator: AsyncClient, source: Source
) -> None:
    first = await operator.post(f"/sources/{source.pk}/sync/quick/")
    second = await operator.post(f"/sources/{source.pk}/sync/quick/")

    assert first["Location"] == second["Location"]
    assert await Job.objects.acount() == 1


@pytest.mark.parametrize(
    ("address", "form", "status", "sentence"),
    [
        ("/sources/99/sync/quick/", {}, 404, "Source 99 is not here"),
        ("/sources/1/sync/slow/", {}, 400, "There is no sync 'slow'"),
        ("/sources/1/sync/quick/", {"streams": "x"}, 400, "There is no stream 'x'"),
        ("/scenes/sync/", {}, 400, "None of the scenes was chosen"),
        ("/scenes/sync/", {"ids": "x"}, 404, "not in the mirror"),
        ("/scenes/99/sync/", {}, 404, "not in the mirror"),
        (f"/scenes/{10**30}/sync/", {}, 404, "not in the mirror"),
        ("/jobs/99/cancel/", {}, 404, "There is no job 99"),
        ("/jobs/99/retry/", {}, 404, "There is no job 99"),
    ],
)
async def test_what_cannot_be_done_is_told_in_a_sentence(
    address: str,
    form: dict[str, str],
    status: int,
    sentence: str,
    operator: AsyncClient,
) -> None:
    await Source.objects.acreate(pk=1, name="Film archive", url="http://nas:9999")

    page = await operator.post(address, form)
    told = await operator.post(address, form, headers=JSON)

    assert (page.status_code, told.status_code) == (status, status)
    assert sentence in told.json()["error"]
    assert "That was not done" in page.content.decode()
    assert await Job.objects.acount() == 0


async def test_one_scene_is_synced_by_its_remote_id(
    operator: AsyncClient, source: Source
) -> None:
    scene = await Scene.objects.aget(remote_id=2)

    response = await operator.post(f"/scenes/{scene.pk}/sync/")

    job = await Job.objects.aget()
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert job.kind == "sync.scenes"
    assert job.params == {"source_id": source.pk, "ids": [2]}


async def test_selected_scenes_are_one_job(
    operator: AsyncClient, source: Source
) -> None:
    ids = [
        pk async for pk in Scene.objects.order_by("-id").values_list("id", flat=True)
    ]

    response = await operator.post("/scenes/sync/", {"ids": ids}, headers=JSON)

    job = await Job.objects.aget()
    assert response.json()["job_id"] == job.pk
    assert job.params == {"source_id": source.pk, "ids": [1, 2, 3]}


def test_scenes_of_two_sources_are_a_job_for_each(
    operator: AsyncClient, source: Source, client: Any
) -> None:
    other = make_scene(make_source("Lectures"), 1, "On Tides")
    client.cookies = operator.cookies
    ids = [other.pk, Scene.objects.filter(source=source).values_list("pk")[0][0]]

    response = client.post("/scenes/sync/", {"ids": ids}, headers=JSON)

    assert response.status_code == 202
    assert len(response.json()["jobs"]) == 2
    found = Job.objects.order_by("id").values_list("params__source_id", flat=True)
    assert list(found) == [source.pk, other.source_id]


def test_cancel_and_retry(operator: AsyncClient, source: Source, client: Any) -> None:
    client.cookies = operator.cookies
    ref = start_sync(source.pk, "quick")

    cancelled = client.post(f"/jobs/{ref.job_id}/cancel/", headers=JSON)
    again = client.post(f"/jobs/{ref.job_id}/cancel/", headers=JSON)
    retried = client.post(f"/jobs/{ref.job_id}/retry/", headers=JSON)
    too_soon = client.post(f"/jobs/{retried.json()['job_id']}/retry/", headers=JSON)

    assert cancelled.json()["status"] == "cancelled"
    assert again.status_code == too_soon.status_code == 409
    assert "has ended already" in again.json()["error"]
    new = Job.objects.get(retry_of=ref.job_id)
    assert retried.json()["job_id"] == new.pk
    old_page = client.get(f"/jobs/{ref.job_id}/").content.decode()
    new_page = client.get(f"/jobs/{new.pk}/").content.decode()
    assert f'href="/jobs/{new.pk}/"' in old_page
    assert f'This is a retry of <a href="/jobs/{ref.job_id}/">' in new_page


def test_ended_job_s_page_stands_still(
    operator: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = operator.cookies
    ref = start_sync(source.pk, "quick")
    cancel_job(ref.job_id)

    page = client.get(f"/jobs/{ref.job_id}/").content.decode()

    assert "http-equiv" not in page
    assert "Retry" in page
    assert "The job was cancelled before it began." in page


def test_job_that_nobody_works_off_says_so(
    operator: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = operator.cookies
    ref = start_sync(source.pk, "quick")

    assert "No worker is running" in client.get(f"/jobs/{ref.job_id}/").content.decode()
    assert "Nothing is processing jobs" in client.get("/").content.decode()


def test_deletions_that_wait_can_be_accepted(
    operator: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = operator.cookies
    source.streams.create(stream="scenes", held_deletions=40)

    page = client.get("/").content.decode()
    client.post(
        f"/sources/{source.pk}/sync/quick/",
        {"streams": "scenes", "accept_deletions": "yes"},
    )

    assert "<strong>40 scenes</strong> are no longer listed" in page
    assert Job.objects.get().params["accept_deletions"] is True
