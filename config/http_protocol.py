"""What the web server speaks with browsers: uvicorn's HTTP, with bounds for headers."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BYTES = 64_000  # of a request's line and headers
HEAD_S = 20.0  # until they are here, whole, from the first byte or the connection on
REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n"


class BoundedHttpProtocol(HttpToolsProtocol):
    """Closes what sends headers without end, or none.

    uvicorn keeps both for ever: the headers in memory, the silent with their handle.
    """

    _head_bytes = 0  # of headers that are still coming
    _head_timer: asyncio.TimerHandle | None = None  # while they are

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._expect_nothing()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_timer is None:
            return
        self._head_bytes += len(data)
        if self._head_bytes > MOST_BYTES:
            self._expect_nothing()
            self.transport.write(REFUSAL)
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self._expect_nothing()
        self._head_timer = self.loop.call_later(HEAD_S, self.transport.close)

    def _expect_nothing(self) -> None:
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
