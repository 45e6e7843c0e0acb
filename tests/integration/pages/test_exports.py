"""Lists as files: the rows of the list in its order, whole, and harmless."""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext

from config.rim import BoundedRim
from syncapp import queries
from syncapp.filters.query_string import parse_scene_filter
from syncapp.models import Performer, Scene, SceneFile, Source, Tag
from syncapp.queries import export
from syncapp.views.exports import AT_WORK, MOST_EACH
from tests.asgi import Browser
from tests.builders import (
    NOON,
    PASSWORD,
    indexed_at_once,
    make_performer,
    make_person,
    make_scene,
    make_source,
    make_studio,
    make_tag,
)
from tests.integration.config import conftest as doors
from tests.unit.config.test_request_threads import until

rim = doors.rim
pytestmark = pytest.mark.django_db(transaction=True)
LISTS = ("scenes", "performers", "tags", "studios")


async def body(response: Any) -> str:
    """Return what was streamed."""
    assert response.status_code == 200, response.content
    return b"".join([part async for part in response]).decode()


async def rows_of(client: AsyncClient, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(await body(await client.get(address)))
    return found


def cells(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


@indexed_at_once()
def _fill(source: Source) -> None:
    """Add rows of which many are alike in what they are ordered by."""
    for number in range(60, 95):
        make_scene(
            source,
            number,
            f"Tide {number % 4}" if number % 5 else "",
            date=f"20{number % 7:02}" if number % 3 else "",
            rating100=number % 6 * 20 or None,
            remote_created_at=NOON + timedelta(days=number % 5),
            organized=bool(number % 2),
        )
        make_performer(source, number, f"Ida {number % 4}", scene_count=number % 3)
        make_tag(source, number, f"Fog {number % 4}", scene_count=number % 3)
        make_studio(source, number, f"Dune {number % 4}", scene_count=number % 3)


@pytest.fixture
def many(source: Source, monkeypatch: pytest.MonkeyPatch) -> Source:
    """Give a library whose exports take several parts."""
    monkeypatch.setattr(export, "PART", 7)
    _fill(source)
    return source


@pytest.mark.parametrize("stream", LISTS)
async def test_an_export_has_the_rows_of_the_list_in_its_order(
    stream: str, operator: AsyncClient, many: Source
) -> None:
    for sort in queries.export_sorts(stream):
        listed = await sync_to_async(_ids_listed)(stream, sort)
        address = f"/{stream}/export.json?sort={sort}"

        exported = [row["id"] for row in await rows_of(operator, address)]

        assert exported == listed, sort
        assert len(set(listed)) == len(listed) > 35


def _ids_listed(stream: str, sort: str) -> list[int]:
    """Turn the pages of a list."""
    ids: list[int] = []
    after = ""
    while True:
        if stream == "scenes":
            page: Any = queries.list_scenes(sort=sort, after=after)
            ids += [row.scene_id for row in page.rows]
        else:
            page = queries.list_entities(stream, sort=sort, after=after)
            ids += [row.row_id for row in page.rows]
        if not page.next:
            return ids
        after = page.next


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl"])
@pytest.mark.parametrize("stream", LISTS)
async def test_each_list_is_written_each_way(
    stream: str, kind: str, operator: AsyncClient, many: Source
) -> None:
    response = await operator.get(f"/{stream}/export.{kind}")
    text = await body(response)
    columns = list(queries.export_columns(stream))
    listed = await sync_to_async(_ids_listed)(stream, "")

    ways: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "csv": lambda: cells(text),
        "json": lambda: list(json.loads(text)),
        "jsonl": lambda: [json.loads(line) for line in text.splitlines()],
    }
    read = ways[kind]()
    assert [int(row["id"]) for row in read] == listed
    assert [list(row) for row in read] == [columns] * len(read)
    name = response["Content-Disposition"]
    assert name.startswith(f'attachment; filename="steward-{stream}-20')
    assert name.endswith(f'.{kind}"')
    assert response["Content-Type"] == queries.FORMATS[kind].content_type


async def test_the_filter_and_nothing_else_is_exported(
    operator: AsyncClient, many: Source
) -> None:
    await Scene.objects.filter(remote_id=61).aupdate(deleted_at=datetime.now(UTC))
    far = await sync_to_async(make_source)("Lectures", url="http://attic:9999")
    await sync_to_async(make_scene)(far, 1, "Far away")

    found = await rows_of(
        operator, f"/scenes/export.json?organized=no&source={many.pk}&none=title"
    )
    loved = await rows_of(operator, "/tags/export.json?q=fog 1")
    removed = await rows_of(operator, "/scenes/export.json?removed=1")

    assert {row["remote_id"] for row in found} == {60, 70, 80, 90}
    assert {row["name"] for row in loved} == {"Fog 1"}
    assert [row["remote_id"] for row in removed] == [61]
    assert removed[0]["removed_at"].endswith("Z")


@pytest.mark.parametrize("stream", LISTS)
@pytest.mark.parametrize(
    ("kind", "says"), [("json", "[\n]\n"), ("jsonl", ""), ("csv", None)]
)
async def test_an_empty_list_is_a_whole_file(
    stream: str, kind: str, says: str | None, operator: AsyncClient, source: Source
) -> None:
    text = await body(await operator.get(f"/{stream}/export.{kind}?q=zeppelin"))

    head = "\ufeff" + ",".join(queries.export_columns(stream)) + "\r\n"
    assert text == (head if says is None else says)


async def test_values_are_told_whole_and_in_every_script(
    operator: AsyncClient, transactional_db: None
) -> None:
    source = await sync_to_async(make_source)('Æther, "North"')
    await sync_to_async(_one_scene)(source)

    (told,) = await rows_of(operator, "/scenes/export.json")
    (cell,) = cells(await body(await operator.get("/scenes/export.csv")))

    assert told["title"] == 'Níš 🐋\n“ærø”\u200f, the "tide"'
    assert told["performers"] == ["Ida", "Zoë", "Åse"]
    assert told["tags"] == []
    assert (told["studio"], told["rating"], told["organized"]) == (None, None, False)
    assert (told["path"], told["files"]) == ("/films/reel 1.mkv", 2)
    assert told["size"] == 1_500_000_000
    assert told["added_at"] == "2024-05-17T12:00:00Z"
    assert told["urls"] == ["https://films.example/1"]
    assert cell["source"] == 'Æther, "North"'
    assert cell["title"] == told["title"]
    assert cell["performers"] == "Ida; Zoë; Åse"
    assert (cell["rating"], cell["organized"], cell["tags"]) == ("", "no", "")


def _one_scene(source: Source) -> None:
    names = ("Zoë", "Åse", "Ida")
    people = [make_performer(source, n, name) for n, name in enumerate(names)]
    scene = make_scene(
        source,
        1,
        'Níš 🐋\n“ærø”\u200f, the "tide"',
        performers=people,
        urls=["https://films.example/1"],
    )
    SceneFile.objects.create(scene=scene, remote_id=2, position=1, path="/b.mkv")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
async def test_no_cell_is_a_formula(
    start: str, operator: AsyncClient, source: Source
) -> None:
    attack = f"{start}HYPERLINK(A1)"
    await Performer.objects.aupdate(name=attack)
    await Tag.objects.aupdate(name=attack, aliases=[attack, "b"])
    await Scene.objects.aupdate(title=attack)

    scene = cells(await body(await operator.get("/scenes/export.csv")))[0]
    tag = cells(await body(await operator.get("/tags/export.csv")))[0]
    plain = (await rows_of(operator, "/scenes/export.json"))[0]

    assert scene["title"] == f"'{attack}"
    assert scene["performers"].startswith(f"'{attack}; {attack}")
    assert (tag["name"], tag["aliases"]) == (f"'{attack}", f"'{attack}; b")
    assert plain["title"] == attack  # no spreadsheet reads JSON


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/scenes/export.csv?colour=red", "There is no filter “colour”."),
        ("/scenes/export.csv?date_from=soon", "“soon” is not a date"),
        ("/scenes/export.json?tag=fog", "Which of the tags is meant by “fog”?"),
        ("/scenes/export.json?tag=zeppelin", "None of the tags is called “zeppelin”."),
    ],
)
async def test_a_filter_that_cannot_be_used_exports_nothing(
    address: str, says: str, operator: AsyncClient, many: Source
) -> None:
    response = await operator.get(address)

    assert response.status_code == 400
    assert says in response.content.decode()
    assert "Content-Disposition" not in response


async def test_there_is_no_other_kind_of_file(
    operator: AsyncClient, source: Source
) -> None:
    assert (await operator.get("/scenes/export.xlsx")).status_code == 404
    assert (await operator.head("/scenes/export.csv")).status_code == 405
    assert (await operator.post("/scenes/export.csv")).status_code == 405


async def test_each_person_has_so_many_at_once(
    operator: AsyncClient, many: Source
) -> None:
    begun: list[Any] = []
    for _ in range(MOST_EACH):
        begun.append(await operator.get("/scenes/export.csv"))
        await anext(aiter(begun[-1]))
    refused = await operator.get("/scenes/export.csv")
    for response in begun:
        response.close()
    again = await operator.get("/scenes/export.csv")

    assert refused.status_code == 429
    assert "wait for one to end" in refused.content.decode()
    assert len(cells(await body(again))) == 38
    assert not AT_WORK


@pytest.mark.parametrize("stream", LISTS)
async def test_a_list_offers_its_files_as_it_is_filtered(
    stream: str, operator: AsyncClient, source: Source
) -> None:
    page = await operator.get(f"/{stream}/", {"q": "e", "size": "50"})
    wrong = await operator.get("/scenes/", {"colour": "red"})

    html = page.content.decode()
    for kind in ("csv", "json"):
        assert f'href="/{stream}/export.{kind}?q=e&amp;sort=' in html
    assert "export.csv" not in wrong.content.decode()


@pytest.mark.parametrize("stream", LISTS)
def test_a_part_is_a_fixed_number_of_queries(stream: str, source: Source) -> None:
    filters: Any = parse_scene_filter({}).filters
    if stream != "scenes":
        filters = queries.list_entities(stream).filters
    asked = queries.Export(stream, filters, "json", "")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            queries.export_part(asked, queries.ExportPlace())
        counts.append(len(seen))
        _fill(source) if len(counts) == 1 else None

    assert counts[0] == counts[1] <= 4


def test_a_place_that_cannot_be_read_does_not_begin_anew(source: Source) -> None:
    asked = queries.Export("scenes", parse_scene_filter({}).filters, "json", "")

    with pytest.raises(ValueError, match="no place in a list"):
        queries.export_part(asked, queries.ExportPlace("nowhere", 7))


@pytest.fixture
def cookies(transactional_db: None) -> dict[str, str]:
    make_person("ada")
    client = Client()
    assert client.login(username="ada", password=PASSWORD)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}


async def test_through_the_door_an_export_comes_whole(
    rim: BoundedRim, cookies: dict[str, str], many: Source
) -> None:
    browser = Browser("/scenes/export.json", headers=cookies)
    await browser.open(rim)

    assert browser.status == 200
    assert len(json.loads(browser.text)) == 38
    assert "content-length" not in browser.headers


async def test_who_leaves_in_the_middle_frees_everything(
    rim: BoundedRim, cookies: dict[str, str], many: Source
) -> None:
    threads = len(rim.pages.free)
    browser = Browser("/scenes/export.json", headers=cookies)
    browser.reads.clear()
    visit = browser.open(rim)
    await until(lambda: len(AT_WORK) == 1 and len(rim.pages.free) == threads)
    browser.leave()
    browser.reads.set()
    await visit
    await until(lambda: len(rim.pages.free) == threads)

    assert not AT_WORK
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(browser.text)  # not closed: one sees that it was cut short


async def test_who_reads_nothing_is_cut_off(
    rim: BoundedRim, cookies: dict[str, str], many: Source
) -> None:
    threads = len(rim.pages.free)
    rim.reading_s = 0.05
    browser = Browser("/scenes/export.csv", headers=cookies)
    browser.reads.clear()
    await asyncio.wait_for(browser.open(rim), 20)
    await until(lambda: len(rim.pages.free) == threads)

    assert browser.messages == []
    assert not AT_WORK
