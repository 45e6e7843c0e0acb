"""Saved filters: kept, named, shared, removed, and whose they are."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import AsyncClient

from jobs.viewer import Viewer, viewer_of
from syncapp import queries, services
from syncapp.filters.canonical import canonical_query
from syncapp.models import SavedFilter, Source
from tests.builders import make_person
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
SHARE = "syncapp.share_filter"


def viewer(name: str, *permissions: str, **fields: Any) -> Viewer:
    found = viewer_of(make_person(name, *permissions, **fields))
    assert found is not None
    return found


@pytest.fixture
def ada() -> Viewer:
    return viewer("ada")


@pytest.mark.parametrize(
    ("stream", "typed", "kept"),
    [
        ("scenes", "none=studio&tag=12&tag=7&sort=title", "tag=7&tag=12&none=studio"),
        ("scenes", "?size_from=1.5+GB&size=25", "size_from=1500000000"),
        ("tags", "removed=1&q=+sea++&after=x%7E1", "q=sea&removed=1"),
        ("performers", "favorite=1", "favorite=1"),
    ],
)
def test_a_filter_is_kept_in_its_one_form(
    stream: str, typed: str, kept: str, ada: Viewer
) -> None:
    services.save_filter(stream, "  To   sort ", typed, viewer=ada)

    row = SavedFilter.objects.get()
    assert (row.stream, row.name, row.query) == (stream, "To sort", kept)
    assert canonical_query(stream, kept).text == kept


@pytest.mark.parametrize(
    ("stream", "name", "query", "says"),
    [
        ("scenes", "Odd", "colour=red", "There is no filter “colour”."),
        ("scenes", "Odd", "date_from=soon", "“soon” is not a date"),
        ("scenes", "Odd", "tag=Sea", "“Sea” is a name, and not chosen."),
        ("scenes", "Odd", "a=1&" * 1_001, "more fields"),
        ("tags", "Odd", "favorite=2", "“2” is not 1."),
        ("tags", "Odd", "sort=name", "No filter is on"),
        ("tags", " \0 ", "favorite=1", "Give the filter a name."),
        ("tags", "n" * 101, "favorite=1", "longer than 100"),
        ("jobs", "Odd", "favorite=1", "There is no list of 'jobs'."),
    ],
)
def test_what_cannot_be_kept_is_told(
    stream: str, name: str, query: str, says: str, ada: Viewer
) -> None:
    with pytest.raises(services.BadRequest, match=says.replace(".", r"\.")):
        services.save_filter(stream, name, query, viewer=ada)

    assert not SavedFilter.objects.exists()


def test_a_name_is_given_once_for_each_person_and_list(ada: Viewer) -> None:
    services.save_filter("tags", "Mine", "favorite=1", viewer=ada)
    services.save_filter("studios", "Mine", "favorite=1", viewer=ada)
    services.save_filter("tags", "Mine", "favorite=1", viewer=viewer("noor"))
    other = services.save_filter("tags", "Other", "removed=1", viewer=ada)

    with pytest.raises(services.NameTaken):
        services.save_filter("tags", "Mine", "removed=1", viewer=ada)
    with pytest.raises(services.NameTaken):
        services.rename_filter(other, "Mine", viewer=ada)
    with pytest.raises(services.NameTaken):
        services.change_filter(other, name="Mine", shared=False, viewer=ada)
    assert SavedFilter.objects.filter(name="Mine").count() == 3


def test_one_s_own_filter_is_nobody_else_s(ada: Viewer) -> None:
    kept = services.save_filter("tags", "Mine", "favorite=1", viewer=ada)
    noor = viewer("noor")
    root = viewer("root", is_superuser=True)

    for person in (noor, root):
        assert queries.saved_filters("tags", person.user_id) == ()
        assert queries.saved_filter(kept, person.user_id) is None
        with pytest.raises(services.FilterNotFound):
            services.rename_filter(kept, "Ours", viewer=person)
        with pytest.raises(services.FilterNotFound):
            services.delete_filter(kept, viewer=person)


def test_to_share_is_a_right() -> None:
    ida, noor = viewer("ida", SHARE), viewer("noor")
    kept = services.save_filter("tags", "Fog", "favorite=1", viewer=noor)
    with pytest.raises(services.NotYours):
        services.share_filter(kept, shared=True, viewer=noor)
    with pytest.raises(services.NotYours):
        services.change_filter(kept, name="Mist", shared=True, viewer=noor)
    shown = services.save_filter("tags", "Sea", "removed=1", viewer=ida)
    services.share_filter(shown, shared=True, viewer=ida)

    (own, others) = queries.saved_filters("tags", noor.user_id)
    assert (own.name, own.shared) == ("Fog", False)
    assert (others.name, others.owner, others.shared) == ("Sea", "ida", True)


def test_what_is_shared_is_changed_by_its_owner_and_administrators() -> None:
    ida, noor = viewer("ida", SHARE), viewer("noor", SHARE)
    root = viewer("root", is_superuser=True)
    shown = services.save_filter("tags", "Sea", "removed=1", viewer=ida)
    services.share_filter(shown, shared=True, viewer=ida)

    for act in (
        lambda: services.rename_filter(shown, "Fog", viewer=noor),
        lambda: services.share_filter(shown, shared=False, viewer=noor),
        lambda: services.delete_filter(shown, viewer=noor),
    ):
        with pytest.raises(services.NotYours, match="another person's"):
            act()
    services.rename_filter(shown, "Seas", viewer=root)
    services.change_filter(shown, name="Seas", shared=False, viewer=ida)
    services.share_filter(shown, shared=True, viewer=ida)
    assert services.delete_filter(shown, viewer=root) == "Seas"
    assert not SavedFilter.objects.exists()


def test_there_is_room_for_so_many(
    ada: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncapp.services.saved_filters.MOST_SAVED", 2)
    for number in range(2):
        services.save_filter("tags", f"No {number}", "favorite=1", viewer=ada)

    with pytest.raises(services.BadFilter, match="You have 2 saved filters of tags"):
        services.save_filter("tags", "No 3", "favorite=1", viewer=ada)
    services.save_filter("studios", "No 3", "favorite=1", viewer=ada)


async def test_a_filter_is_kept_opened_and_marked(
    operator: AsyncClient, source: Source
) -> None:
    before = text(await operator.get("/scenes/"))
    page = text(await operator.get("/scenes/", {"none": "studio", "sort": "title"}))
    saved = await operator.post(
        "/saved/scenes/",
        {"name": "No studio", "query": "none=studio", "sort": "title", "size": "50"},
    )
    after = text(await operator.get(saved["Location"]))

    assert "Saved filters" not in before
    assert 'name="query" value="none=studio"' in page
    assert saved["Location"] == "/scenes/?none=studio&source=all&sort=title&size=50"
    assert 'aria-current="true"><bdi>No studio</bdi>' in after
    assert "Save this filter" not in after
    assert "<bdi>No studio</bdi>" in text(await operator.get("/scenes/"))


@pytest.mark.parametrize("stream", ["performers", "tags", "studios"])
async def test_every_list_keeps_filters(
    stream: str, operator: AsyncClient, source: Source
) -> None:
    saved = await operator.post(
        f"/saved/{stream}/", {"name": "Loved", "query": "favorite=1"}
    )
    page = text(await operator.get(f"/{stream}/", {"favorite": "1"}))

    assert saved["Location"] == f"/{stream}/?favorite=1&source=all"
    assert 'aria-current="true"><bdi>Loved</bdi>' in page


async def test_what_cannot_be_kept_comes_back_with_the_reason(
    operator: AsyncClient, source: Source
) -> None:
    form = {"name": "Twice", "query": "none=studio"}
    await operator.post("/saved/scenes/", form)
    again = await operator.post("/saved/scenes/", {**form, "query": "none=date"})
    nameless = await operator.post("/saved/scenes/", {**form, "name": ""})
    nowhere = await operator.post("/saved/jobs/", form)

    assert (again.status_code, nameless.status_code) == (400, 400)
    assert "is called “Twice” already" in again.content.decode()
    assert 'name="query" value="none=date"' in again.content.decode()
    assert nowhere.status_code == 404
    assert await SavedFilter.objects.acount() == 1


async def test_a_filter_that_cannot_be_read_any_more_says_so(
    operator: AsyncClient, source: Source
) -> None:
    ada = await get_user_model().objects.aget(username="ada")
    kept = await SavedFilter.objects.acreate(
        owner=ada, stream="scenes", name="Old", query="colour=red"
    )
    listed = text(await operator.get("/scenes/"))
    page = text(await operator.get(f"/saved/{kept.pk}/"))

    assert f'href="/saved/{kept.pk}/"' in listed
    assert "cannot be read any more" in listed
    assert "There is no filter “colour”." in page
    assert "colour=red" in page
    gone = await operator.post(f"/saved/{kept.pk}/delete/")
    assert gone["Location"] == "/scenes/"


async def test_a_filter_is_renamed_and_removed_after_a_question(
    operator: AsyncClient, source: Source
) -> None:
    await operator.post("/saved/tags/", {"name": "Loved", "query": "favorite=1"})
    kept = await SavedFilter.objects.aget()
    renamed = await operator.post(f"/saved/{kept.pk}/", {"name": "Beloved"})
    asked = text(await operator.get(f"/saved/{kept.pk}/delete/"))
    there = await SavedFilter.objects.acount()
    await operator.post(f"/saved/{kept.pk}/delete/")

    assert renamed["Location"] == "/tags/?favorite=1&source=all"
    assert "Remove “<bdi>Beloved</bdi>”?" in asked
    assert (there, await SavedFilter.objects.acount()) == (1, 0)


async def test_of_others_only_what_is_shared_is_there_and_only_to_use(
    operator: AsyncClient, reader: AsyncClient, source: Source
) -> None:
    await operator.post("/saved/tags/", {"name": "Loved", "query": "favorite=1"})
    kept = await SavedFilter.objects.aget()
    hidden = await reader.get(f"/saved/{kept.pk}/")
    forbidden = await operator.post(
        f"/saved/{kept.pk}/", {"name": "Loved", "shared": "on"}
    )
    await SavedFilter.objects.aupdate(shared=True)
    listed = text(await reader.get("/tags/"))
    page = text(await reader.get(f"/saved/{kept.pk}/"))
    refused = [
        await reader.post(f"/saved/{kept.pk}/", {"name": "Ours"}),
        await reader.post(f"/saved/{kept.pk}/delete/"),
    ]

    assert (hidden.status_code, forbidden.status_code) == (404, 403)
    assert "by ada" in listed
    assert 'name="name"' not in page
    assert [answer.status_code for answer in refused] == [403, 403]
    assert (await SavedFilter.objects.aget()).name == "Loved"
