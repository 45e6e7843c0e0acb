"""Far ends of the wire: prepared answers, and what a socket needs to misbehave."""

import socket
from collections.abc import Callable
from typing import Any

import httpx2
import msgspec

from syncapp.stash.client import Limits, StashClient

Reply = Callable[[httpx2.Request], httpx2.Response]
Script = Callable[[socket.socket], None]

URL = "http://nas:9999"
QUICK = Limits(
    connect_s=2, read_s=1, deadline_s=3, max_bytes=2**20, attempts=3, backoff_s=0
)


def reply(
    status: int = 200, body: bytes = b"", headers: dict[str, str] | None = None
) -> Reply:
    return lambda _: httpx2.Response(status, content=body, headers=headers)


def graphql(data: Any, *errors: str, status: int = 200) -> Reply:
    told: dict[str, Any] = {"data": data}
    if errors:
        told["errors"] = [{"message": error} for error in errors]
    return reply(
        status, msgspec.json.encode(told), {"content-type": "application/json"}
    )


class Wire:
    """Gives the prepared answers in turn, the last one for ever; keeps the requests."""

    def __init__(self) -> None:
        self.replies: list[Reply | Exception] = []
        self.requests: list[httpx2.Request] = []

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        now = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(now, Exception):
            raise now
        return now(request)

    def will(self, *replies: Reply | Exception) -> None:
        self.replies = list(replies)

    def asked(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(request.content) for request in self.requests]


def connected(wire: Wire, api_key: str = "", limits: Limits = QUICK) -> StashClient:
    transport = httpx2.MockTransport(wire.handle)
    return StashClient(URL, api_key, limits=limits, transport=transport)


def read_request(connection: socket.socket) -> bytes:
    """Return one request with its body."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(connection)
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length")
    )
    while len(body) < length:
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    if got := connection.recv(2**16):
        return got
    raise ConnectionResetError  # the client hung up


def http(body: bytes, *headers: str, length: int | None = None) -> bytes:
    """Return a whole answer as it goes over the wire."""
    size = len(body) if length is None else length
    head = ("HTTP/1.1 200 OK", f"Content-Length: {size}", *headers, "", "")
    return "\r\n".join(head).encode() + body
