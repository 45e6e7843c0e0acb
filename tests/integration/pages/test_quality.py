"""Tiles of what scenes lack: their numbers are those of the lists they lead to."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from syncapp import queries
from syncapp.filters import scene_matches
from syncapp.models import Scene, SceneFile, Source
from syncapp.queries import quality
from tests.builders import make_library, make_scene, make_source, work_out_facts
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
TILE = re.compile(
    r'<a href="(/scenes/\?[^"]*)">\s*<span class="figure">([^<]*)</span>\s*'
    r'<span class="tile-name">([^<]*)</span>'
)


@pytest.fixture
def lacking(source: Source) -> Source:
    """Give a source whose scenes lack this and that, and another one."""
    for number in range(20, 26):
        make_scene(source, number, f"Fog {number}", organized=number > 22)
    make_scene(source, 30, "Gone", deleted_at=timezone.now())
    for scene in Scene.objects.filter(remote_id__in=[20, 30]):
        SceneFile.objects.create(scene=scene, remote_id=99, position=1)
        work_out_facts(scene.pk)
    far = make_source("Lectures", url="http://attic:9999")
    make_library(far)
    make_scene(far, 20, "Bare")
    return source


async def test_each_tile_leads_to_a_list_of_that_many(
    operator: AsyncClient, lacking: Source
) -> None:
    html = text(await operator.get(f"/sources/{lacking.pk}/quality/"))
    tiles = TILE.findall(html)

    assert {name: figure for _, figure, name in tiles} == {
        "no studio": "6",
        "no date": "6",
        "no performers": "6",
        "no tags": "6",
        "not organised": "6",
        "several files": "1",
        "same fingerprint": "0",
    }
    for address, figure, _ in tiles:
        listed = text(await operator.get(address.replace("&amp;", "&")))
        assert f">{figure} scene" in listed, address
        assert "source: Film archive" in listed


def test_a_number_stops_at_the_cap(
    lacking: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene_matches, "COUNTED", 4)

    found = queries.source_quality(lacking.pk)

    assert found is not None
    first = found.tiles[0].found
    assert (first, found.tiles[-2].found) == (
        queries.Count(4, more=True),
        queries.Count(1),
    )


def lacking_tiles(html: str) -> list[tuple[str, str, str]]:
    """Return what is counted, without the tiles that lead to whole lists."""
    return [
        tile for part in html.split("data-quality=")[1:] for tile in TILE.findall(part)
    ]


async def test_the_dashboard_counts_nothing_and_shows_what_is_known(
    operator: AsyncClient, lacking: Source
) -> None:
    before = text(await operator.get("/"))
    text(await operator.get(f"/sources/{lacking.pk}/quality/"))
    after = text(await operator.get("/"))

    assert before.count('data-quality-from="/sources/') == 2
    assert before.count("Count them") == 2
    assert "no studio" in before
    assert lacking_tiles(before) == []
    assert after.count('data-quality-from="/sources/') == 1
    assert len(lacking_tiles(after)) == 7


def test_what_is_known_costs_no_query(lacking: Source) -> None:
    line: Any = queries.source_line(lacking.pk)
    with CaptureQueriesContext(connection) as counted:
        queries.source_quality(lacking.pk)
    with CaptureQueriesContext(connection) as again:
        queries.source_quality(lacking.pk)
        known = queries.known_quality(line)

    unanalysed = 1
    assert len(counted) == 1 + len(quality.TILES) + unanalysed
    assert len(again) == 1
    assert known.counted


def test_other_sources_do_not_show(lacking: Source) -> None:
    far = Source.objects.get(name="Lectures")
    cache.clear()

    found = queries.source_quality(far.pk)

    assert found is not None
    assert [tile.found for tile in found.tiles][:2] == [queries.Count(1)] * 2


async def test_a_source_that_is_not_there_has_no_tiles(operator: AsyncClient) -> None:
    assert (await operator.get("/sources/77/quality/")).status_code == 404


async def test_what_is_not_analysed_is_told_with_the_way_to_analyse_it(
    operator: AsyncClient, reader: AsyncClient, lacking: Source
) -> None:
    address = f"/sources/{lacking.pk}/quality/"

    html = text(await operator.get(address))
    looked = text(await reader.get(address))

    assert "6 are not analysed since they changed" in html
    assert f'href="/analyse/?unanalysed={lacking.pk}"' in html
    assert "not analysed" not in looked
