"""The state of one run of the engine: what it reads, where it reports, what it counted.

State alone: what writes with it is built by `session`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from syncapp.stash.client import Server, Spent
from syncapp.stash.documents import selection_version
from syncapp.stash.reading import Reader
from syncapp.sync.history import change_set_statements
from syncapp.sync.reporter import Reporter
from syncapp.sync.statements import Statements
from syncapp.sync.stream import Stream
from syncapp.sync.tally import Cost, Counted, Tally

NAMED = 100  # records of a stream, of which one line each says what is wrong


@dataclass(slots=True)
class DeferredCounts:
    """A stream whose pages leave the scene counts alone, as its first load does."""

    next_recount: int  # after so many records they are set meanwhile
    has_tombstones: bool


@dataclass(slots=True)
class SyncContext:
    """State of one run; lives as long as it."""

    source_id: int
    reader: Reader
    server: Server
    reporter: Reporter
    streams: Mapping[str, Stream]  # all there are, by name
    fetchers: int  # threads that fetch ahead of the writer; 0: its own thread asks
    rewrite: bool = False  # compare every record, whatever its hash says
    accept_deletions: bool = False
    tallies: dict[str, Tally] = field(default_factory=dict)
    costs: dict[str, Cost] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    read_whole: set[str] = field(default_factory=set)  # streams, in this run
    # By stream: what the source told beside, before every record of it was read.
    side_probes: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)  # streams not settled yet
    deferred_counts: dict[str, DeferredCounts] = field(default_factory=dict)
    distrusted: bool = False  # the source seems to be restored from a backup
    has_change_set: bool = False  # it is noted that the job changed something
    # (Stream, row id) of records that could not be read: not tried twice in one run.
    skipped: set[tuple[str, int]] = field(default_factory=set)
    _counted: dict[str, Counted] = field(default_factory=dict)
    _said: Counter[tuple[str, str]] = field(default_factory=Counter)
    _spent: Spent = field(init=False)  # by the client, as far as `costs` has it

    def __post_init__(self) -> None:
        self._spent = self.reader.client.spent  # the handshake is no stream's

    def tally(self, stream: Stream) -> Tally:
        """Return the counts of `stream`."""
        return self.tallies.setdefault(stream.name, Tally())

    def count(
        self, stream: Stream, keys: Iterable[int], **kinds: Collection[int]
    ) -> None:
        """Count records, by row id; see `Counted`."""
        counted = self._counted.setdefault(stream.name, Counted())
        counted.add(self.tally(stream), keys, **kinds)

    def change_set(self) -> Statements:
        """Return what notes, with its first change, that the job changes something."""
        job_id = self.reporter.job_id
        if job_id is None or self.has_change_set:
            return []
        return change_set_statements(job_id, self.source_id)

    def say_of_record(self, stream: Stream, code: str, sentence: str) -> None:
        """Say what is wrong with one record; after a hundred, that there are more."""
        self._said[stream.name, code] += 1
        if (said := self._said[stream.name, code]) <= NAMED:
            self.reporter.log("warning", code, sentence)
        if said == NAMED:
            self.reporter.log(
                "warning",
                code,
                f"More {stream.name} like these are counted and not named.",
            )

    def cost(self, stream: Stream) -> Cost:
        """Return what `stream` has cost so far."""
        return self.costs.setdefault(stream.name, Cost())

    def attribute_cost(self, stream: Stream) -> None:
        """Put what was asked of the source since the last call down to `stream`."""
        now, before = self.reader.client.spent, self._spent
        self.cost(stream).add(
            Cost(
                requests=now.requests - before.requests,
                bytes=now.bytes - before.bytes,
                fetch_s=now.seconds - before.seconds,
            )
        )
        self._spent = now

    def spent(self) -> dict[str, dict[str, float]]:
        """Return what all streams cost, as JSON takes it."""
        return {name: cost.plain() for name, cost in self.costs.items()}

    def result(self) -> dict[str, Any]:
        """Return what the run did so far, as plain values."""
        return {
            "streams": {name: tally.plain() for name, tally in self.tallies.items()},
            "costs": self.spent(),
            "held": dict(self.held),
        }

    def resume(self, saved: Mapping[str, Any]) -> None:
        """Take over the result so far of an interrupted run, out of its checkpoint."""
        for name, counts in saved.get("streams", {}).items():
            self.tallies[name] = Tally.of(counts)
        for name, cost in saved.get("costs", {}).items():
            self.costs[name] = Cost.of(cost)
        self.held.update(saved.get("held", {}))

    def reached(self, place: Mapping[str, Any]) -> tuple[int, int, int]:
        """Return how far a place is: number of its stream, read to the end, where."""
        at = place["place"]
        return list(self.streams).index(place["stream"]), int(at is None), at or 0

    def report(self, stream: Stream, done: int, total: int | None) -> None:
        """Report how far `stream` is, and what was done so far."""
        self.attribute_cost(stream)
        self.reporter.progress(stream.name, done, total)
        self.reporter.counted(self.result())

    def selection(self, stream: Stream) -> int:
        """Return the version of the fields that this server lets us select."""
        return selection_version(stream.entity, self.server)
