"""Static files, security headers and the closed door, through the ASGI stack."""

import pytest
from django.test import AsyncClient

from syncapp.stash.answers import OURS

FILE = "/static/admin/css/base.css"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("claimed"),
]


async def test_a_static_file_is_served_whole_with_its_headers(
    async_client: AsyncClient,
) -> None:
    response = await async_client.get(FILE)

    assert response.status_code == 200
    assert response["Content-Type"] == 'text/css; charset="utf-8"'
    assert int(response["Content-Length"]) == len(response.content) > 1000
    assert response["Content-Security-Policy"].startswith("default-src 'none';")
    assert response["X-Content-Type-Options"] == "nosniff"


async def test_head_gives_the_headers_of_a_static_file_alone(
    async_client: AsyncClient,
) -> None:
    response = await async_client.head(FILE)

    assert response.status_code == 200
    assert int(response["Content-Length"]) > 1000
    assert response.content == b""


async def test_an_unchanged_static_file_is_not_sent_again(
    async_client: AsyncClient,
) -> None:
    first = await async_client.get(FILE)

    again = await async_client.get(
        FILE, headers={"If-Modified-Since": first["Last-Modified"]}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Security-Policy" in again


async def test_an_unknown_static_file_asks_to_sign_in_as_any_address_does(
    async_client: AsyncClient,
) -> None:
    response = await async_client.get("/static/no/such.css")

    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=")


async def test_an_answer_in_json_says_to_sign_in(async_client: AsyncClient) -> None:
    response = await async_client.get("/", headers={"Accept": "application/json"})

    assert response.status_code == 403
    assert response.json() == {"error": "Sign in first."}


@pytest.mark.parametrize("path", ["/", "/jobs/", "/admin/", "/no/such/page"])
async def test_every_answer_carries_the_policy(
    async_client: AsyncClient, path: str
) -> None:
    response = await async_client.get(path)

    policy = response["Content-Security-Policy"]
    assert response.status_code == 302
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


async def test_every_answer_says_that_this_is_no_stash(
    async_client: AsyncClient,
) -> None:
    for address in ("/graphql", "/healthz", FILE):
        assert OURS in await async_client.post(address)
