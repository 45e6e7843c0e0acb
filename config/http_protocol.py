"""What the web server speaks with browsers: uvicorn's HTTP, with bounds for headers."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)

MOST_BYTES = 64_000  # of a request's line and headers
HEAD_S = 20.0  # until they are here, whole, from the first byte or the connection on
REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n"


class BoundedHttpProtocol(HttpToolsProtocol):
    """Closes what sends headers without end, or none.

    uvicorn keeps both for ever: the headers in memory, the silent with their handle.
    Headers that follow a chunked body count as well, and are left out: nobody here
    reads them.
    """

    _head_timer: asyncio.TimerHandle | None = None  # while headers are coming
    _bytes = (
        0  # since a request began, its headers were whole or a part of its body came
    )
    _got_on = False  # one of the last two has happened within these bytes

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()
        self._bytes, self._got_on = 0, False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head_timer is not None:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._expect_nothing()
        self._got_on = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._got_on = True
        super().on_body(body)

    def data_received(self, data: bytes) -> None:
        self._got_on = False
        super().data_received(data)
        self._bytes = 0 if self._got_on else self._bytes + len(data)
        if self._bytes > MOST_BYTES:
            self._refuse()
        elif self._is_idle():
            self._expect_head()  # any byte ends the time that uvicorn gave it

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def _refuse(self) -> None:
        self._expect_nothing()
        if not self._is_answering():
            self.transport.write(REFUSAL)
        self.transport.close()

    def _is_answering(self) -> bool:
        """Return whether part of an answer is sent, which nothing may come between."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            return False
        return cycle.response_started

    def _is_idle(self) -> bool:
        """Return whether no request is here or coming, nor a socket in its place."""
        if self._head_timer is not None or self not in self.connections:
            return False
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _expect_head(self) -> None:
        self._expect_nothing()
        self._head_timer = self.loop.call_later(HEAD_S, self.transport.close)

    def _expect_nothing(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
