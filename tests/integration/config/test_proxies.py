"""Behind a proxy: what it says, what it leaves out, and a path that is not the root."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from django.core.handlers.asgi import ASGIHandler
from pytest_django import Settings

from config.behind_proxy import behind_proxy
from config.public_address import networks
from tests.site import forms

pytestmark = pytest.mark.django_db(transaction=True)
PROXY = "127.0.0.1"
HTML = {"Accept": "text/html"}
PASSWORD = "a-password-for-this-test"
TRIES = 5  # that cost no waiting


def asked_by(peer: str) -> httpx2.AsyncClient:
    """Return a client whose connections come from `peer`, as the web server sees it."""
    # Without the handler's own threads, whose connections nobody would close here.
    site = behind_proxy(ASGIHandler().handle)  # type: ignore[arg-type]
    transport = httpx2.ASGITransport(app=site, client=(peer, 5000))
    return httpx2.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", headers=HTML
    )


@pytest.fixture
async def proxy() -> AsyncIterator[httpx2.AsyncClient]:
    async with asked_by(PROXY) as client:
        yield client


@pytest.fixture
def below_a_path(settings: Settings) -> None:
    settings.PUBLIC_PATH = settings.FORCE_SCRIPT_NAME = "/steward"


@pytest.mark.usefixtures("below_a_path", "claimed")
@pytest.mark.parametrize("path", ["/steward/jobs/", "/jobs/"])
async def test_a_proxy_may_take_the_path_away_or_leave_it(
    path: str, proxy: httpx2.AsyncClient
) -> None:
    response = await proxy.get(path)

    assert response.headers["Location"] == "/steward/sign-in/?next=%2Fsteward%2Fjobs%2F"


@pytest.mark.usefixtures("below_a_path", "claimed")
@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/steward", "/steward/sign-in/?next=%2Fsteward"),
        ("/stewardess/", "/steward/sign-in/?next=%2Fsteward%2Fstewardess%2F"),
    ],
)
async def test_redirects_stay_below_the_path(
    path: str, location: str, proxy: httpx2.AsyncClient
) -> None:
    assert (await proxy.get(path)).headers["Location"] == location


async def wrong_code(client: httpx2.AsyncClient, visitor: str) -> httpx2.Response:
    """Type a wrong setup code, as a visitor whom the proxy names."""
    (form,) = forms((await client.get("/setup/")).text)
    typed = {"code": "AAAA-AAAA", "name": "ada", "password": PASSWORD}
    return await client.post(
        "/setup/",
        data={**form.fields, **typed, "again": PASSWORD},
        headers={"X-Forwarded-For": visitor},
    )


async def test_a_guesser_behind_the_proxy_does_not_slow_its_other_visitors(
    settings: Settings, proxy: httpx2.AsyncClient
) -> None:
    settings.TRUSTED_PROXIES = networks(PROXY)
    for _ in range(TRIES):
        await wrong_code(proxy, "192.0.2.7")

    guesser = await wrong_code(proxy, "198.51.100.1, 192.0.2.7")
    other = await wrong_code(proxy, "192.0.2.8")

    assert (guesser.status_code, other.status_code) == (429, 403)


async def test_who_is_no_proxy_of_ours_cannot_change_address_by_saying_so(
    settings: Settings,
) -> None:
    settings.TRUSTED_PROXIES = networks("10.0.0.1")
    async with asked_by("192.0.2.7") as client:
        for number in range(TRIES):
            await wrong_code(client, f"198.51.100.{number}")

        again = await wrong_code(client, "198.51.100.99")

    assert again.status_code == 429


@pytest.fixture
def below_https(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://h.example/steward"
    settings.PUBLIC_PATH = settings.FORCE_SCRIPT_NAME = "/steward"
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, "h.example"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.usefixtures("below_https", "claimed")
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "does not set the header"),
        ({"X-Forwarded-Proto": "http", "Sec-Fetch-Mode": "navigate"}, "says “http” in"),
        ({"X-Forwarded-Proto": "ssl"}, "says “ssl” in"),
    ],
)
async def test_a_proxy_that_does_not_tell_of_https_is_answered_with_what_to_set(
    said: dict[str, str], told: str
) -> None:
    async with asked_by(PROXY) as client:
        response = await client.get("/steward/jobs/", headers=said)

    assert response.status_code == 400
    assert response.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in response.headers
    assert told in response.text
    assert "X-Forwarded-Proto" in response.text
    assert "https://h.example/steward" in response.text


@pytest.mark.usefixtures("below_https", "claimed")
async def test_a_program_is_told_of_the_header_in_json() -> None:
    async with asked_by(PROXY) as client:
        response = await client.get("/jobs/", headers={"Accept": "application/json"})

    assert response.status_code == 400
    assert "X-Forwarded-Proto to https" in response.json()["error"]


@pytest.mark.usefixtures("below_https", "claimed")
async def test_who_came_by_http_is_sent_to_https_and_no_browser_remembers_it() -> None:
    async with asked_by(PROXY) as client:
        plain = {"X-Forwarded-Proto": "http"}
        response = await client.get("/steward/jobs/?kind=x", headers=plain)

    assert response.status_code == 302
    assert response.headers["Location"] == "https://h.example/steward/jobs/?kind=x"


@pytest.mark.usefixtures("below_https", "claimed")
async def test_what_others_than_the_proxies_say_of_https_does_not_count(
    settings: Settings,
) -> None:
    settings.TRUSTED_PROXIES = networks("10.0.0.1")
    async with asked_by("192.0.2.7") as client:
        https = {"X-Forwarded-Proto": "https"}
        response = await client.get("/steward/jobs/", headers=https)

    assert response.status_code == 400
    assert "STEWARD_TRUSTED_PROXIES" in response.text


@pytest.mark.usefixtures("below_https", "claimed")
async def test_health_is_asked_without_the_proxy() -> None:
    async with asked_by(PROXY) as client:
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/steward/healthz")).status_code == 200
