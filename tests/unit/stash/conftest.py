"""Far ends of the wire: a list of prepared answers, and sockets that misbehave."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from syncapp.stash.client import StashClient
from tests.fake_wire import Script, Wire, connected


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def client(wire: Wire) -> Iterator[StashClient]:
    with connected(wire) as client:
        yield client


@pytest.fixture
def listen() -> Iterator[Callable[[Script], str]]:
    """Serve a script on loopback, for each connection anew; returns its URL."""
    with ExitStack() as stack:

        def started(script: Script) -> str:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            thread = threading.Thread(target=_accept, args=(listener, script))
            thread.start()
            stack.callback(thread.join, 5)
            stack.callback(listener.shutdown, socket.SHUT_RDWR)
            return f"http://127.0.0.1:{listener.getsockname()[1]}"

        yield started


def _accept(listener: socket.socket, script: Script) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # shut down
            return
        with connection, suppress(OSError):  # the client hung up
            connection.settimeout(5)
            script(connection)
