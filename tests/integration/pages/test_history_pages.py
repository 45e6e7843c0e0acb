"""What syncs did, what changed in a scene, and what waits for a person."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from jobs.models import Job
from syncapp.models import Scene, Source, StreamState, Studio, Tag
from tests.builders import NOON, make_entry, make_person
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
COST = {
    "requests": 41,
    "bytes": 1_234_567,
    "fetch_s": 0.41,
    "decode_s": 0.02,
    "write_s": 75.0,
}
RESULT = {
    "streams": {
        "tags": {"seen": 60, "new": 2, "changed": 0, "unchanged": 58, "gone": 1},
        "scenes": {"seen": 1_400, "new": 10, "changed": 3, "unchanged": 1_387},
    },
    "costs": {"tags": {**COST, "requests": 1}, "scenes": COST},
    "held": {},
}


@pytest.fixture
def manager(transactional_db: None, async_client: AsyncClient) -> AsyncClient:
    """Give the browser of somebody who manages sources and runs jobs."""
    person = make_person("ada", "jobs.run_job", "syncapp.manage_source")
    async_client.force_login(person)
    return async_client


def make_job(source: Source, **fields: Any) -> Job:
    return Job.objects.create(
        **{
            "kind": "sync.quick",
            "title": f"Quick sync · {source.name}",
            "params": {"source_id": source.pk},
            "status": "succeeded",
            "result": RESULT,
            "trigger": "button",
            "max_attempts": 3,
            "started_at": NOON,
            "finished_at": NOON,
            **fields,
        }
    )


def hold(source: Source, **fields: Any) -> StreamState:
    return StreamState.objects.create(
        source=source,
        stream="scenes",
        **{
            "held_deletions": 40,
            "held_ids": [1, 2],
            "held_since": NOON,
            "held_mark": "these",
            **fields,
        },
    )


async def test_job_page_tells_costs_with_their_units(
    operator: AsyncClient, source: Source
) -> None:
    job = await sync_to_async(make_job)(source)

    html = text(await operator.get(f"/jobs/{job.pk}/"))
    live = (await operator.get(f"/jobs/{job.pk}/state.json")).json()

    for shown in ("1.2 MB", "0.4 s", "20 ms", "1 min 15 s", ">fetch<", ">41<"):
        assert shown in html
    assert "1.2 MB" in live["job"]["figures"]


def test_source_page_tells_what_the_last_syncs_did(
    manager: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = manager.cookies
    for _ in range(19):
        make_job(source)
    job = make_job(source, kind="sync.verify", result={"differences": 0})
    make_job(source, params={"source_id": source.pk + 1}, title="Of another")

    html = client.get(f"/sources/{source.pk}/").content.decode()

    assert html.count('data-label="What it did"') == 20
    assert f'href="/jobs/{job.pk}/"' in html
    assert "all equal" in html
    assert "12 new, 3 changed, 1 gone" in html
    assert "42 requests, 2.5 MB" in html
    assert ">1,460<" in html
    assert "Of another" not in html


@pytest.mark.parametrize(
    ("version", "hides"),
    [("v0.28.1", True), ("v0.29.0", False), ("v0.31.1-4-gab12", False), ("", False)],
)
def test_source_page_says_what_an_older_stash_does_not_tell(
    version: str, manager: AsyncClient, source: Source, client: Any, *, hides: bool
) -> None:
    client.cookies = manager.cookies
    Source.objects.update(version=version)

    html = client.get(f"/sources/{source.pk}/").content.decode()

    assert ("does not tell which files were moved" in html) is hides


def test_buttons_verify_a_source(
    operator: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = operator.cookies

    looked = client.post(f"/sources/{source.pk}/verify/")
    repaired = client.post(f"/sources/{source.pk}/verify/", {"repair": "yes"})

    look, repair = Job.objects.order_by("id")
    assert (look.kind, look.params["repair"], look.params["sample"]) == (
        *("sync.verify", False, 200),
    )
    assert (repair.params["repair"], repair.params["sample"]) == (True, 0)
    assert looked["Location"] == f"/jobs/{look.pk}/"
    assert repaired["Location"] == f"/jobs/{repair.pk}/"


def test_scene_tells_when_by_which_job_and_what_changed(
    operator: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = operator.cookies
    scene, job = Scene.objects.get(remote_id=1), make_job(source)
    tag = Tag.objects.get(name="Sea")
    changes = {
        "title": ["<b>Old</b>", "Harbour at Dawn 1"],
        "organized": [False, True],
        "tags": [[tag.pk + 900], [tag.pk]],
        "urls": [[], ["https://nature.example/1"]],
    }
    make_entry(scene, NOON, changes, job_id=job.pk)
    make_entry(scene, NOON.replace(hour=9), {})

    html = client.get(f"/scenes/{scene.pk}/").content.decode()

    history = html[html.index('id="history"') :]
    assert f'<a href="/jobs/{job.pk}/">job {job.pk}</a> (Quick sync' in history
    said = history.replace("<bdi>", "").replace("</bdi>", "")
    assert "<del>&lt;b&gt;Old&lt;/b&gt;</del> <ins>Harbour at Dawn 1</ins>" in said
    assert "<del>no</del> <ins>yes</ins>" in said
    assert "<del>901 (no longer here)</del> <ins>Sea</ins>" in said
    assert "nothing that is mirrored differs" in history


def test_what_has_no_name_can_still_be_read_and_clicked(
    operator: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = operator.cookies
    scene = Scene.objects.get(remote_id=1)
    tag = scene.tags.order_by("name")[0]
    Tag.objects.filter(pk=tag.pk).update(name="")
    Studio.objects.update(name="")
    changes = {"tags": [[], [tag.pk]]}
    make_entry(scene, NOON, changes)

    html = client.get(f"/scenes/{scene.pk}/").content.decode()

    history = html.split('id="history"', 1)[1]
    nameless = "<bdi>Without a name</bdi>"
    assert f'href="/scenes/?tag={tag.pk}">{nameless}</a>' in html
    assert f'href="/scenes/?studio={scene.studio_id}">{nameless}</a>' in html
    assert f"<ins>{nameless}</ins>" in history


def test_scene_without_changes_has_no_history(
    operator: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = operator.cookies
    scene = Scene.objects.get(remote_id=1)

    assert 'id="history"' not in client.get(f"/scenes/{scene.pk}/").content.decode()


def test_held_deletions_are_shown_by_their_titles(
    operator: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = operator.cookies
    hold(source)

    board = client.get("/").content.decode()
    html = client.get(f"/sources/{source.pk}/deletions/scenes/").content.decode()

    assert f'href="/sources/{source.pk}/deletions/scenes/"' in board
    assert "40 of 3 scenes" in html
    assert "Harbour at Dawn 1" in html
    assert "Harbour at Dawn 2" in html
    assert "Harbour at Dawn 3" not in html
    assert "They are gone: accept" in html


def test_keeping_them_silences_the_alarm(
    operator: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = operator.cookies
    state = hold(source)

    done = client.post(f"/sources/{source.pk}/deletions/scenes/keep/")
    again = client.post(f"/sources/{source.pk}/deletions/scenes/keep/")

    state.refresh_from_db()
    assert (done.status_code, done["Location"]) == (303, "/")
    assert (state.held_deletions, state.kept_mark) == (0, "these")
    assert again.status_code == 404
    assert "no longer listed" not in client.get("/").content.decode()
    gone = client.get(f"/sources/{source.pk}/deletions/scenes/")
    assert gone.status_code == 404


def test_who_may_only_look_sees_which_but_decides_nothing(
    reader: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = reader.cookies
    hold(source)

    html = client.get(f"/sources/{source.pk}/deletions/scenes/").content.decode()
    refused = client.post(f"/sources/{source.pk}/deletions/scenes/keep/")

    assert "Harbour at Dawn 1" in html
    assert "They are gone: accept" not in html
    assert refused.status_code == 403


def test_purge_page_counts_and_asks_for_the_job(
    manager: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = manager.cookies
    Scene.objects.filter(remote_id__lte=2).update(deleted_at=NOON)

    page = client.get(f"/sources/{source.pk}/purge/").content.decode()
    young = client.get(f"/sources/{source.pk}/purge/?days=36000").content.decode()
    done = client.post(f"/sources/{source.pk}/purge/", {"days": "30"})

    job = Job.objects.get()
    assert "Drop 2 records for good" in page
    assert "Nothing is that old." in young
    assert done["Location"] == f"/jobs/{job.pk}/"
    assert (job.kind, job.params["days"]) == ("sync.purge", 30)


def test_purge_of_a_nonsense_age_is_refused(
    manager: AsyncClient, source: Source, client: Any
) -> None:
    client.cookies = manager.cookies

    assert client.get(f"/sources/{source.pk}/purge/?days=x").status_code == 200
    assert client.post(f"/sources/{source.pk}/purge/", {"days": "x"}).status_code == 400
    assert not Job.objects.exists()
