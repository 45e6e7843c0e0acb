"""A browser's end of a request or a socket, in the process of the test."""

import asyncio
import json
from typing import Any

from django.test import AsyncClient
from django.test.client import AsyncClientHandler

from config.handler import RequestHandler

Message = dict[str, Any]
THREADS, PICTURE_THREADS, LINE = 3, 2, 20  # of the site that the fixture `rim` gives


class Browser:
    """One request, as a web server hands it to an application.

    `sent` are the pieces of its body; while `whole` is not set, more is to come.
    """

    def __init__(
        self,
        path: str = "/",
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        sent: tuple[bytes, ...] = (b"",),
        whole: bool = True,
    ) -> None:
        given = {"host": "localhost", **(headers or {})}
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "headers": [(name.encode(), text.encode()) for name, text in given.items()],
        }
        self.messages: list[Message] = []
        self.reads = asyncio.Event()  # cleared, it takes nothing of the answer
        self.reads.set()
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        for number, piece in enumerate(sent, 1):
            more = number < len(sent) or not whole
            self._inbox.put_nowait(
                {"type": "http.request", "body": piece, "more_body": more}
            )

    def leave(self) -> None:
        self._inbox.put_nowait({"type": "http.disconnect"})

    def open(self, application: Any) -> "asyncio.Task[None]":
        """Ask the application; returns its work."""
        return asyncio.ensure_future(
            application(self.scope, self._inbox.get, self._send)
        )

    async def _send(self, message: Message) -> None:
        await self.reads.wait()
        self.messages.append(message)

    @property
    def status(self) -> int:
        """Return the answer's status; 0 while there is none."""
        return int(self.messages[0]["status"]) if self.messages else 0

    @property
    def headers(self) -> dict[str, str]:
        found = self.messages[0]["headers"]
        return {name.decode().lower(): value.decode() for name, value in found}

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.messages).decode()

    @property
    def error(self) -> str:
        """Return the sentence of an answer in JSON."""
        return str(json.loads(self.text)["error"])


class SiteHandler(AsyncClientHandler):
    """Answers a test's client as the web process does, errors included."""

    load_middleware = RequestHandler.load_middleware
    get_response_async = RequestHandler.get_response_async


class SiteClient(AsyncClient):
    def __init__(self) -> None:
        super().__init__()
        self.handler = SiteHandler(enforce_csrf_checks=False)
