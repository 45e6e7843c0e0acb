"""Connections that send headers without end, or none, are closed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from config import http_protocol
from config.http_protocol import MOST_BYTES, BoundedHttpProtocol

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


async def site(_scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    """Return a connection to a server that speaks this protocol."""
    config = Config(site, log_config=None)
    config.load()
    server = await asyncio.get_running_loop().create_server(
        lambda: BoundedHttpProtocol(config, ServerState(), {}), "127.0.0.1", 0
    )
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        yield reader, writer
        writer.close()


async def answers(line: Line) -> list[int]:
    """Return the statuses of all answers until the server closes the line."""
    said = await asyncio.wait_for(line[0].read(), 10)
    return [int(part.split()[0]) for part in said.split(b"HTTP/1.1 ")[1:]]


async def test_headers_without_end_are_refused(line: Line) -> None:
    line[1].write(GET + b"X-Note: " + b"n" * MOST_BYTES)

    assert await answers(line) == [431]


async def test_one_header_after_the_other_is_refused_in_the_end(line: Line) -> None:
    line[1].write(GET + b"X-Note: harbour\r\n" * 4_000)

    assert await answers(line) == [431]


async def test_who_says_nothing_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, line: Line
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.01)
    other = await asyncio.open_connection(*line[1].get_extra_info("peername"))

    assert await answers(other) == []
    other[1].close()


async def test_who_stops_within_a_later_request_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, line: Line
) -> None:
    line[1].write(GET + b"\r\n")
    await line[0].readuntil(b"ok")
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.01)
    line[1].write(GET)

    assert await answers(line) == []


async def test_a_long_body_after_short_headers_is_taken(line: Line) -> None:
    length = 3 * MOST_BYTES
    line[1].write(
        b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + f"Content-Length: {length}\r\n\r\n".encode()
        + b"n" * length
    )

    assert await answers(line) == [200]
