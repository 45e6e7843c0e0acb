"""A scene's page in the list that it was opened from."""

import re
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.http.request import QueryDict
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from syncapp import queries
from syncapp.filters.query_string import parse_scene_filter
from syncapp.models import Performer, SceneTag, Source, Studio, Tag
from syncapp.models.keys import row_id
from syncapp.queries.scene_list import SORTS
from syncapp.queries.scene_neighbours import neighbours
from syncapp.views.scene_place import LONGEST
from tests.builders import indexed_at_once, make_scene
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("sort", SORTS)
def test_neighbours_are_those_of_the_list(sort: str, source: Source) -> None:
    with indexed_at_once():
        for number in range(10, 20):
            odd = {"rating100": number} if number % 3 else {}
            make_scene(
                source, number, "Reed"[: number % 4 + 1], date="2024-05-02", **odd
            )
    listed = [row.scene_id for row in queries.list_scenes(sort=sort).rows]
    assert len(listed) == 13

    found = [neighbours(key, parse_scene_filter({}).filters, sort) for key in listed]

    assert [each.before for each in found if each] == [None, *listed[:-1]]
    assert [each.after for each in found if each] == [*listed[1:], None]
    assert all(each.is_listed for each in found if each)


async def test_rows_lead_to_a_scene_in_its_list(
    operator: AsyncClient, source: Source
) -> None:
    sea = await Tag.objects.aget(name="Sea")
    asked = {"tag": "Sea", "organized": "no", "sort": "title", "size": "50"}

    html = text(await operator.get("/scenes/", asked))

    query = escape(f"?tag={sea.pk}&organized=no&sort=title&size=50")
    scene = row_id(source.pk, 2)
    assert f'href="/scenes/{scene}/{query}"' in html
    page = text(await operator.get(f"/scenes/{scene}/{query.replace('&amp;', '&')}"))
    assert f'<a href="/scenes/{query}">Back to the list</a>' in page
    assert f'rel="prev" href="/scenes/{row_id(source.pk, 1)}/{query}"' in page
    assert f'rel="next" href="/scenes/{row_id(source.pk, 3)}/{query}"' in page


async def test_the_way_back_leads_to_the_same_page_of_the_list(
    operator: AsyncClient, source: Source
) -> None:
    listed = await sync_to_async(queries.list_scenes)(sort="title")
    after = f"{'harbour at dawn 1'}~{listed.rows[0].scene_id}"

    html = text(await operator.get("/scenes/", {"sort": "title", "after": after}))

    link = re.search(r'href="(/scenes/\d+/\?[^"]*)"', html)
    assert link
    page = text(await operator.get(link[1].replace("&amp;", "&")))
    back = re.search(r'href="(/scenes/\?[^"]*)">Back to the list', page)
    assert back
    assert QueryDict(back[1].partition("?")[2].replace("&amp;", "&"))["after"] == after


async def test_a_scene_that_left_its_list_has_a_way_back(
    operator: AsyncClient, source: Source
) -> None:
    sea = await Tag.objects.aget(name="Sea")
    scene = row_id(source.pk, 2)
    await SceneTag.objects.filter(scene_id=scene).adelete()

    html = text(await operator.get(f"/scenes/{scene}/", {"tag": sea.pk}))

    assert "This scene is not in it any more." in html
    assert f'<a href="/scenes/?tag={sea.pk}">Back to the list</a>' in html
    assert html.count('rel="next"') == 1


@pytest.mark.parametrize("one", ["performer", "tag", "studio"])
async def test_latest_scenes_lead_back_to_whom_they_are_of(
    one: str, operator: AsyncClient, source: Source
) -> None:
    models: dict[str, Any] = {"performer": Performer, "tag": Tag, "studio": Studio}
    row = await models[one].objects.aearliest("id")
    scene = row_id(source.pk, 2)
    query = f"?{one}={row.pk}&amp;sort=-date&amp;from={one}"

    html = text(await operator.get(f"/{one}s/{row.pk}/"))
    page = text(await operator.get(f"/scenes/{scene}/{query.replace('&amp;', '&')}"))

    assert f'href="/scenes/{scene}/{query}"' in html
    assert f'<a href="/{one}s/{row.pk}/">Back to the {one}</a>' in page
    assert f'rel="next" href="/scenes/{row_id(source.pk, 1)}/{query}"' in page


async def test_a_scene_opened_on_its_own_has_no_list(
    operator: AsyncClient, source: Source
) -> None:
    html = text(await operator.get(f"/scenes/{row_id(source.pk, 2)}/"))

    assert "Back to" not in html
    assert "rel=" + '"next"' not in html


@pytest.mark.parametrize(
    "asked",
    [
        {"tagg": "1"},
        {"date_from": "soon"},
        {"tag": "Sea"},
        {"tag": ["Fog", "1"]},
        {"q": "\0"},
    ],
)
async def test_a_list_that_cannot_be_read_is_said_and_led_back_to(
    asked: dict[str, Any], operator: AsyncClient, source: Source
) -> None:
    html = text(await operator.get(f"/scenes/{row_id(source.pk, 2)}/", asked))

    assert "cannot be read: go back to see what is wrong" in html
    assert 'href="/scenes/?' in html
    assert 'rel="next"' not in html


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "//evil.example"},
        {"from": "performer"},
        {"from": "performer", "tag": "1"},
        {"next": "//evil.example"},
        {"q": "a" * (LONGEST + 1)},
        {"sort": "https://evil.example"},
        {"resync": "x"},
        {"resync": "9" * 30},
    ],
)
async def test_no_address_of_a_scene_leads_elsewhere(
    asked: dict[str, str], operator: AsyncClient, source: Source
) -> None:
    html = text(await operator.get(f"/scenes/{row_id(source.pk, 2)}/", asked))

    links = re.findall(r'href="([^"]*)"', html)
    nas = "http://nas:9999/"
    assert [link for link in links if not link.startswith(("/", "#", nas))] == []
    assert [link for link in links if link.startswith("//")] == []


def test_a_long_list_of_filters_is_not_in_every_link(source: Source) -> None:
    assert LONGEST < 4_000  # of 100 rows that is 400 kB


async def test_a_longer_address_is_left_out_of_the_links(
    operator: AsyncClient, source: Source
) -> None:
    tags = await Tag.objects.values_list("id", flat=True).aget(name="Sea")
    many = [tags, *range(10**15, 10**15 + 99)]

    html = text(await operator.get("/scenes/", {"any_tag": many}))

    assert f'href="/scenes/{row_id(source.pk, 2)}/"' in html


def test_a_place_in_a_list_costs_a_fixed_number_of_queries(source: Source) -> None:
    parsed = parse_scene_filter({"organized": ["no"]})

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert queries.scene_page(row_id(source.pk, 2), parsed)
        return len(captured)

    few = asked()
    with indexed_at_once():
        for number in range(10, 40):
            make_scene(source, number, f"Meadow {number}")

    assert asked() == few
