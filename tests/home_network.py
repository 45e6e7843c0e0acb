"""A Stash as it stands in a home network: https of its own, a proxy with a password."""

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field

from syncapp.demo import DemoServer

ANSWER = (
    "HTTP/1.1 401 Unauthorized\r\n"
    'WWW-Authenticate: Basic realm="home"\r\n'
    "Content-Length: 0\r\nConnection: close\r\n\r\n"
)


@dataclass
class Proxy:
    """Stands before a demo server; each connection carries one request."""

    demo: DemoServer
    tls: ssl.SSLContext | None = None
    user: str = ""  # of basic auth; empty: it asks for none
    password: str = ""
    port: int = 0
    heads: list[bytes] = field(default_factory=list)  # of requests, as they came

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:  # closed: the test is over
                return
            with suppress(OSError), ExitStack() as stack:
                stack.enter_context(closing(plain))
                near = (
                    self.tls.wrap_socket(plain, server_side=True) if self.tls else plain
                )
                stack.enter_context(closing(near))
                self.pass_on(near)

    def pass_on(self, near: socket.socket) -> None:
        """Answer one request: with the demo's answer, or that a password is wanted."""
        near.settimeout(10)
        request = _received(near)
        head, _, body = request.partition(b"\r\n\r\n")
        self.heads.append(head)
        token = base64.b64encode(f"{self.user}:{self.password}".encode())
        if self.user and b"Basic " + token not in head:
            near.sendall(ANSWER.encode())
            return
        lines = [
            line
            for line in head.split(b"\r\n")
            if not line.lower().startswith((b"connection:", b"authorization:"))
        ]
        address = ("127.0.0.1", self.demo.port)
        with socket.create_connection(address, timeout=10) as far:
            last = b"\r\nConnection: close\r\n\r\n"
            far.sendall(b"\r\n".join(lines) + last + body)
            while piece := far.recv(65_536):
                near.sendall(piece)


def _received(near: socket.socket) -> bytes:
    """Read one request whole: its head, and the body that the head tells of."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(near)
    head, _, body = data.partition(b"\r\n\r\n")
    told = (
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    length = next(told, 0)  # who asks for a picture sends nothing
    while len(body) < length:
        more = _more(near)
        data, body = data + more, body + more
    return data


def _more(near: socket.socket) -> bytes:
    """Read what came; raises ConnectionError where the other side went away."""
    if data := near.recv(65_536):
        return data
    msg = "The other side went away in the middle of its request."
    raise ConnectionError(msg)


@contextmanager
def running(proxy: Proxy) -> Iterator[Proxy]:
    """Run the proxy on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy.port = listener.getsockname()[1]
        thread = threading.Thread(target=proxy.serve, args=[listener], daemon=True)
        thread.start()
        yield proxy
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for a visitor
    thread.join(15)
    assert not thread.is_alive(), "the proxy goes on for ever"
