"""Who gets a socket, and what those cost who get none."""

import asyncio
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client
from psycopg.errors import DiskFull

from jobs import queries
from jobs.live.door import MOST_ASKED, THREADS, Door
from tests.builders import PASSWORD, make_person
from tests.integration.jobs.test_database_away import error, failing
from tests.unit.config.test_request_threads import until

pytestmark = pytest.mark.django_db(transaction=True)
EXTENSIONS: dict[str, Any] = {"websocket.http.response": {}}


class Street:
    """A door, and behind it sockets that stay open until `close`."""

    def __init__(self) -> None:
        self.door = Door(self.application)
        self.let_in = 0
        self.close = asyncio.Event()

    async def application(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.let_in += 1
        await send({"type": "websocket.accept"})
        await self.close.wait()

    async def knock(self, key: str = "", **scope: Any) -> dict[str, Any]:
        """Ask for a socket; returns the first message of the answer."""
        answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        cookie = f"{django_settings.SESSION_COOKIE_NAME}={key}"
        given = {
            "type": "websocket",
            "headers": [(b"cookie", cookie.encode())] if key else [],
            "extensions": EXTENSIONS,
            **scope,
        }
        self.visit = asyncio.ensure_future(self.door(given, None, answers.put))
        return await asyncio.wait_for(answers.get(), 10)

    async def status(self, key: str = "") -> int:
        """Return the status that a socket is answered; 101 if it is let in."""
        return int((await self.knock(key)).get("status", 101))

    @property
    def threads(self) -> list[Any]:
        return [next(self.door._threads) for _ in range(THREADS)]

    def leave(self) -> None:
        """Close the threads' connections, as the end of the process does."""
        for thread in self.threads:
            thread.submit(connections.close_all).result(10)
            thread.shutdown()


@pytest.fixture
async def street() -> Any:
    found = Street()
    yield found
    found.close.set()
    await until(lambda: not found.door.open)
    await asyncio.to_thread(found.leave)


@pytest.fixture
def keys() -> list[str]:
    """Return the sessions of Ada and Ben."""
    found = []
    for name in ("ada", "ben"):
        make_person(name)
        client = Client()
        assert client.login(username=name, password=PASSWORD)
        found.append(str(client.session.session_key))
    return found


@pytest.mark.parametrize("key", ["", "short", "A1" * 16, "a1" * 40, "é" * 32])
async def test_who_shows_no_session_is_refused_without_a_thread(
    key: str, street: Street
) -> None:
    status = await street.status(key)

    assert status == 401
    assert not any(thread._threads for thread in street.threads)
    assert street.let_in == 0


async def test_who_made_a_session_up_is_refused(street: Street) -> None:
    assert await street.status("a1" * 16) == 401
    assert street.let_in == 0


async def test_while_the_database_is_away_a_socket_is_refused_for_now(
    street: Street, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    never = failing(
        queries.viewer_of_session, error(DiskFull("no room")), until=lambda: False
    )
    monkeypatch.setattr(queries, "viewer_of_session", never)

    assert await street.status("a1" * 16) == 503
    assert caplog.messages == ["A socket was refused: no room"]
    assert (street.let_in, street.door.asked) == (0, 0)


async def test_a_crowd_with_made_up_sessions_is_not_looked_up_all_at_once(
    street: Street,
) -> None:
    statuses = await asyncio.gather(
        *(street.status("a1" * 16) for _ in range(4 * MOST_ASKED))
    )

    assert statuses.count(401) + statuses.count(503) == 4 * MOST_ASKED
    assert statuses.count(503) == 3 * MOST_ASKED
    assert street.door.asked == 0


async def test_who_is_signed_in_gets_a_socket(street: Street, keys: list[str]) -> None:
    assert await street.status(keys[0]) == 101
    assert street.door.open.total() == 1


async def test_nobody_has_more_sockets_than_their_share(
    street: Street, keys: list[str], settings: Any
) -> None:
    settings.LIVE_SOCKETS_EACH = 2
    ada, ben = keys
    statuses = [await street.status(key) for key in (ada, ada, ada, ben)]

    assert statuses == [101, 101, 429, 101]


async def test_all_together_have_no_more_sockets_than_there_may_be(
    street: Street, keys: list[str], settings: Any
) -> None:
    settings.LIVE_SOCKETS = 2
    ada, ben = keys
    statuses = [await street.status(key) for key in (ada, ada, ben)]

    assert statuses == [101, 101, 503]


async def test_a_socket_that_is_closed_makes_room(
    street: Street, keys: list[str], settings: Any
) -> None:
    settings.LIVE_SOCKETS_EACH = 1
    assert await street.status(keys[0]) == 101
    street.visit.cancel()
    await until(lambda: not street.door.open)

    assert await street.status(keys[0]) == 101


async def test_a_server_that_knows_no_statuses_closes_the_socket(
    street: Street,
) -> None:
    assert await street.knock(extensions={}) == {"type": "websocket.close"}
