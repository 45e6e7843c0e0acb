"""Lists: what they show, and how much they ask of the database."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connection
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from syncapp import queries
from syncapp.models import Scene, Source, Tag
from syncapp.services import start_sync
from tests.builders import indexed_at_once, make_library, make_scene, make_source
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[], object]


async def test_scene_list_shows_what_is_mirrored(
    operator: AsyncClient, source: Source
) -> None:
    html = text(await operator.get("/scenes/"))

    for shown in (
        "Harbour at Dawn 3",
        "Tideline Films",
        "1080p",
        "1:02:05",
        "3 scenes",
    ):
        assert shown in html
    names = html.replace("<bdi>", "").replace("</bdi>", "")
    assert "Narrator 1, Narrator 2, Narrator 3 and 2 more" in names
    assert html.count('name="ids"') == 3


async def test_scene_without_a_title_goes_by_its_file(
    operator: AsyncClient, source: Source
) -> None:
    await Scene.objects.filter(remote_id=2).aupdate(title="")

    assert ">reel 2.mkv</bdi></a>" in text(await operator.get("/scenes/"))


async def test_search_finds_by_a_part_of_the_title(
    operator: AsyncClient, source: Source
) -> None:
    html = text(await operator.get("/scenes/", {"q": '"dawn 2"'}))

    assert "Harbour at Dawn 2" in html
    assert "Harbour at Dawn 3" not in html


@pytest.mark.parametrize("address", ["/scenes/", "/performers/", "/tags/", "/studios/"])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("%", "“%”: There is nothing to look for in it: type letters or digits."),
        ('-"', "There is nothing to look for in it"),
        ("tide " + "x y " * 20, "Look for 20 words at most."),
    ],
)
async def test_what_cannot_be_searched_for_is_told_and_finds_nothing(
    address: str, typed: str, told: str, operator: AsyncClient, source: Source
) -> None:
    html = text(await operator.get(address, {"q": typed}))

    assert escape(told) in html
    assert "<tbody>" not in html


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/performers/", "Narrator 4"),
        ("/tags/", "Tide pools"),
        ("/studios/", "Tideline Shorts"),
    ],
)
async def test_name_lists_show_and_find(
    address: str, shown: str, operator: AsyncClient, source: Source
) -> None:
    everything = text(await operator.get(address))
    found = text(await operator.get(address, {"q": shown[:6].upper()}))
    nothing = text(await operator.get(address, {"q": "zeppelin"}))

    assert shown in everything
    assert shown in found
    assert "match" in nothing


async def test_parents_stand_beside_tags_and_studios(
    operator: AsyncClient, source: Source
) -> None:
    tags = text(await operator.get("/tags/"))
    studios = text(await operator.get("/studios/"))

    assert '<td data-label="Part of" class="whole"><a href="/tags/' in tags
    assert '<td data-label="Part of" class="whole"><a href="/studios/' in studios


async def test_removed_rows_are_shown_only_when_asked_for(
    operator: AsyncClient, source: Source
) -> None:
    await Scene.objects.filter(remote_id=1).aupdate(deleted_at=datetime.now(UTC))
    await Tag.objects.filter(remote_id=1).aupdate(deleted_at=datetime.now(UTC))

    live = text(await operator.get("/scenes/"))
    removed = text(await operator.get("/scenes/", {"removed": "1"}))

    assert "Harbour at Dawn 1" not in live
    assert "Harbour at Dawn 1" in removed
    assert "Harbour at Dawn 2" not in removed
    assert "None of the tags match" in text(await operator.get("/tags/", {"q": "Sea"}))


def asked(look: Look) -> int:
    """Return how many queries it takes where nothing is remembered."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        look()
    return len(captured)


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("scenes", 10),
        ("performers", 4),
        ("tags", 5),
        ("studios", 4),
        ("dashboard", 12),
    ],
)
def test_a_longer_page_asks_no_more_of_the_database(
    page: str, most: int, transactional_db: None
) -> None:
    looks: dict[str, Look] = {
        "scenes": queries.list_scenes,
        "dashboard": queries.dashboard,
    }
    look = looks.get(page, partial(queries.list_entities, page))
    first = make_source()
    make_library(first, scenes=1)
    start_sync(first.pk, "quick")
    few = asked(look)
    for number in range(4):
        source = make_source(f"Lectures {number}")
        make_library(source, scenes=6)
        start_sync(source.pk, "quick")

    many = asked(look)

    assert few == many
    assert many <= most


def test_a_scene_with_more_of_everything_asks_no_more(transactional_db: None) -> None:
    source = make_source()
    make_library(source, scenes=1)
    full = Scene.objects.get()
    bare = make_scene(source, 77, "Bare")

    assert asked(lambda: queries.scene_by_id(full.pk)) == asked(
        lambda: queries.scene_by_id(bare.pk)
    )


async def test_scene_page_shows_all_of_it(
    operator: AsyncClient, source: Source
) -> None:
    scene = await Scene.objects.aget(remote_id=2)
    await Scene.objects.filter(pk=scene.pk).aupdate(
        details="First line\nSecond line",
        rating100=80,
        date="2011-04",
        stash_ids=[["https://ids.example/graphql", "0a1b"]],
    )

    html = text(await operator.get(f"/scenes/{scene.pk}/"))

    for shown in ("First line<br>Second line", "80 of 100", "2011-04", "0a1b"):
        assert shown in html
    for shown in ("Tide pools", "Narrator 5", "/films/reel 2.mkv", "1920"):
        assert shown in html
    assert 'href="http://nas:9999/scenes/2"' in html


async def test_dashboard_counts_live_rows(
    operator: AsyncClient, source: Source
) -> None:
    await Scene.objects.filter(remote_id=1).aupdate(deleted_at=datetime.now(UTC))

    html = " ".join(text(await operator.get("/")).split())

    assert '<span class="figure">2</span> <span class="tile-name">scenes' in html
    assert '<span class="figure">5</span> <span class="tile-name">performers' in html
    assert "Stash v0.28.1" in html


async def test_dashboard_tells_of_trouble(
    operator: AsyncClient, source: Source
) -> None:
    await Source.objects.aupdate(
        trouble="Nothing answers at http://nas:9999.", trouble_since=datetime.now(UTC)
    )

    assert "Nothing answers at http://nas:9999." in text(await operator.get("/"))


async def test_sample_data_is_called_that(
    operator: AsyncClient, source: Source
) -> None:
    before = text(await operator.get("/"))
    await Source.objects.aupdate(is_demo=True)

    assert "Sample data." not in before
    assert "Sample data." in text(await operator.get("/"))


@pytest.mark.parametrize("stream", ["performers", "tags", "studios"])
@pytest.mark.parametrize("size", [25, 100])
def test_page_sizes_ask_the_same_of_the_database(
    stream: str, size: int, transactional_db: None
) -> None:
    make_library(make_source(), scenes=60)

    assert asked(partial(queries.list_entities, stream, size=size)) <= 5
    assert asked(partial(queries.list_scenes, size=size)) <= 9


@pytest.mark.parametrize("sort", ["-date", "date", "title", "-title", "-rating"])
async def test_a_header_sorts_and_again_the_other_way(
    sort: str, operator: AsyncClient, source: Source
) -> None:
    html = text(await operator.get("/scenes/", {"sort": sort, "organized": "no"}))

    way = "descending" if sort.startswith("-") else "ascending"
    column = sort.removeprefix("-")
    [header] = re.findall(r'<th [^>]*aria-sort="[^"]*">.*?</th>', html)
    again = column if sort.startswith("-") else f"-{column}"
    assert f"c-{column}" in header
    assert f'aria-sort="{way}"' in header
    assert f'href="?organized=no&amp;sort={again}&amp;size=50"' in header
    assert '<th scope="col" class="c-duration right" >Length</th>' in html  # no index


async def test_a_page_tells_its_place_and_the_ways_on(
    operator: AsyncClient, source: Source
) -> None:
    await sync_to_async(_more_scenes)(source)

    first = text(await operator.get("/scenes/", {"size": "25"}))
    [onward] = re.findall(r'rel="next" href="([^"]*)"', first)
    second = text(await operator.get("/scenes/" + onward.replace("&amp;", "&")))
    last = text(await operator.get("/scenes/", {"size": "25", "before": "end"}))

    for page, place in (
        (first, "1\N{EN DASH}25 of 63"),
        (second, "26\N{EN DASH}50 of 63"),
        (last, "39\N{EN DASH}63 of 63"),
    ):
        assert f'<span class="quiet number">{place}</span>' in page
    assert ('rel="prev"' in first, 'rel="next"' in last) == (False, False)
    assert ('rel="prev"' in second, 'rel="next"' in second) == (True, True)
    assert 'href="?sort=-date&amp;size=25&amp;before=end">Last' in second
    assert 'href="?sort=-date&amp;size=25">First' in second


@indexed_at_once()
def _more_scenes(source: Source) -> None:
    for number in range(4, 64):
        make_scene(source, number, f"Reel {number}", date="2020")


@pytest.mark.parametrize(
    ("stream", "shown"),
    [("performers", "Narrator 1"), ("tags", "Tide pools"), ("studios", "Tideline")],
)
async def test_names_have_pages_of_their_own(
    stream: str, shown: str, operator: AsyncClient, source: Source
) -> None:
    page = await sync_to_async(queries.list_entities)(stream)
    row = next(row for row in page.rows if row.name.startswith(shown))
    address = f"/{stream}/{row.row_id}/"

    html = text(await operator.get(address))

    assert shown in html
    assert f'href="http://nas:9999/{stream}/' in html
    assert f'action="{address}sync/"' in html
    assert "Changed in Stash" in html


async def test_a_row_tells_which_job_changed_it(
    operator: AsyncClient, source: Source
) -> None:
    job = await sync_to_async(start_sync)(source.pk, "quick")
    scene = await Scene.objects.afirst()
    assert scene is not None
    for job_id, told in (
        (job.job_id, "(Quick sync · Film archive)"),
        (999, "was cleared away"),
    ):
        await Scene.objects.filter(pk=scene.pk).aupdate(changed_by_job=job_id)

        html = text(await operator.get(f"/scenes/{scene.pk}/"))

        assert f"job {job_id}" in html
        assert told in html


async def test_a_grid_offers_no_columns_and_keeps_the_chosen_ones(
    operator: AsyncClient, source: Source
) -> None:
    grid = {"view": "grid", "size": "25"}
    usual = text(await operator.get("/scenes/", grid))
    await operator.post(
        "/preferences/lists/scenes/", {"columns": ["date"], "size": "25"}
    )
    chosen = text(await operator.get("/scenes/", grid))

    for page in (usual, chosen):
        assert "<summary>Per page</summary>" in page
        assert 'type="checkbox" name="columns"' not in page
    assert '<input type="hidden" name="usual" value="1">' in usual
    assert '<input type="hidden" name="columns" value="date">' in chosen
    assert 'name="usual"' not in chosen
