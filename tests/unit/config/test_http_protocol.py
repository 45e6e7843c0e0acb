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
CHUNKED = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
SOCKET = (
    GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: bm8gcmVhbCBrZXkgYXQgYQ==\r\n\r\n"
)
LAST_CHUNK = b"7\r\nharbour\r\n0\r\n"


class Site:
    """Answers what is sent to it, once that is whole, and takes every socket."""

    def __init__(self) -> None:
        self.lines: list[BoundedHttpProtocol] = []  # its ends of them
        self.headers: list[tuple[bytes, bytes]] = []
        self.has_read = asyncio.Event()  # a part of a body

    def connect(self, line: BoundedHttpProtocol) -> BoundedHttpProtocol:
        self.lines.append(line)
        return line

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        self.headers = scope["headers"]
        while (message := await receive())["more_body"]:
            if message["body"]:
                self.has_read.set()
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
async def line(site: Site) -> AsyncIterator[Line]:
    """Return a connection to a server that speaks this protocol."""
    config = Config(site, log_config=None)
    config.load()
    server = await asyncio.get_running_loop().create_server(
        lambda: site.connect(BoundedHttpProtocol(config, ServerState(), {})),
        "127.0.0.1",
        0,
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


@pytest.mark.parametrize(
    "trailers",
    [
        pytest.param(b"X-Note: " + b"n" * MOST_BYTES, id="one without end"),
        pytest.param(b"X-Note: harbour\r\n" * 3_800, id="one after the other"),
    ],
)
async def test_headers_without_end_after_a_body_are_refused(
    trailers: bytes, line: Line, site: Site
) -> None:
    line[1].write(CHUNKED + LAST_CHUNK)
    await asyncio.wait_for(site.has_read.wait(), 10)
    line[1].write(trailers)

    assert await answers(line) == [431]


async def test_headers_after_a_body_are_not_among_those_before_it(
    line: Line, site: Site
) -> None:
    line[1].write(CHUNKED + LAST_CHUNK + b"X-Note: pier\r\n\r\n")

    assert await answers(line) == [200]
    names = [name for name, _ in site.headers]
    assert names == [b"host", b"connection", b"transfer-encoding"]


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


async def test_who_sends_empty_lines_after_a_request_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, line: Line
) -> None:
    line[1].write(GET + b"\r\n")
    await line[0].readuntil(b"ok")
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.01)
    line[1].write(b"\r\n")

    assert await answers(line) == []


async def test_who_gets_a_socket_may_be_silent(line: Line, site: Site) -> None:
    line[1].write(SOCKET)
    await line[0].readuntil(b"\r\n\r\n")

    assert site.lines[0]._head_timer is None


async def test_a_long_body_after_short_headers_is_taken(line: Line) -> None:
    length = 3 * MOST_BYTES
    line[1].write(
        b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + f"Content-Length: {length}\r\n\r\n".encode()
        + b"n" * length
    )

    assert await answers(line) == [200]
