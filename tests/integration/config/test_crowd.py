"""What a crowd leaves behind, and errors: no thread of its own, no connection."""

import asyncio
import threading
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from config.rim import BoundedRim
from tests.asgi import LINE, THREADS, Browser
from tests.builders import PASSWORD, make_person

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 64


async def broken(_request: HttpRequest) -> HttpResponse:
    msg = "This page is broken."
    raise RuntimeError(msg)


urlpatterns = [path("broken/", broken), path("", include("config.urls"))]


@pytest.fixture
def cookies() -> dict[str, str]:
    """Return the headers of somebody who may see everything."""
    make_person("ada", is_superuser=True, is_staff=True)
    client = Client()
    assert client.login(username="ada", password=PASSWORD)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}


def names_of_threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


async def test_a_crowd_that_leaves_costs_no_thread_and_holds_up_nobody(
    rim: BoundedRim, cookies: dict[str, str]
) -> None:
    before = names_of_threads()
    crowd = [Browser("/scenes/", headers=cookies) for _ in range(CROWD)]
    visits = [browser.open(rim) for browser in crowd]
    for browser in crowd:
        browser.leave()
    await asyncio.gather(*visits)
    page = Browser("/scenes/", headers=cookies)
    await page.open(rim)

    answered = [browser.status for browser in crowd if browser.status]
    assert answered.count(503) == CROWD - THREADS - LINE
    assert page.status == 200
    assert not rim.pages.line
    made = {name for name in names_of_threads() - before if "request" in name}
    assert len(made) <= THREADS


async def test_of_a_crowd_that_stays_all_but_the_refused_get_their_page(
    rim: BoundedRim, cookies: dict[str, str]
) -> None:
    crowd = [Browser("/scenes/", headers=cookies) for _ in range(CROWD)]
    await asyncio.gather(*(browser.open(rim) for browser in crowd))

    statuses = [browser.status for browser in crowd]
    assert statuses.count(200) == THREADS + LINE
    assert statuses.count(503) == CROWD - THREADS - LINE


@pytest.mark.urls("tests.integration.config.test_crowd")
@pytest.mark.parametrize(
    ("status", "says", "asked"),
    [
        (404, "There is nothing here", {"path": "/nothing/"}),
        (404, "There is nothing here", {"path": "/scenes/1/"}),
        (404, "There is nothing here", {"path": "/admin/nothing/"}),
        (403, "The form was not accepted", {"path": "/sign-out/", "method": "POST"}),
        (500, "Something broke in Steward", {"path": "/broken/"}),
        (400, "Steward does not answer this", {"headers": {"host": "evil.example"}}),
    ],
)
async def test_an_error_has_its_page_and_no_thread_of_its_own(
    status: int,
    says: str,
    asked: dict[str, Any],
    rim: BoundedRim,
    cookies: dict[str, str],
) -> None:
    before = names_of_threads()
    browser = Browser(**{**asked, "headers": {**cookies, **asked.get("headers", {})}})
    await browser.open(rim)

    assert browser.status == status
    assert says in browser.text
    made = names_of_threads() - before
    assert {name for name in made if not name.startswith("request")} == set()
