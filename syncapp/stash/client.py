"""One Stash server, asked over HTTP: bounded in time, size and number of requests."""

import functools
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any, NamedTuple, Self

import httpx2
import msgspec

from syncapp.stash import answers, documents
from syncapp.stash.address import normalize
from syncapp.stash.answers import Answer, Sent
from syncapp.stash.errors import (
    AnswerTooLarge,
    KeyRefused,
    NotStash,
    QueryFailed,
    StashBusy,
    StashError,
    StashIncompatible,
    StashNotReady,
    StashTimedOut,
    StashUnreachable,
)
from syncapp.stash.network import Transport, deadline, failure, time_left
from syncapp.stash.server import HANDSHAKE, READY, UNREADABLE, Server, introduced
from syncapp.stash.way_in import OPEN, WayIn

__all__ = ["Answer", "Limits", "Server", "Spent", "StashClient"]

# More would starve Stash's own pages: it has ten connections to its database.
IN_FLIGHT = 2
NAMED = 5  # of the fields that are missing
STATES = {
    "SETUP": "has not been set up yet. Open it in a browser and finish its setup.",
    "NEEDS_MIGRATION": (
        "waits for its database to be migrated after an update. Open it in a browser, "
        "let it make a backup and migrate."
    ),
}


@dataclass(frozen=True)
class Limits:
    """What one request may cost. Times are in seconds."""

    connect_s: float = 5
    read_s: float = 30  # between two pieces of an answer
    deadline_s: float = 120  # for all of it, by the clock on the wall
    max_bytes: int = 32 * 2**20  # of the decoded answer
    attempts: int = 3  # for what may pass: a broken connection, a locked database
    backoff_s: float = 0.5  # before the second attempt, twice as much before the third


class Spent(NamedTuple):
    """What a client has asked so far."""

    requests: int
    bytes: int  # of the answers, unpacked
    seconds: float  # of all requests, which may overlap


class StashClient:
    """A connection to one server, usable from several threads.

    At most `in_flight` requests are in flight at once. The key goes out in a header and
    is shown nowhere. Raises BadAddress for a URL that is none.
    """

    def __init__(
        self,
        url: str,
        api_key: str = "",
        *,
        way_in: WayIn = OPEN,
        limits: Limits = Limits(),
        in_flight: int = IN_FLIGHT,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.url = normalize(url, cut_pages=False)
        self.limits = limits
        self.requests = 0
        self.bytes = 0
        self.seconds = 0.0
        self._key = sendable_key(api_key.strip(), self.url)
        self._sent = Sent(self._key, way_in)
        self._server: Server | None = None
        self.met: Server | None = None  # as it introduced itself, usable or not
        self._counting = threading.Lock()
        self._slots = threading.BoundedSemaphore(in_flight)
        self._hung_up = threading.Event()
        tls = self.url.startswith("https:")
        self._wire = Transport(way_in, tls=tls, connections=in_flight)
        self._http = httpx2.Client(
            headers=self._headers(),
            timeout=httpx2.Timeout(limits.read_s, connect=limits.connect_s),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            transport=transport or self._wire,
        )

    def _headers(self) -> dict[str, str]:
        near = httpx2.URL(self.url).host in {"localhost", "127.0.0.1", "::1"}
        headers = {
            "Accept": "application/json",
            # Packing costs more than it saves where no network lies between.
            "Accept-Encoding": "identity" if near else "gzip",
            "User-Agent": "Steward",
        }
        # Stash refuses an empty or needless key even where it asks for none.
        key = {"ApiKey": self._key} if self._key else {}
        return {**headers, **key, **dict(self._sent.way_in.headers)}

    def __repr__(self) -> str:
        return f"StashClient({self.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def hang_up(self) -> None:
        """Break off whatever any thread asks now; nothing can be asked any more."""
        self._hung_up.set()
        self._wire.cut()

    @property
    def spent(self) -> Spent:
        """What was asked so far, by all threads."""
        with self._counting:
            return Spent(self.requests, self.bytes, self.seconds)

    @property
    def server(self) -> Server:
        """The server as it introduced itself; asks it once."""
        return self._server or self.handshake()

    def handshake(self) -> Server:
        """Ask the server who it is and what it has; keeps and returns that.

        Raises StashNotReady, and StashIncompatible if it lacks what we need.
        """
        server = self.met = self._let_in()
        if server.status != READY:
            what = STATES.get(server.status, "is not ready. Open it in a browser.")
            msg = f"Stash at {self.url} {what}"
            raise StashNotReady(msg)
        if lacks := documents.missing(server):
            names = ", ".join(lacks[:NAMED]) + (", ..." if lacks[NAMED:] else "")
            msg = (
                f"Stash at {self.url} lacks {names}. Steward needs Stash 0.24 or "
                "later: update Stash, or look for a newer Steward."
            )
            raise StashIncompatible(msg)
        self._server = server
        return server

    def _let_in(self) -> Server:
        """Return who the server says it is; tells a needless key from a wrong one."""
        try:
            return self._introduced()
        except KeyRefused:
            if not self._key or not self._answers_without_key():
                raise
        msg = (
            f"Stash at {self.url} needs no API key, for no password is set there, and "
            "it refuses any. Remove the key of this source."
        )
        raise KeyRefused(msg)

    def _answers_without_key(self) -> bool:
        key = self._http.headers.pop("ApiKey")
        try:
            self._introduced()
        except StashError:
            return False
        else:
            return True
        finally:
            self._http.headers["ApiKey"] = key

    def _introduced(self) -> Server:
        msg = f"{self.url} answers, but not as Stash does. Check address and port."
        try:
            return introduced(self.ask(HANDSHAKE, {}, partial=True).data)
        except StashIncompatible as exc:
            raise NotStash(msg) from exc
        except UNREADABLE:
            raise NotStash(msg) from None

    def ask(
        self,
        document: str,
        variables: Mapping[str, Any],
        *,
        partial: bool = False,
        most_bytes: int | None = None,
    ) -> Answer:
        """Ask one document; the whole takes no longer than the deadline.

        `most_bytes`: of the answer, where less than the limits allow can be asked for.

        Errors in a 200 raise QueryFailed, or are left in the answer if `partial`. What
        may pass is tried again, but a mutation is sent once: only a fresh read can tell
        whether a lost one was carried out.
        """
        mutates = document.lstrip().startswith("mutation")
        attempts = 1 if mutates else self.limits.attempts
        most = min(most_bytes or self.limits.max_bytes, self.limits.max_bytes)
        once = functools.partial(
            self._once, document, variables, partial=partial, most=most
        )
        with self._slots, deadline(self.limits.deadline_s):
            return self._tried(once, attempts)

    def _tried(self, once: Callable[[], Answer], attempts: int) -> Answer:
        for attempt in range(1, attempts):
            try:
                return once()
            except StashTimedOut:
                raise
            except (StashUnreachable, StashBusy):
                if self._hung_up.is_set():
                    raise
            self._rest(attempt)
        return once()

    def _rest(self, attempt: int) -> None:
        pause = self.limits.backoff_s * 2 ** (attempt - 1)
        pause *= random.uniform(0.5, 1.5)  # noqa: S311 - no secret
        self._hung_up.wait(max(0, min(pause, time_left())))

    def _once(
        self, document: str, variables: Mapping[str, Any], *, partial: bool, most: int
    ) -> Answer:
        body = msgspec.json.encode({"query": document, "variables": variables})
        with self._posted(body) as response:
            if error := answers.refusal(response, self.url, self._sent):
                raise error
            received = self._received(response, most)
        if response.status_code == httpx2.codes.UNPROCESSABLE_CONTENT:
            raise answers.misfit(received, document, self.url)
        answer = answers.read_answer(response, received, self._sent, self.url)
        if answer.errors and not partial:
            raise self.failure_of(answer)
        return answer

    @contextmanager
    def _posted(self, body: bytes) -> Iterator[httpx2.Response]:
        with self._counting:
            self.requests += 1
        began = time.monotonic()
        try:
            with self._http.stream(
                "POST",
                f"{self.url}/graphql",
                content=body,
                headers={"Content-Type": "application/json"},
            ) as response:
                yield response
        except httpx2.HTTPError as exc:
            raise failure(exc, self.url) from exc
        finally:
            with self._counting:
                self.seconds += time.monotonic() - began

    def _received(self, response: httpx2.Response, most: int) -> bytearray:
        """Read the body as far as we are willing to hold it."""
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > most:
                mib = most / 2**20
                msg = (
                    f"{self.url} sent more than {mib:.0f} MiB for one question, so we "
                    "hung up. Stash does not do that: check the address."
                )
                raise AnswerTooLarge(msg)
        with self._counting:
            self.bytes += len(body)
        return body

    def failure_of(self, answer: Answer) -> StashError:
        """Return what the errors of an answer amount to."""
        if answer.locked:
            return StashBusy(
                f"Stash at {self.url} is too busy to answer: its database is locked, "
                "perhaps by a scan. Try again later."
            )
        return QueryFailed(self.url, answer.errors)


def sendable_key(key: str, url: str) -> str:
    """Return the key; raises KeyRefused for one that no header can hold."""
    if not key.isascii() or not (key + "x").isprintable() or " " in key:
        msg = (
            f"The API key for {url} holds characters that no key has. Copy it anew "
            "from Stash: Settings, Security."
        )
        raise KeyRefused(msg)
    return key
