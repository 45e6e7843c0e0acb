"""The page's end of a socket, for tests."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from jobs.models import JobEvent
from tests.site import Person

WAIT_S = 20.0


class Tab:
    """A page that listens: it keeps what it was told, by topic."""

    def __init__(self, person: Person, topics: str, **asked: Any) -> None:
        self.messages: list[dict[str, Any]] = []
        self._person, self._topics, self._asked = person, topics, asked
        self._open = ExitStack()

    def __enter__(self) -> Self:
        line = dial(self._person, topics=self._topics, **self._asked)
        self.connection = self._open.enter_context(line)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def next(self, timeout_s: float = WAIT_S) -> dict[str, Any]:
        """Return the next message that says more than that all is well."""
        while True:
            message: dict[str, Any] = json.loads(self.connection.recv(timeout_s))
            if message["type"] != "alive":
                self.messages.append(message)
                return message

    def until(self, status: str) -> None:
        """Listen until the job is said to have this status."""
        while self.next().get("data", {}).get("job", {}).get("status") != status:
            pass

    @property
    def events(self) -> list[dict[str, Any]]:
        """Return all lines of logs that it was told, in their order."""
        return [e for m in self.messages for e in m["data"].get("events", [])]

    @property
    def last_seq(self) -> int:
        return max((event["seq"] for event in self.events), default=0)


def seqs(job_id: int) -> list[int]:
    """Return the numbers of the lines of a job's log, as the database has them."""
    rows = JobEvent.objects.filter(job_id=job_id).order_by("seq")
    return list(rows.values_list("seq", flat=True))


@contextmanager
def dial(
    person: Person | None,
    address: str = "",
    *,
    origin: str | None = "own",
    buffer: int | None = None,
    **asked: Any,
) -> Iterator[ClientConnection]:
    """Open a socket as a page of `origin` would; None for a program without one.

    `buffer` is the size of the receiving buffer: a small one makes a slow reader.
    """
    base = address or str(person.http.base_url if person else "")
    parts = urlsplit(base)
    jar = person.http.cookies if person else {}
    cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
    own = socket.socket()
    if buffer is not None:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    own.connect((parts.hostname, parts.port))
    given = f"{parts.scheme}://{parts.netloc}" if origin == "own" else origin
    with connect(
        f"ws://{parts.netloc}/ws/v1/?{urlencode(asked, safe=':,')}",
        sock=own,
        origin=None if given is None else Origin(given),
        additional_headers={"Cookie": cookies} if cookies else {},
        max_queue=1 if buffer is not None else 16,
        ping_interval=None,
        close_timeout=2,
        compression=None,
    ) as connection:
        yield connection
