"""Counts what a sync did to each stream, and what that cost."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from time import monotonic
from typing import Any, Self

MILLISECONDS = 3  # digits of a second that are told
BITS = 512  # ids that stand in one number of an IdSet


class Figures:
    """Numbers of one stream in one run, that can be kept and added up."""

    @classmethod
    def of(cls, saved: Mapping[str, Any]) -> Self:
        """Return the figures that a checkpoint kept."""
        return cls(**{name: saved.get(name, 0) for name in cls.names()})

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(f.name for f in fields(cls))  # type: ignore[arg-type]

    def add(self, other: Self) -> None:
        """Add the figures of an earlier pass over the same stream."""
        for name in self.names():
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Tally(Figures):
    """Records of one stream in one run."""

    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    revived: int = 0
    skipped: int = 0

    def plain(self) -> dict[str, int]:
        """Return the counts as JSON takes them."""
        return asdict(self)


class IdSet:
    """A set of ids that takes little room where most of them follow each other."""

    def __init__(self) -> None:
        self._parts: dict[int, int] = {}  # by the ids' upper bits, a bit for each id

    def add(self, ids: Iterable[int]) -> int:
        """Add ids; returns how many of them are new."""
        new = 0
        for number in ids:
            place, bit = divmod(number, BITS)
            held = self._parts.get(place, 0)
            new += not held >> bit & 1
            self._parts[place] = held | 1 << bit
        return new


@dataclass(slots=True)
class Counted:
    """The records of a stream that count already: each does once, however often read.

    An edit of the last two minutes is read twice in one run, and so are all tags when
    one of them changed.
    """

    seen: IdSet = field(default_factory=IdSet)
    told: IdSet = field(default_factory=IdSet)  # as new, changed, revived or skipped

    def add(self, tally: Tally, keys: Iterable[int], **kinds: Collection[int]) -> None:
        """Count `keys` as seen, and those of `kinds` as what the tally calls so."""
        tally.seen += self.seen.add(keys)
        for kind, ids in kinds.items():
            setattr(tally, kind, getattr(tally, kind) + self.told.add(ids))
        tally.unchanged = tally.seen - (
            tally.new + tally.revived + tally.changed + tally.skipped
        )


@dataclass(slots=True)
class Cost(Figures):
    """What one stream took in one run.

    Requests may overlap each other and the writing, so the seconds may be more than
    passed. What a record needs of other streams counts with the stream that needs it.
    """

    requests: int = 0
    bytes: int = 0  # of the answers, unpacked
    fetch_s: float = 0.0  # from asking to the answer's end, of all requests
    decode_s: float = 0.0  # hashing and decoding records
    write_s: float = 0.0  # reading what is here, comparing, writing

    @contextmanager
    def decoding(self) -> Iterator[None]:
        """Time a block as decoding."""
        began = monotonic()
        try:
            yield
        finally:
            self.decode_s += monotonic() - began

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Time a block as writing."""
        began = monotonic()
        try:
            yield
        finally:
            self.write_s += monotonic() - began

    def plain(self) -> dict[str, float]:
        """Return the figures as JSON takes them."""
        return {
            name: round(value, MILLISECONDS) for name, value in asdict(self).items()
        }
