"""One source or all: a filter of every list, kept, and told by each address."""

import re

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from syncapp.models import Source, Studio, Tag
from syncapp.queries.source_marks import source_marks
from tests.builders import make_scene, make_source, make_studio, make_tag
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
LISTS = ["scenes", "tags", "studios"]


@pytest.fixture
def lectures(source: Source) -> Source:
    """Give a second source, with one of each."""
    far = make_source("Lectures", url="http://attic:9999")
    make_scene(far, 1, "On Kelp", tags=[make_tag(far, 1, "Kelp")])
    make_studio(far, 1, "Kelp Hall")
    return far


async def choose(reader: AsyncClient, source: str, back: str = "/scenes/") -> str:
    """Choose a source in the header; returns where that leads."""
    form = {"source": source, "next": back}
    answer = await reader.post("/preferences/source/", form)
    assert answer.status_code == 303
    return str(answer["Location"])


async def test_one_source_alone_has_no_switch(
    reader: AsyncClient, source: Source
) -> None:
    html = text(await reader.get("/scenes/"))

    assert "/preferences/source/" not in html
    assert 'name="source"' not in html
    assert "source=all" not in html


@pytest.mark.parametrize("stream", LISTS)
async def test_a_source_that_is_named_is_shown_alone(
    stream: str, reader: AsyncClient, lectures: Source
) -> None:
    everything = text(await reader.get(f"/{stream}/"))
    html = text(await reader.get(f"/{stream}/", {"source": lectures.pk}))

    assert "Kelp" in everything
    assert "Harbour at Dawn" in everything or stream != "scenes"
    assert re.findall(r"<th scope=\"row\"", html) == ['<th scope="row"']
    assert "source: Lectures" in html
    assert 'href="?source=all' in html  # without the chip
    assert f"source={lectures.pk}&amp;" in html  # in the headers that sort


@pytest.mark.parametrize("stream", LISTS)
async def test_the_source_chosen_last_is_shown_unasked(
    stream: str, reader: AsyncClient, lectures: Source, source: Source
) -> None:
    led = await choose(reader, str(lectures.pk), f"/{stream}/?after=x~1&source=77")

    unasked = text(await reader.get(f"/{stream}/"))
    named = text(await reader.get(f"/{stream}/", {"source": source.pk}))
    everything = text(await reader.get(f"/{stream}/", {"source": "all"}))

    assert led == f"/{stream}/?source={lectures.pk}"
    assert "source: Lectures" in unasked
    assert "source: Film archive" in named
    assert "source: Lectures" not in named
    assert "Filters that are on" not in everything


async def test_all_sources_can_be_chosen_again(
    reader: AsyncClient, lectures: Source
) -> None:
    await choose(reader, str(lectures.pk))

    led = await choose(reader, "all", "/jobs/?status=failed")
    html = text(await reader.get("/scenes/"))

    assert led == "/jobs/?status=failed"
    assert "Harbour at Dawn" in html
    assert "On Kelp" in html


async def test_a_link_to_the_scenes_of_a_tag_leads_there(
    reader: AsyncClient, lectures: Source
) -> None:
    """A tag is of one source, whichever was chosen last."""
    sea = await Tag.objects.aget(name="Sea")
    await choose(reader, str(lectures.pk))

    html = text(await reader.get("/scenes/", {"tag": sea.pk}))

    assert "3 scenes" in html
    assert "source: Lectures" not in html


async def test_ways_back_to_a_list_of_all_sources_lead_to_all_of_them(
    operator: AsyncClient, lectures: Source
) -> None:
    await choose(operator, str(lectures.pk))
    asked = {"q": "Dawn", "source": "all", "sort": "title"}

    confirm = text(await operator.get("/scenes/sync/matching/", asked))
    form = {"filter": "q=Dawn&source=all", "digest": ""}
    changed = await operator.post("/scenes/sync/matching/", form)
    kept = {"name": "Without", "query": "none=studio"}
    saved = await operator.post("/saved/scenes/", kept)

    assert 'href="/scenes/?q=Dawn&amp;source=all&amp;sort=title"' in confirm
    assert 'href="/scenes/?q=Dawn&amp;source=all"' in changed.content.decode()
    assert saved["Location"] == "/scenes/?none=studio&source=all"


@pytest.mark.parametrize("value", ["77", "x", "-1", "9" * 40, "all,1"])
async def test_a_source_that_is_not_here_has_nothing(
    value: str, reader: AsyncClient, lectures: Source
) -> None:
    for stream in LISTS:
        html = text(await reader.get(f"/{stream}/", {"source": value}))

        assert '<th scope="row"' not in html
        assert "empty" in html


async def test_tiles_lead_to_the_lists_of_their_source(
    reader: AsyncClient, lectures: Source
) -> None:
    html = text(await reader.get("/"))

    assert f'href="/studios/?source={lectures.pk}"' in html
    await Studio.objects.all().adelete()
    await sync_to_async(Source.objects.filter(pk=lectures.pk).delete)()
    assert 'href="/studios/"' in text(await reader.get("/"))


async def test_each_row_tells_its_source_by_a_mark(
    reader: AsyncClient, lectures: Source
) -> None:
    html = text(await reader.get("/scenes/", {"columns": "source"}))
    html = text(await reader.get("/scenes/"))

    assert (
        '<span class="badge" title="Film archive"><span aria-hidden="true"><bdi>FA'
        in html
    )
    assert (
        '<span class="badge" title="Lectures"><span aria-hidden="true"><bdi>Lec' in html
    )


def test_marks_are_short_and_differ() -> None:
    names = {1: "Film archive", 2: "Fine arts", 3: "Attic", 4: "The old reels of Åland"}

    marks = source_marks(names)

    assert [marks[number].mark for number in names] == ["FA1", "FA2", "Att", "TOR"]
    assert marks[4].name == names[4]
