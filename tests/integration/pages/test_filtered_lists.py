"""What narrows lists: names, words, ranges; and what is told of it."""

import re

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from syncapp import queries
from syncapp.filters import search_sql
from syncapp.filters.query_string import parse_scene_filter
from syncapp.models import Performer, Source, Studio, Tag
from syncapp.models.library import Mirrored
from tests.builders import make_scene, make_source, make_tag
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("by", ["tag", "performer", "studio"])
async def test_a_name_stays_in_its_field(
    by: str, operator: AsyncClient, source: Source
) -> None:
    """What is lost there is lost from the list with the next search."""
    page = text(await operator.get("/scenes/", {by: "Harbour"}))

    assert re.search(rf'<input [^>]*name="{by}"[^>]* value="Harbour"', page)


@pytest.mark.parametrize("by", ["tag", "performer", "studio"])
def test_scenes_can_be_narrowed(by: str, source: Source) -> None:
    make_scene(source, 50, "Alone")
    models: dict[str, type[Mirrored]] = {
        "tag": Tag,
        "performer": Performer,
        "studio": Studio,
    }
    row = models[by].objects.earliest("id")

    page = queries.list_scenes(parse_scene_filter({by: [str(row.pk)]}))
    called = queries.list_scenes(parse_scene_filter({by: [str(row).upper()]}))

    assert [scene.title for scene in page.rows] == [
        f"Harbour at Dawn {number}" for number in (3, 2, 1)
    ]
    assert [each.name for each in page.chosen[f"{by}s"].values()] == [str(row)]
    assert (called.rows, called.filters) == (page.rows, page.filters)


def test_a_name_of_several_is_to_be_chosen(source: Source) -> None:
    far = make_source("Lectures", url="http://attic:9999")
    make_tag(far, 1, "Sea")

    page = queries.list_scenes(parse_scene_filter({"tag": ["sea"], "no_tag": ["Fog"]}))

    assert (page.rows, page.found.number) == ((), 0)
    (sea, fog) = page.unclear
    assert {(each.name, each.source) for each in sea.meant} == {
        ("Sea", "Film archive"),
        ("Sea", "Lectures"),
    }
    assert (fog.text, fog.meant) == ("Fog", ())


async def test_two_tags_and_a_performer_are_one_filter(
    operator: AsyncClient, source: Source
) -> None:
    sea, pools = [tag async for tag in Tag.objects.order_by("id")]
    who = await Performer.objects.aearliest("id")
    await sync_to_async(make_scene)(source, 50, "Sea alone", tags=[sea])
    both = {"tag": [str(sea.pk), str(pools.pk)], "performer": str(who.pk)}

    page = text(await operator.get("/scenes/", {**both, "tag_depth": "2"}))
    either = text(await operator.get("/scenes/", {"any_tag": [sea.pk, pools.pk]}))
    without = text(await operator.get("/scenes/", {"no_tag": pools.pk}))

    assert "3 scenes" in page
    assert f'<input type="hidden" name="tag" value="{pools.pk}">' in page
    assert '<input type="hidden" name="tag_depth" value="2">' in page
    assert "4 scenes" in either
    assert "1 scene<" in without


async def test_what_cannot_be_read_yet_is_in_every_link(
    operator: AsyncClient, source: Source
) -> None:
    sea, pools = [tag async for tag in Tag.objects.order_by("id")]
    asked = {"tag": [sea.pk, "Tide"], "no_tag": "Fog", "date_from": "soon"}

    page = text(await operator.get("/scenes/", asked))

    left = "date_from=soon&amp;{}no_tag=Fog&amp;"
    assert f'href="?{left.format("tag=Tide&amp;")}' in page  # without the chosen tag
    chosen = f"?tag={sea.pk}&amp;{left.format('')}tag={pools.pk}&amp;"
    assert f'href="{chosen}' in page  # Tide pools was meant


async def test_what_is_wrong_is_told_beside_its_input(
    operator: AsyncClient, source: Source
) -> None:
    asked = {"date_from": "soon", "tagg": "1", "size_to": "1.5 GB"}

    page = text(await operator.get("/scenes/", asked))

    assert '<span class="wrong" id="wrong-date_from"><bdi>“soon” is not a date' in page
    assert "There is no filter “tagg”." in page
    assert "Harbour at Dawn" not in page
    assert 'name="size_to" value="1.5 GB"' in page


async def test_filters_show_as_chips_with_a_way_to_clear_them(
    operator: AsyncClient, source: Source
) -> None:
    html = text(
        await operator.get("/scenes/", {"tag": "Sea", "organized": "no", "q": "Dawn"})
    )

    for label in ("tag: Sea", "not organised", "“Dawn”"):
        assert label in html
    assert '<a class="clear" href="/scenes/">Clear</a>' in html
    sea = await Tag.objects.aget(name="Sea")
    assert f'href="?q=Dawn&amp;tag={sea.pk}&amp;' in html  # without "not organised"


async def test_the_two_ends_of_a_range_are_one_chip(
    operator: AsyncClient, source: Source
) -> None:
    asked = {
        "date_from": "2011",
        "date_to": "2013",
        "duration_to": "1:00:00",
        "rating_from": "60",
        "rating_to": "60",
    }

    html = text(await operator.get("/scenes/", asked))

    labels = re.findall(r"Without </span><bdi>(.+?)</bdi> <span", html)
    assert labels == ["date 2011 \N{EN DASH} 2013", "length to 60 min 0 s", "rating 60"]
    without_dates = "duration_to=3600&amp;rating_from=60&amp;rating_to=60&amp;sort"
    assert f'href="?{without_dates}' in html


async def test_names_are_narrowed_by_their_filters(
    operator: AsyncClient, source: Source
) -> None:
    tags = Tag.objects.filter(name="Tide pools")
    await tags.aupdate(aliases=["Rock pools"], favorite=True, scene_count=9)

    without = text(await operator.get("/tags/", {"none": "aliases"}))
    favorites = text(
        await operator.get("/tags/", {"favorite": "1", "scenes_from": "9"})
    )

    assert "><bdi>Sea</bdi></a>" in without
    assert "Tide pools" not in without
    assert "Without </span><bdi>no aliases" in without
    assert "Tide pools" in favorites
    assert "1 tag</" in favorites


async def test_a_filter_that_names_lack_is_told_beside_them(
    operator: AsyncClient, source: Source
) -> None:
    page = text(await operator.get("/tags/", {"rating_from": "60", "scenes_to": "x"}))

    assert "There is no filter “rating_from”." in page
    assert "“x” is not a number." in page
    assert "so no tags are shown" in page


async def test_a_word_by_which_too_many_are_called_says_so(
    operator: AsyncClient, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_sql, "NAMED", 4)

    many = text(await operator.get("/scenes/", {"q": "narr"}))
    few = text(await operator.get("/scenes/", {"q": "tideline"}))

    assert "are called “<bdi>narr</bdi>”" in many
    assert "3 scenes</p>" in many
    assert "are called" not in few


async def test_the_filters_keep_the_length_of_a_page(
    operator: AsyncClient, source: Source
) -> None:
    for address in ("/scenes/", "/tags/"):
        page = text(await operator.get(address, {"size": "25"}))
        assert '<input type="hidden" name="size" value="25">' in page
