"""The far end of the wire: the demo's execution, asked in this process."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime
from functools import cache
from threading import RLock
from typing import Any

import httpx2
import msgspec
import pytest
from graphql import GraphQLSchema

from syncapp.demo import Library
from syncapp.demo.execution import Executor
from syncapp.demo.faults import Faults, Reply
from syncapp.demo.schema import schema_without
from syncapp.demo.traffic import Seen
from syncapp.stash.client import Limits, StashClient
from syncapp.sync import probe, stream_state

URL = "http://127.0.0.1:9999"
LIMITS = Limits(backoff_s=0, attempts=3)
# A winter night begins two hours later in Oslo: its text runs backwards.
BEGINNING = datetime(2025, 10, 25, 22, 30, tzinfo=UTC)

whole_schema: Callable[[], GraphQLSchema] = cache(schema_without)


class Crash(BaseException):
    """The program died here; nothing in it catches this."""


class Wire(httpx2.BaseTransport):
    """Answers every request from one library, whose clock it keeps.

    `before` maps the number of a request since `begin` to what happens just before it
    is answered: a change of the library, or a crash.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.executor = Executor(library, whole_schema())
        self.clock = BEGINNING
        library.now = lambda: self.clock
        self.lock = RLock()
        self.clear()

    def clear(self) -> None:
        """Forget every fault, and let nothing happen any more."""
        self.faults = Faults()
        self.before: dict[int, Callable[[], None]] = {}
        self.library.hidden = {}
        self.asked = 0

    @property
    def troubled(self) -> bool:
        """Whether the next sync will not be answered as it should."""
        return bool(self.before or self.library.hidden or self.faults.ordered)

    def wait(self, seconds: float) -> None:
        self.clock += timedelta(seconds=seconds)

    @contextmanager
    def our_clock(self) -> Iterator[None]:
        """Let the engine's own clock stand where the server's does."""

        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> "Clock":
                return cls.fromtimestamp(self.clock.timestamp(), tz)

        with pytest.MonkeyPatch.context() as patch:
            for module in (stream_state, probe):
                patch.setattr(module, "datetime", Clock)
            yield

    def client(self) -> StashClient:
        """Return a client at the near end."""
        return StashClient(URL, limits=LIMITS, transport=self)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = msgspec.json.decode(request.read())
        with self.lock:
            self.asked += 1
            self.before.pop(self.asked, _nothing)()
            reply = self._reply(body["query"], body.get("variables") or {})
        date = format_datetime(self.clock, usegmt=True)
        headers = {"date": date, "content-type": "application/json", **reply.headers}
        return httpx2.Response(reply.status, content=reply.body, headers=headers)

    def _reply(self, text: str, variables: Mapping[str, Any]) -> Reply:
        document = self.executor.document(text)
        seen = Seen(
            document.operation, document.root_fields, variables, text, self.clock
        )
        if isinstance(effect := self.faults.effect_on(seen), Reply):
            return effect
        if "__schema" in text:
            return Reply(200, _introduction(text))
        status, body = self.executor.answer(
            document, dict(variables), self.faults.on_field
        )
        return Reply(status, body)


def _nothing() -> None:
    pass


@cache
def _introduction(text: str) -> bytes:
    """Return how a whole Stash introduces itself; it takes long to work out."""
    executor = Executor(Library(scenes=1), whole_schema())
    return executor.answer(executor.document(text), {}, lambda *_: None)[1]
