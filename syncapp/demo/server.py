"""The demo Stash as a running server: in a thread, for tests and for `demo_stash`."""

import asyncio
import logging
import socket
import threading
import time
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from syncapp.demo.app import App
from syncapp.demo.catalogue import Record
from syncapp.demo.execution import Executor
from syncapp.demo.library import Library
from syncapp.demo.schema import app_schema_of, missing_in, schema_without

START_S = 10.0
STOP_S = 5.0


class PortUnavailable(Exception):
    """The server cannot listen there; the text says why and what to do."""


class _Protocol(HttpToolsProtocol):
    """HTTP that hands its connection to the application, which may cut it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["transport"] = self.transport


class DemoServer:
    """A Stash-compatible server over a library.

    `with DemoServer(Library(seed=1, scenes=200)) as demo:` starts it on a free port.
    Tests steer it through `library` (edits), `faults`, `gate`, `requests` and
    `mutations`. After `stop`, `start` takes the same port again, as after an outage.
    """

    def __init__(
        self,
        library: Library | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str = "",
    ) -> None:
        self.library = library or Library()
        self.host = host
        self.port = port
        self.app = App(self.library, schema_without(), api_key)
        self.faults = self.app.faults
        self.gate = self.app.gate
        self.requests = self.app.requests
        self.mutations = self.app.mutations
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def api_key(self) -> str:
        return self.app.api_key

    @api_key.setter
    def api_key(self, key: str) -> None:
        self.app.api_key = key

    def truth(self) -> dict[str, dict[int, Record]]:
        """Return the whole library as plain values; see `Library.truth`."""
        return self.library.truth()

    def schema_without(self, *names: str) -> None:
        """Play a server whose schema lacks "Tag.sort_name", "Query.findTags.ids".

        They are absent from introspection, and selecting one is a 422. Called without
        names, all are back.
        """
        self.app.use(Executor(self.library, schema_without(*names)))

    def replace_library(self, library: Library) -> None:
        """Serve another library from now on, with the whole schema."""
        library.public_url = self.url
        self.library = library
        self.app.use(Executor(library, schema_without()))

    def play_version(self, major: int, minor: int, patch: int = 0) -> None:
        """Play a Stash of this age: `play_version(0, 24)`."""
        self.schema_without(*missing_in((major, minor)))
        self.library.server_version = f"v{major}.{minor}.{patch}"
        self.library.release = (major, minor, patch)
        self.library.app_schema = app_schema_of((major, minor))

    def start(self) -> Self:
        """Listen; returns when requests are answered. PortUnavailable if it cannot."""
        listener = self._listener()
        self.port = listener.getsockname()[1]
        self.library.public_url = self.url
        self.app.stopping = False
        config = uvicorn.Config(
            self.app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,  # the library's clock makes it
            timeout_graceful_shutdown=1,
        )
        # What is cut on order is no error worth a line.
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listener])),
            name="demo-stash",
            daemon=True,
        )
        thread.start()
        self._server, self._thread = server, thread
        _wait_until_started(server, thread)
        return self

    def _listener(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        # Named TCP, or asyncio leaves Nagle's delay on: 40 ms an answer.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
            listener.listen(128)
        except (OSError, OverflowError) as exc:
            listener.close()
            reason = getattr(exc, "strerror", None) or str(exc).rstrip(".")
            msg = (
                f"The demo Stash cannot listen on {self.host} port {self.port}: "
                f"{reason}. Choose another port, or 0 for a free one."
            )
            raise PortUnavailable(msg) from exc
        return listener

    def stop(self) -> None:
        """Stop at once: what is held or hangs is cut off."""
        if self._server is None or self._thread is None:
            return
        self.app.stopping = True
        self._server.should_exit = True
        self._thread.join(STOP_S)
        self._server = self._thread = None

    def close(self) -> None:
        """Stop for good and give back the files."""
        self.stop()
        self.app.executor.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _wait_until_started(server: Any, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            msg = "The demo Stash did not start."
            raise PortUnavailable(msg)
        time.sleep(0.002)
