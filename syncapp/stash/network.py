"""The wire: connections that keep one deadline and refuse forbidden addresses."""

import hashlib
import ipaddress
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any
from weakref import WeakSet

import httpcore2
import httpx2

from syncapp.stash import address
from syncapp.stash.errors import (
    NameUnknown,
    NotListening,
    StashTimedOut,
    StashUnreachable,
    TlsFailed,
)
from syncapp.stash.way_in import WayIn

# OpenSSL's numbers for what is wrong with a certificate.
UNTRUSTED = {
    9: "its time has not begun",
    10: "its time is over",
    62: "it was made for another name",
    64: "it was made for another address",
}
_ends_at: ContextVar[float] = ContextVar("ends_at", default=math.inf)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """End whatever this thread does on the wire after so many seconds.

    A read time-out alone does not bound a request: it starts anew with each byte.
    """
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def time_left() -> float:
    """Return the seconds to the deadline, infinite without one."""
    return _ends_at.get() - time.monotonic()


def _capped(timeout: float | None) -> float | None:
    """Return `timeout`, or what is left to the deadline if that is less."""
    left = time_left()
    if left <= 0:
        msg = "the deadline has passed"
        raise httpcore2.ReadTimeout(msg)
    least = min(left, math.inf if timeout is None else timeout)
    return None if math.isinf(least) else least


class Transport(httpx2.HTTPTransport):
    """HTTP over our own connections: no proxy or setting of the environment is used."""

    def __init__(self, way_in: WayIn, *, tls: bool, connections: int) -> None:
        # Loading the trusted certificates takes 20 ms: only where they are looked at.
        context = (
            way_in.tls_context() if tls else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        )
        super().__init__(verify=context, trust_env=False)
        self._backend = _Backend(way_in.fingerprint)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context,
            max_connections=connections,
            keepalive_expiry=30,
            network_backend=self._backend,
        )

    def cut(self) -> None:
        """Break all connections, also those that other threads wait on, for good."""
        self._backend.cut()


class _Backend(httpcore2.NetworkBackend):
    """Looks a name up once, checks what it means, and connects to exactly that."""

    def __init__(self, pin: str) -> None:
        self._pin = pin
        self._plain = httpcore2.SyncBackend()
        self._lock = threading.Lock()
        self._streams: WeakSet[_Stream] = WeakSet()
        self._is_cut = False

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            for stream in self._streams:
                stream.cut()

    def _kept(self, stream: "_Stream") -> "_Stream":
        """Return the stream, noted so that it can be cut; after a cut it is broken."""
        with self._lock:
            self._streams.add(stream)
            if self._is_cut:
                stream.cut()
        return stream

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception | None = None
        for ip in _looked_up(host, port, _capped(timeout)):
            address.check(ip)
            try:
                plain = self._plain.connect_tcp(
                    str(ip), port, _capped(timeout), local_address, socket_options
                )
                return self._kept(_Stream(plain, self._kept, self._pin))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as exc:
                failure = exc
        raise failure or httpcore2.ConnectError(f"{host!r} has no address")

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def _looked_up(host: str, port: int, timeout: float | None) -> list[address.IpAddress]:
    try:
        found = _asked(host, port, timeout)
    except (OSError, UnicodeError) as exc:
        raise httpcore2.ConnectError(str(exc)) from exc
    # "fe80::1%eth0": the scope is no part of the address.
    ips = [text.partition("%")[0] for text in found]
    return [ipaddress.ip_address(ip) for ip in dict.fromkeys(ips)]


def _asked(host: str, port: int, timeout: float | None) -> list[str]:
    """Look a name up, no longer than `timeout`: the system itself knows no limit."""
    answer: list[str] = []
    failure: list[OSError | UnicodeError] = []

    def look() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.extend(str(sockaddr[0]) for *_, sockaddr in found)
        except (OSError, UnicodeError) as exc:
            failure.append(exc)

    # A daemon: one that the system keeps waiting must not hold up our own end.
    asking = threading.Thread(target=look, name="look-up", daemon=True)
    asking.start()
    asking.join(timeout)
    if asking.is_alive():
        msg = f"{host!r} was not looked up in time"
        raise httpcore2.ConnectTimeout(msg)
    if failure:
        raise failure[0]
    return answer


class _Stream(httpcore2.NetworkStream):
    """A connection whose every wait ends at the deadline."""

    def __init__(
        self,
        inner: httpcore2.NetworkStream,
        keep: Callable[["_Stream"], "_Stream"],
        pin: str,
    ) -> None:
        self._inner = inner
        self._keep = keep
        self._pin = pin

    def cut(self) -> None:
        """Wake whoever waits here: to close it would not."""
        with suppress(OSError):  # it has ended already
            self._inner.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _capped(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _capped(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        secure = self._inner.start_tls(ssl_context, server_hostname, _capped(timeout))
        try:
            _check_pin(secure, self._pin)
        except OtherCertificate as exc:
            secure.close()
            raise httpcore2.ConnectError(str(exc)) from exc
        return self._keep(_Stream(secure, self._keep, self._pin))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class OtherCertificate(ssl.SSLCertVerificationError):
    """The server shows another certificate than the pinned one; it got no request."""


def _check_pin(secure: httpcore2.NetworkStream, pin: str) -> None:
    if not pin:
        return
    shown = secure.get_extra_info("ssl_object").getpeercert(True)  # noqa: FBT003 - by place, as OpenSSL has it
    if hashlib.sha256(shown or b"").hexdigest() != pin:
        msg = "the certificate is not the pinned one"
        raise OtherCertificate(msg)


def failure(error: httpx2.HTTPError, url: str) -> StashUnreachable:
    """Return what the failure of a request means to a person."""
    if isinstance(error, httpx2.TimeoutException):
        return StashTimedOut(
            f"{url} did not answer in time. Is Stash overloaded, is that machine "
            "asleep, or is something else at this address?"
        )
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return NameUnknown(
            f"No server named {httpx2.URL(url).host!r} was found. Check the name in "
            f"{url}."
        )
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return TlsFailed(_insecure(causes, url))
    if isinstance(error, httpx2.ConnectError):
        return NotListening(
            f"Nothing answers at {url}. Is Stash running, and is the port right?"
        )
    return StashUnreachable(
        f"The connection to {url} broke off before the answer was complete."
    )


def _insecure(causes: list[BaseException], url: str) -> str:
    for cause in causes:
        if isinstance(cause, OtherCertificate):
            return (
                f"No secure connection to {url} could be made: its certificate is "
                "another one than the one whose fingerprint this source has. If it was "
                "renewed, give the source the new one; nothing was sent."
            )
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = UNTRUSTED.get(cause.verify_code)
            # A certificate that was given is looked at as well for its name and time.
            remedy = "its fingerprint, or renew it there"
            if why is None:
                why = "nobody whom we trust has signed it"
                remedy = "that certificate, that of who signed it, or its fingerprint"
            return (
                f"No secure connection to {url} could be made: its certificate is not "
                f"trusted here, for {why}. Give this source {remedy}."
            )
    return (
        f"No secure connection to {url} could be made: what answers there does not "
        "speak https. Try the same address with http://."
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
