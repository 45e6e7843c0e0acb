"""Who waits for a picture holds up no page, and no other browser's either."""

import asyncio

import pytest
from django.conf import settings
from django.test import Client

from config.rim import BoundedRim
from syncapp.services import cover_fetching
from syncapp.stash.pictures import IN_FLIGHT
from tests.asgi import PICTURE_THREADS, THREADS, Browser
from tests.builders import PASSWORD, make_person
from tests.integration.covers import PNG, SCENES, Shelf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cookies() -> dict[str, str]:
    """Return the headers of somebody who may look."""
    make_person("noor")
    client = Client()
    assert client.login(username="noor", password=PASSWORD)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}


def body(browser: Browser) -> bytes:
    return b"".join(message.get("body", b"") for message in browser.messages)


async def test_pages_come_while_more_wait_for_pictures_than_there_are_threads(
    rim: BoundedRim,
    cookies: dict[str, str],
    pictures: Shelf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cover_fetching, "PATIENCE_S", 1_000.0)
    asked = [pictures.address(number) for number in range(1, SCENES + 1)]
    assert len(asked) > THREADS + PICTURE_THREADS
    with pictures.stash.gate.hold(operation="file") as hold:
        crowd = [Browser(address, headers=cookies) for address in asked]
        visits = [browser.open(rim) for browser in crowd]
        await asyncio.to_thread(hold.wait, count=IN_FLIGHT)
        pages = [Browser("/scenes/", headers=cookies) for _ in range(THREADS)]
        await asyncio.gather(*(page.open(rim) for page in pages))

        assert [page.status for page in pages] == [200] * THREADS
        assert [browser.status for browser in crowd] == [0] * SCENES
    await asyncio.gather(*visits)

    assert {body(browser) for browser in crowd} == {PNG}
