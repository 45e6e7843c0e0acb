"""Runs the engine against a wire: to its end, or until it is stopped on purpose."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from syncapp.models import Source
from syncapp.stash.reading import Reader
from syncapp.sync import engine
from syncapp.sync.session import SyncSession, new_session
from syncapp.sync.streams import STREAMS
from syncapp.sync.streams.scenes import SCENES
from tests.mirror import Interrupted, PlainReporter
from tests.property.wire import Crash, Wire


@dataclass
class Ending(PlainReporter):
    """A reporter that can end its run: a cancel at a check, a crash at a commit."""

    cancel_at: int = 0  # the number of the check; 0: never
    crash_at: int = 0  # the number of the commit, which is lost; 0: never
    checks: int = 0
    place: Mapping[str, Any] | None = None  # saved, and not committed yet

    def check(self) -> None:
        self.checks += 1
        if self.checks == self.cancel_at:
            raise Interrupted

    @contextmanager
    def atomic(self) -> Iterator[None]:
        self.place = None
        with transaction.atomic():
            yield
            self.commits += 1
            if self.commits == self.crash_at:
                raise Crash
        if self.place is not None:
            self.saved = dict(self.place)

    def checkpoint(self, place: Mapping[str, Any], reached: Sequence[int] = ()) -> None:
        self.reached.append(tuple(reached))
        self.place = place


def pull(
    wire: Wire,
    source: Source,
    reporter: PlainReporter,
    *,
    everything: bool = False,
    force_index: bool = False,
    only: str = "",
    **options: Any,
) -> dict[str, Any]:
    """Sync all streams or one; returns what the engine counted."""
    streams = [stream for stream in STREAMS if only in {"", stream.name}]
    with wire.client() as client, wire.our_clock():
        session = _session(client, source, reporter, options)
        return engine.pull(
            session, streams, everything=everything, force_index=force_index
        )


def pull_scenes(wire: Wire, source: Source, ids: list[int]) -> dict[str, Any]:
    with wire.client() as client:
        session = _session(client, source, PlainReporter(), {})
        return engine.pull_scenes(session, SCENES, ids)


def _session(
    client: Any, source: Source, reporter: PlainReporter, options: Mapping[str, Any]
) -> SyncSession:
    client.handshake()
    # In one thread, or a history would not be the same each time.
    given = {"fetchers": 0, **options}
    return new_session(source.pk, Reader(client), reporter, **given)
