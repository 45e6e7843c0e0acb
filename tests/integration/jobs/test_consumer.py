"""An open socket that meets an error is closed, so that its page comes again."""

import asyncio
from typing import Any

import pytest
from psycopg.errors import DiskFull

from jobs import queries
from jobs.live.consumer import BROKEN, LiveConsumer
from tests.integration.jobs.test_database_away import error, failing

# Sockets put old connections away, whatever they ask.
pytestmark = pytest.mark.django_db(transaction=True)


class Page:
    """A page that opens a socket behind the door."""

    def __init__(self) -> None:
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._said.put_nowait({"type": "websocket.connect"})

    def open(self) -> "asyncio.Task[None]":
        scope = {"type": "websocket", "query_string": b"topics=jobs", "session_key": ""}
        site = LiveConsumer.as_asgi()
        return asyncio.ensure_future(site(scope, self._said.get, self._told.put))

    async def told(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._told.get(), 10)

    def leave(self) -> None:
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1000})


@pytest.mark.parametrize(
    ("cause", "traces"),
    [
        pytest.param(error(DiskFull("no room")), 0, id="the database is away"),
        pytest.param(RuntimeError("no room"), 1, id="an error of ours"),
    ],
)
async def test_a_socket_that_cannot_go_on_is_closed(
    cause: Exception,
    traces: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    never = failing(queries.snapshot, cause, until=lambda: False)
    monkeypatch.setattr(queries, "snapshot", never)
    page = Page()
    visit = page.open()

    assert (await page.told())["type"] == "websocket.accept"
    closed = await page.told()
    page.leave()
    await visit

    assert (closed["type"], closed["code"]) == ("websocket.close", BROKEN)
    assert caplog.messages == ["A socket is closed: no room"]
    assert caplog.text.count("Traceback") == traces
