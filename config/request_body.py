"""Reads what a browser sends before a thread is lent for it, in bounds."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from typing import Any

from config.refusals import Busy, TooLarge, TooSlow

AsgiMessage = dict[str, Any]
AsgiReceive = Callable[[], Awaitable[AsgiMessage]]


class Left(Exception):
    """The browser has gone: nobody waits for an answer."""


class Bodies:
    """Counts the bytes that all requests together have sent and that are kept."""

    def __init__(self, *, most: int, most_of_all: int, seconds: float) -> None:
        self.most, self.most_of_all, self.seconds = most, most_of_all, seconds
        self.kept = 0

    async def read(self, scope: Any, receive: AsgiReceive) -> bytes:
        """Return the body, whole; its size is to be given to `drop`.

        Raises TooLarge, TooSlow, Busy and Left; then nothing is kept.
        """
        if _declared_length(scope["headers"]) > self.most:
            raise TooLarge(self.most)
        body = bytearray()
        with ExitStack() as on_failure:
            on_failure.callback(lambda: self.drop(len(body)))
            await self._read_all(body, receive)
            on_failure.pop_all()
        return bytes(body)

    async def _read_all(self, body: bytearray, receive: AsgiReceive) -> None:
        try:
            async with asyncio.timeout(self.seconds):
                while await self._read_on(body, receive):
                    pass
        except TimeoutError as exc:
            raise TooSlow(self.seconds) from exc

    async def _read_on(self, body: bytearray, receive: AsgiReceive) -> bool:
        """Add what has come; returns whether there is more."""
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Left
        chunk = message.get("body", b"")
        body += chunk
        self.kept += len(chunk)
        if len(body) > self.most:
            raise TooLarge(self.most)
        if self.kept > self.most_of_all:
            raise Busy
        return bool(message.get("more_body", False))

    def drop(self, size: int) -> None:
        """Count so many bytes no more."""
        self.kept -= size


class Inbox:
    """What the site receives: a body that is here, then word that the browser left."""

    def __init__(self, body: bytes, receive: AsgiReceive) -> None:
        self.size = len(body)
        self._first: AsgiMessage | None = {"type": "http.request", "body": body}
        self._receive = receive
        self._leaving: asyncio.Future[AsgiMessage] | None = None

    async def receive(self) -> AsgiMessage:
        first, self._first = self._first, None
        if first is not None:
            return first
        return await asyncio.shield(self.leaving())

    def leaving(self) -> "asyncio.Future[AsgiMessage]":
        """Return what is done when the browser has left."""
        if self._leaving is None:
            self._leaving = asyncio.ensure_future(self._receive())
        return self._leaving

    async def close(self) -> None:
        self._first = None
        if self._leaving is not None:
            self._leaving.cancel()
            with suppress(asyncio.CancelledError):
                await self._leaving


def _declared_length(headers: Any) -> int:
    """Return the length that a request says it has; 0 if it does not say."""
    found = [value for name, value in headers if name == b"content-length"]
    return int(found[0]) if found and found[0].isdigit() else 0
