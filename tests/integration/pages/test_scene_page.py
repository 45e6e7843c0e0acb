"""A scene's page: its re-sync, and what it leads to."""

import json
import re

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from django.utils.html import escape
from django.utils.timezone import now

from jobs.models import Job
from syncapp import queries
from syncapp.models import Performer, Scene, SceneFile, Source, Studio, Tag
from syncapp.models.keys import row_id
from syncapp.services import start_sync
from tests.builders import index, make_scene, make_source
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)


# Read again, in place


async def test_the_button_stays_on_the_page_with_its_job(
    operator: AsyncClient, source: Source
) -> None:
    scene = row_id(source.pk, 2)
    form = {"next": "scene"}

    answer = await operator.post(f"/scenes/{scene}/sync/?sort=title", form)

    job = await Job.objects.aget()
    address = f"/scenes/{scene}/?sort=title&resync={job.pk}"
    assert (answer.status_code, answer["Location"]) == (303, address)
    html = text(await operator.get(address))
    assert f'data-follow-job="{job.pk}"' in html
    assert f'<a class="job-title" href="/jobs/{job.pk}/">Sync of scene 2' in html
    assert '<noscript><meta http-equiv="refresh"' in html
    assert "resync" not in "".join(re.findall(r'rel="next" href="([^"]*)"', html))


async def test_the_end_of_the_job_is_shown(
    operator: AsyncClient, source: Source
) -> None:
    scene = row_id(source.pk, 2)
    await operator.post(f"/scenes/{scene}/sync/", {"next": "scene"})
    await Job.objects.aupdate(status="succeeded", finished_at=now())
    job = await Job.objects.aget()

    html = text(await operator.get(f"/scenes/{scene}/", {"resync": job.pk}))

    assert '<span class="state succeeded">succeeded</span>' in html
    assert "http-equiv" not in html


async def test_a_job_of_something_else_is_not_shown(
    operator: AsyncClient, source: Source
) -> None:
    other = await sync_to_async(make_source)("Lectures")
    await sync_to_async(make_scene)(other, 2, "Kelp")
    await operator.post(f"/scenes/{row_id(other.pk, 2)}/sync/")
    quick = await sync_to_async(start_sync)(source.pk, "quick")
    last = await Job.objects.order_by("id").afirst()
    assert last

    for job_id in (last.pk, quick.job_id, 10_000):
        asked = {"resync": job_id}
        html = text(await operator.get(f"/scenes/{row_id(source.pk, 2)}/", asked))

        assert "data-follow-job" not in html


async def test_without_a_word_the_button_leads_to_the_job(
    operator: AsyncClient, source: Source
) -> None:
    answer = await operator.post(f"/scenes/{row_id(source.pk, 2)}/sync/")

    job = await Job.objects.aget()
    assert answer["Location"] == f"/jobs/{job.pk}/"


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example/", "", "/"])
async def test_it_leads_nowhere_else(
    where: str, operator: AsyncClient, source: Source
) -> None:
    form = {"next": where}

    answer = await operator.post(f"/scenes/{row_id(source.pk, 2)}/sync/", form)

    assert answer.status_code == 400
    assert b"This button leads to the job or to the scene" in answer.content
    assert not await Job.objects.aexists()


# What it leads to


async def test_names_lead_to_scenes_and_to_their_own_pages(
    operator: AsyncClient, source: Source
) -> None:
    sea = await Tag.objects.aget(name="Sea")
    who = await Performer.objects.aearliest("id")
    studio = await Studio.objects.aearliest("id")

    html = text(await operator.get(f"/scenes/{row_id(source.pk, 2)}/"))

    for one, row in (("tag", sea), ("performer", who), ("studio", studio)):
        assert f'href="/scenes/?{one}={row.pk}"><bdi>{row.name}</bdi></a>' in html
        assert f'href="/{one}s/{row.pk}/"' in html


async def test_names_bring_what_tells_them_from_others(
    operator: AsyncClient, source: Source
) -> None:
    painter = await Performer.objects.aget(remote_id=1)
    await Performer.objects.filter(remote_id__lte=2).aupdate(name="Ida Berg")
    await Performer.objects.filter(pk=painter.pk).aupdate(disambiguation="painter")
    async for one in Performer.objects.all():
        await sync_to_async(index)(one)
    named = "Ida Berg (painter)"
    pages = ("/scenes/", f"/scenes/{row_id(source.pk, 2)}/", "/performers/")

    for address in (*pages, f"/performers/{painter.pk}/"):
        assert f"<bdi>{named}</bdi>" in text(await operator.get(address))
    listed = text(await operator.get("/scenes/"))
    assert f'<option value="{named}">' in listed
    chosen = text(await operator.get("/scenes/", {"performer": named}))
    assert f"performer: {named}" in chosen
    assert "3 scenes" in chosen
    unclear = text(await operator.get("/scenes/", {"performer": "ida berg"}))
    assert f"performer: {named}, 0 scenes" in unclear


@pytest.mark.parametrize(
    ("path", "folder", "name"),
    [
        ("/films/old/reel.mkv", "/films/old/", "reel.mkv"),
        ("C:\\films\\reel.mkv", "C:\\films\\", "reel.mkv"),
        ("/reel.mkv", "/", "reel.mkv"),
        ("\\\\nas\\b & c\\reel.mkv", "\\\\nas\\b & c\\", "reel.mkv"),
    ],
)
async def test_files_lead_to_their_folder(
    path: str, folder: str, name: str, operator: AsyncClient, source: Source
) -> None:
    scene = row_id(source.pk, 2)
    await SceneFile.objects.aupdate(path="elsewhere.mkv")
    files = SceneFile.objects.filter(scene_id=scene)
    await files.aupdate(path=path, video_codec="h264", bit_rate=8_000_000)

    html = text(await operator.get(f"/scenes/{scene}/"))

    link = re.search(r'href="/scenes/(\?folder=[^"]*)"[^>]*>([^<]*)</a></bdi>', html)
    assert link
    assert (link[2], f"<bdi>{name}</bdi>" in html) == (escape(folder), True)
    for shown in ("1920", "1:02:05", "1.4\xa0GB", "h264", "5c1a3a0e77d4a7f1"):
        assert shown in html
    found = text(await operator.get("/scenes/" + link[1]))
    assert "1 scene<" in found


async def test_what_no_address_can_name_is_no_link(
    operator: AsyncClient, source: Source
) -> None:
    for path in ("reel.mkv", " /films/reel.mkv", f"/{'long' * 130}/reel.mkv"):
        await SceneFile.objects.aupdate(path=path)

        html = text(await operator.get(f"/scenes/{row_id(source.pk, 2)}/"))

        assert "?folder=" not in html
        assert "reel.mkv" in html


async def test_raw_data_is_json_with_its_keys_in_order(
    operator: AsyncClient, source: Source
) -> None:
    scene = row_id(source.pk, 2)
    await Scene.objects.filter(pk=scene).aupdate(
        title="Æ <b>\u202e\u200f", details="\n"
    )

    found = await sync_to_async(queries.scene_by_id)(scene)
    html = text(await operator.get(f"/scenes/{scene}/"))

    assert found
    told = json.loads(found.raw)
    assert list(told) == sorted(told)
    assert told["title"] == "Æ <b>\u202e\u200f"
    assert told["files"][0]["path"] == "/films/reel 2.mkv"
    assert "Sea" in told["tags"].values()
    assert "title_key" not in told
    assert "\\u202e" in found.raw
    assert "Æ &lt;b&gt;\\u202e\\u200f" in html


def test_raw_data_is_bounded(source: Source) -> None:
    scene = row_id(source.pk, 2)
    Scene.objects.filter(pk=scene).update(details="long " * 40_000)

    found = queries.scene_by_id(scene)

    assert found
    assert len(found.raw) < 51_000
    assert found.raw.endswith("(cut here)")


async def test_stash_opens_in_a_tab_of_its_own_at_its_public_address(
    operator: AsyncClient, source: Source
) -> None:
    sea = await Tag.objects.aget(name="Sea")
    public = "https://stash.example/films"
    await Source.objects.aupdate(public_url=public)

    scene = text(await operator.get(f"/scenes/{row_id(source.pk, 2)}/"))
    tag = text(await operator.get(f"/tags/{sea.pk}/"))
    dashboard = text(await operator.get("/"))

    way = 'target="_blank" rel="noopener noreferrer nofollow"'
    assert f'href="{public}/scenes/2" {way}>Open in Stash' in scene
    assert "(in a new tab)" in scene
    assert f'href="{public}/tags/1" {way}' in tag
    assert f'href="{public}" {way}' in dashboard
    assert "http://nas:9999" not in scene + tag + dashboard


async def test_what_was_removed_leads_to_no_page_in_stash(
    operator: AsyncClient, source: Source
) -> None:
    await Scene.objects.aupdate(deleted_at=now())
    await Tag.objects.aupdate(deleted_at=now())
    sea = await Tag.objects.aget(name="Sea")

    for address in (f"/scenes/{row_id(source.pk, 2)}/", f"/tags/{sea.pk}/"):
        assert "Open in Stash" not in text(await operator.get(address))
