"""Pictures: what of a source is passed on, and what a slow or hostile one can do."""

import gzip
import logging
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import AsyncClient

from syncapp.demo.faults import Reply
from syncapp.models import Scene, Source
from syncapp.services import cover_fetching
from syncapp.stash.pictures import IN_FLIGHT
from tests.builders import NOON, make_performer, make_studio, make_tag
from tests.integration.covers import (
    HTML,
    JPEG,
    KEY,
    PNG,
    SOON,
    SVG,
    Shelf,
    first_scene_id,
    is_placeholder,
    kept,
    until_shown,
)
from tests.integration.pages.conftest import text
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
HEADERS = {
    "Content-Type": "image/png",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Disposition": "inline",
    "Cache-Control": "private, max-age=86400",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for a picture for long."""
    monkeypatch.setattr(cover_fetching, "PATIENCE_S", 0.02)


async def test_a_picture_is_shown_with_headers_that_let_it_do_nothing(
    reader: AsyncClient, pictures: Shelf
) -> None:
    response = await reader.get(pictures.address())

    assert response.status_code == 200
    assert response.content == PNG
    assert {name: response[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    ("body", "told", "shown"),
    [
        (JPEG, "text/html", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "application/json", "image/webp"),
        (b"GIF89a" + bytes(30), "image/svg+xml", "image/gif"),
        (b"\x00\x00\x00\x20ftypavif" + bytes(30), "", "image/avif"),
    ],
)
async def test_the_type_is_what_the_bytes_are_not_what_the_source_calls_them(
    body: bytes, told: str, shown: str, reader: AsyncClient, pictures: Shelf
) -> None:
    pictures.give(body, told)

    response = await reader.get(pictures.address())

    assert (response["Content-Type"], response.content) == (shown, body)


@pytest.mark.parametrize("told", ["image/svg+xml", "image/png"])
@pytest.mark.parametrize(
    "body",
    [
        SVG,
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'\xef\xbb\xbf <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN">\n<SVG/>',
    ],
)
async def test_a_drawing_means_none_and_is_never_passed_on(
    body: bytes, told: str, reader: AsyncClient, pictures: Shelf
) -> None:
    pictures.give(body, told)

    assert is_placeholder(await reader.get(pictures.address()))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, HTML, {"content-type": "text/html"}),
        Reply(200, HTML, {"content-type": "image/png"}),
        Reply(200, b"<html><svg></svg></html>", {"content-type": "image/svg+xml"}),
        Reply(200, PNG + bytes(20 * 2**20), {"content-type": "image/png"}),
        Reply(302, PNG, {"location": "/scene/2/screenshot"}),
        Reply(301, b"", {"location": "http://169.254.169.254/latest/meta-data/"}),
        Reply(206, PNG, {"content-type": "image/png"}),
        Reply(200, b"", {"content-type": "image/png"}),
        Reply(200, PNG[:5], {"content-type": "image/png"}),
        Reply(200, gzip.compress(PNG), {"content-encoding": "gzip"}),
        Reply(200, b"<!---->" * 500 + b"<", {"content-type": "image/svg+xml"}),
    ],
    ids=[
        *("html", "html as png", "html as svg", "20 MB", "redirect", "metadata"),
        *("part", "empty", "beginning alone", "packed", "comments"),
    ],
)
async def test_what_is_no_picture_is_refused_and_not_asked_for_again_at_once(
    reply: Reply, reader: AsyncClient, pictures: Shelf, tmp_path: Path
) -> None:
    pictures.stash.faults.order(reply, operation="file")

    responses = [await reader.get(pictures.address()) for _ in range(2)]

    assert [response.status_code for response in responses] == [415, 415]
    assert responses[0]["Content-Type"] == "text/plain"
    assert responses[0]["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert pictures.asked() == 1
    assert not kept(tmp_path)


async def test_what_breaks_off_is_not_shown_and_not_kept(
    reader: AsyncClient, pictures: Shelf, tmp_path: Path
) -> None:
    pictures.stash.faults.drop(sent=200, operation="file")

    first = await reader.get(pictures.address())
    left = kept(tmp_path)
    second = await reader.get(pictures.address())

    assert is_placeholder(first, SOON)
    assert not left
    assert second.content == PNG


@pytest.mark.parametrize("status", [401, 403, 500, 503])
async def test_a_source_in_trouble_is_left_alone_after_three_failures(
    status: int, reader: AsyncClient, pictures: Shelf
) -> None:
    pictures.stash.faults.status(status, times=100, operation="file")

    responses = [await reader.get(pictures.address(n)) for n in range(1, 9)]

    assert all(is_placeholder(response, SOON) for response in responses)
    assert pictures.asked() == cover_fetching.FAILURES


async def test_a_dead_source_costs_a_placeholder(
    reader: AsyncClient, pictures: Shelf
) -> None:
    pictures.stash.stop()

    responses = [await reader.get(pictures.address(n)) for n in range(1, 6)]

    assert all(is_placeholder(response, SOON) for response in responses)


async def test_after_its_rest_a_source_is_asked_again(
    reader: AsyncClient, pictures: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cover_fetching, "REST_S", 0.0)
    pictures.stash.faults.status(500, times=4, operation="file")
    for _ in range(4):
        assert is_placeholder(await reader.get(pictures.address()), SOON)

    response = await reader.get(pictures.address())

    assert response.content == PNG


async def test_what_the_source_has_no_more_is_a_placeholder_for_now(
    reader: AsyncClient, pictures: Shelf
) -> None:
    pictures.stash.library.delete("scene", 1)

    responses = [await reader.get(pictures.address()) for _ in range(2)]

    assert all(is_placeholder(response, SOON) for response in responses)
    assert pictures.asked() == 1


async def test_a_page_of_covers_is_there_while_the_source_answers_nothing(
    operator: AsyncClient, pictures: Shelf, impatient: None, tmp_path: Path
) -> None:
    with pictures.stash.gate.hold(operation="file") as hold:
        waiting = [await operator.get(pictures.address(n)) for n in range(1, 10)]
        hold.wait(count=IN_FLIGHT)
        html = text(await operator.get("/scenes/", {"view": "grid"}))
        caught = hold.caught

    assert html.count("<img") == 12
    assert all(is_placeholder(response, SOON) for response in waiting)
    assert caught == IN_FLIGHT  # the others wait in the line
    # What comes too late for these is there for the next.
    shown = await until_shown(operator, pictures.address(9), has_picture)
    assert shown.content == PNG
    assert len(kept(tmp_path)) == 9


async def test_nobody_joins_a_line_that_is_full(
    reader: AsyncClient,
    pictures: Shelf,
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(cover_fetching, "LONGEST_LINE", 3)
    with pictures.stash.gate.hold(operation="file"):
        for number in range(1, 6):
            response = await reader.get(pictures.address(number))
            assert is_placeholder(response, SOON)
    # Who asks in between would have one fetched anew that just came.
    wait_until(lambda: len(kept(tmp_path)) >= 3, within=30)

    assert pictures.asked() == 3


async def test_the_key_is_sent_and_stands_in_no_log_and_no_answer(
    reader: AsyncClient, pictures: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pictures.stash.faults.order(Reply(500, KEY.encode()), operation="file")
    pictures.stash.faults.order(Reply(302, b"", {"location": f"/{KEY}"}))
    responses = [await reader.get(pictures.address(n)) for n in (1, 2, 3)]

    assert [each.status_code for each in responses] == [200, 415, 200]
    assert responses[2].content == PNG  # which needs the key
    for response in responses:
        assert KEY not in str(response.headers)
        assert KEY.encode() not in response.content
    assert KEY not in caplog.text


async def test_strangers_see_no_picture(
    async_client: AsyncClient, pictures: Shelf
) -> None:
    await Source.objects.aget()
    response = await async_client.get(pictures.address())

    assert response.status_code in {302, 403}
    assert pictures.asked() == 0


@pytest.mark.parametrize("kind", ["scenes", "source", "..", "Scene", "file"])
async def test_there_are_four_kinds_and_no_others(
    kind: str, reader: AsyncClient, pictures: Shelf
) -> None:
    response = await reader.get(pictures.address(kind=kind))

    assert response.status_code == 404
    assert pictures.asked() == 0


@pytest.mark.parametrize("end", ["tag", "999", "huge", "word", "query"])
async def test_what_is_not_mirrored_is_not_asked_for(
    end: str, reader: AsyncClient, pictures: Shelf
) -> None:
    address = {
        "tag": pictures.address(kind="tag"),
        "999": pictures.address(999),
        "huge": f"/media/scene/{10**40}/",
        "word": "/media/scene/1%2F..%2F..%2Fgraphql/",
        "query": f"/media/scene/{2**62}/?id=1&url=http://nas/",
    }[end]

    assert (await reader.get(address)).status_code == 404
    assert pictures.asked() == 0


async def test_what_was_removed_is_a_placeholder_and_not_asked_for(
    reader: AsyncClient, pictures: Shelf
) -> None:
    await Scene.objects.filter(remote_id=1).aupdate(deleted_at=NOON)

    assert is_placeholder(await reader.get(pictures.address()))
    assert pictures.asked() == 0


async def test_each_kind_has_its_picture_and_its_way_to_have_none(
    reader: AsyncClient, pictures: Shelf
) -> None:
    for make in (make_performer, make_tag, make_studio):
        await sync_to_async(make)(pictures.source, 1, "Ida")
    pictures.stash.library.pictures["studio", 1] = ("image/jpeg", JPEG)
    kinds = ("performer", "tag", "studio")

    found = {kind: await reader.get(pictures.address(kind=kind)) for kind in kinds}

    # A performer without a picture has one, which is shown as it comes.
    assert found["performer"]["Content-Type"] == "image/png"
    assert is_placeholder(found["tag"])
    assert found["studio"].content == JPEG


async def test_a_lost_key_is_a_placeholder(
    reader: AsyncClient, pictures: Shelf
) -> None:
    sealed = "gAAAAABnot-of-this-machine"
    await sync_to_async(overwrite_key)(pictures.source.pk, sealed)

    assert is_placeholder(await reader.get(pictures.address()), SOON)
    assert pictures.asked() == 0


async def test_switched_off_there_is_no_picture_anywhere(
    operator: AsyncClient, pictures: Shelf, settings: Any
) -> None:
    settings.COVERS = False
    places = ("/scenes/?view=grid", f"/scenes/{await first_scene_id()}/")

    pages = [text(await operator.get(place)) for place in places]

    assert not any("<img" in page for page in pages)
    assert (await operator.get(pictures.address())).status_code == 404
    assert pictures.asked() == 0


def has_picture(response: Any) -> bool:
    return bool(response.content == PNG)


def overwrite_key(source_id: int, sealed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE syncapp_source SET api_key = %s WHERE id = %s", [sealed, source_id]
        )
