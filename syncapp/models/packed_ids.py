"""Many row ids in little room: ascending, packed, with a digest to know them again.

Of a library of 500,000 scenes they are 4 MB.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby, islice

from syncapp.models.keys import source_of

PART = 10_000  # ids that are packed together
ID_BYTES = 8
DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class SourceIds:
    """Row ids of one source."""

    source_id: int
    count: int
    digest: str
    parts: tuple[bytes, ...]  # of PART ids each, but the last


@dataclass(frozen=True, slots=True)
class RowIds:
    """Row ids of any sources, theirs together."""

    sources: tuple[SourceIds, ...]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.sources)

    @property
    def digest(self) -> str:
        """What these ids have and no others: the same rows, the same digest."""
        hashed = blake2b(digest_size=DIGEST_BYTES)
        for each in self.sources:
            hashed.update(f"{each.source_id}:{each.count}:{each.digest};".encode())
        return hashed.hexdigest()

    def some(self, most: int) -> tuple[int, ...]:
        """Return a few of them, spread over all."""
        step = max(1, -(-self.count // most))
        return tuple(islice(self._all(), 0, None, step))

    def _all(self) -> Iterator[int]:
        for each in self.sources:
            for part in each.parts:
                yield from unpacked(part)


def gather(ids: Iterable[int]) -> RowIds:
    """Pack these row ids, which come ascending and once each."""
    grouped = groupby(ids, key=source_of)
    return RowIds(tuple(_of_source(source_id, group) for source_id, group in grouped))


def _of_source(source_id: int, ids: Iterator[int]) -> SourceIds:
    parts, hashed = [], blake2b(digest_size=DIGEST_BYTES)
    while some := list(islice(ids, PART)):
        parts.append(struct.pack(f"<{len(some)}q", *some))
        hashed.update(parts[-1])
    count = sum(map(len, parts)) // ID_BYTES
    return SourceIds(source_id, count, hashed.hexdigest(), tuple(parts))


def unpacked(part: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(part) // ID_BYTES}q", part)
