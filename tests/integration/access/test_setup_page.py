"""The setup page: the only one before the claim, and no page at all after it."""

import logging
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import AsyncClient

from syncapp.models import Claim
from tests.builders import make_person
from tests.integration.access.conftest import PASSWORD, typed
from tests.integration.pages.test_every_page import addresses

pytestmark = pytest.mark.django_db(transaction=True)
OPEN = {"/healthz", "/readyz", "/metrics", "/setup/"}
EVERY_PAGE = sorted({*addresses(), "/no/such/page"} - OPEN)
WRONG = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GG"


@pytest.mark.parametrize("address", EVERY_PAGE)
async def test_before_the_claim_every_address_leads_to_the_setup(
    address: str, async_client: AsyncClient
) -> None:
    for method in (async_client.get, async_client.post):
        response = await method(address)

        assert (response.status_code, response["Location"]) == (302, "/setup/")
        assert "Content-Security-Policy" in response


async def test_before_the_claim_json_says_so(async_client: AsyncClient) -> None:
    response = await async_client.get("/jobs/", headers={"Accept": "application/json"})

    assert response.status_code == 403
    assert "no administrator yet" in response.json()["error"]


async def test_health_and_static_files_are_there_before_the_claim(
    async_client: AsyncClient,
) -> None:
    for address in ("/healthz", "/static/syncapp/setup.js"):
        assert (await async_client.get(address)).status_code == 200


async def test_the_page_asks_for_what_is_needed_and_is_kept_nowhere(
    async_client: AsyncClient,
) -> None:
    response = await async_client.get("/setup/")

    html = response.content.decode()
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert html.count("<h1>") == 1
    for name in ("code", "name", "password", "again", "zone"):
        assert f'name="{name}"' in html
    assert '<script src="/static/syncapp/setup.js" defer></script>' in html
    assert " style=" not in html
    assert "Sign out" not in html


async def test_the_claim_signs_in_and_the_setup_is_gone(
    code: str, async_client: AsyncClient
) -> None:
    response = await async_client.post("/setup/", typed(code, zone="Europe/Berlin"))

    assert (response.status_code, response["Location"]) == (302, "/connect/")
    ada = await get_user_model().objects.aget()
    assert (ada.username, ada.is_superuser, ada.is_staff) == ("ada", True, True)
    assert (await Claim.objects.aget()).zone == "Europe/Berlin"
    home = await async_client.get("/")
    assert home.status_code == 200
    assert "ada" in home.content.decode()
    for client in (async_client, AsyncClient()):
        assert (await client.get("/setup/")).status_code == 404
        assert (await client.post("/setup/", typed(code))).status_code == 404


@pytest.mark.parametrize("address", EVERY_PAGE)
async def test_after_the_claim_strangers_are_asked_to_sign_in(
    address: str, claimed: None, async_client: AsyncClient
) -> None:
    if address == "/sign-in/":
        assert (await async_client.get(address)).status_code == 200
        return
    response = await async_client.get(address)
    told = await async_client.post(address, headers={"Accept": "application/json"})

    assert response["Location"].startswith("/sign-in/?next=")
    assert told.status_code == 403


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"code": WRONG}, 403, "This is not the setup code."),
        ({"code": ""}, 403, "This is not the setup code."),
        ({"again": "between-tides-1932"}, 400, "The two passwords differ."),
        ({"password": "short", "again": "short"}, 400, "too short"),
        ({"name": ""}, 400, "This field is required."),
        ({"name": "ada lovelace"}, 400, "Enter a valid username."),
        ({"name": "a\0b"}, 400, "Null characters are not allowed."),
    ],
)
async def test_a_refusal_is_a_sentence_and_the_passwords_are_not_sent_back(
    code: str,
    async_client: AsyncClient,
    change: dict[str, str],
    status: int,
    sentence: str,
) -> None:
    response = await async_client.post("/setup/", typed(code, **change))

    html = response.content.decode()
    assert response.status_code == status
    assert sentence in html
    assert PASSWORD not in html
    assert not await get_user_model().objects.aexists()


def test_who_guesses_is_told_to_wait_and_others_are_not(code: str, client: Any) -> None:
    for _ in range(5):
        client.post("/setup/", typed(WRONG))

    response = client.post("/setup/", typed(code))
    other = client.post("/setup/", typed(code), REMOTE_ADDR="192.0.2.8")

    assert (response.status_code, response["Retry-After"]) == (429, "1")
    assert "Too many wrong setup codes" in response.content.decode()
    assert other.status_code == 302


async def test_the_form_needs_its_token(code: str) -> None:
    strict = AsyncClient(enforce_csrf_checks=True)

    assert (await strict.post("/setup/", typed(code))).status_code == 403
    assert not await get_user_model().objects.aexists()


async def test_the_code_and_the_password_are_in_no_log(
    code: str, async_client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await async_client.post("/setup/", typed(WRONG))
    await async_client.post("/setup/", typed(code, name="a b"))
    await async_client.post("/setup/", typed(code))

    for secret in (code, code.replace("-", ""), WRONG, PASSWORD):
        assert secret not in caplog.text


def test_once_claimed_the_question_is_asked_no_more(
    client: Any, claimed: None, django_assert_num_queries: Any
) -> None:
    client.get("/no/such/page")

    with django_assert_num_queries(0):
        response = client.get("/no/such/page")

    assert response["Location"].startswith("/sign-in/")


def test_an_administrator_of_another_process_is_seen_at_once(client: Any) -> None:
    assert client.get("/")["Location"] == "/setup/"

    get_user_model().objects.create_superuser("ada", password=PASSWORD)

    assert client.get("/")["Location"].startswith("/sign-in/")
    assert client.get("/setup/").status_code == 404


def test_people_without_an_administrator_are_led_to_the_setup_too(client: Any) -> None:
    client.force_login(make_person("noor"))
    Claim.objects.all().delete()

    assert client.get("/")["Location"] == "/setup/"
