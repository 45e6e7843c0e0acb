"""Which files are the same or alike: by their fingerprints, looks and lengths."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from syncapp.analysis.detector import MayStop
from syncapp.analysis.file_columns import FileColumns
from syncapp.analysis.phash import (
    Lookalikes,
    bits_apart,
    find_lookalikes,
    is_comparable,
    longest_alike,
)


@dataclass(frozen=True, slots=True)
class EqualPrints:
    """Files by the value of one fingerprint; those without one have no equal."""

    values: Sequence[int]  # by file
    files: Sequence[int]  # by value

    @classmethod
    def of(cls, values: Sequence[int]) -> "EqualPrints":
        known = [file for file, value in enumerate(values) if value]
        return cls(values, array("I", sorted(known, key=values.__getitem__)))

    def equal(self, file: int) -> Iterator[int]:
        """Yield the other files that have its value."""
        if value := self.values[file]:
            known = self.values.__getitem__
            first = bisect_left(self.files, value, key=known)
            end = bisect_right(self.files, value, first, key=known)
            yield from (x for x in self.files[first:end] if x != file)

    def in_company(self) -> Iterator[int]:
        """Yield the files that have an equal, some of them twice."""
        for one, other in pairwise(self.files):
            if self.values[one] == self.values[other]:
                yield from (one, other)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is alike among the files of a library."""

    files: FileColumns
    oshashes: EqualPrints
    md5s: EqualPrints
    looks: Lookalikes
    distance: int

    @classmethod
    def of(
        cls, files: FileColumns, distance: int, check: MayStop = lambda: None
    ) -> "Likeness":
        return cls(
            files,
            EqualPrints.of(files.oshashes),
            EqualPrints.of(files.md5s),
            find_lookalikes(files.phashes, files.durations, distance, check=check),
            distance,
        )

    def company(self, file: int) -> Iterator[int]:
        """Yield the files that are alike, the surest first, some more than once."""
        yield from self.oshashes.equal(file)
        yield from self.md5s.equal(file)
        yield from self.looks.alike(file)

    def in_company(self) -> set[int]:
        """Return the files that may have one that is alike."""
        return {
            *self.oshashes.in_company(),
            *self.md5s.in_company(),
            *self.looks.in_company(),
        }

    def are_alike(self, one: int, other: int) -> bool:
        return self.are_same(one, other) or self._look_alike(one, other)

    def are_same(self, one: int, other: int) -> bool:
        """Return whether a fingerprint of the whole file is equal."""
        return any(
            values[one] and values[one] == values[other]
            for values in (self.files.oshashes, self.files.md5s)
        )

    def _look_alike(self, one: int, other: int) -> bool:
        shorter, longer = sorted(
            (self.files.durations[one], self.files.durations[other])
        )
        return (
            self.can_be_seen(one)
            and self.can_be_seen(other)
            and longer <= longest_alike(shorter)
            and self.bits_apart(one, other) <= self.distance
        )

    def can_be_seen(self, file: int) -> bool:
        """Return whether the look of a file can be compared with others."""
        return is_comparable(self.files.phashes[file], self.files.durations[file])

    def bits_apart(self, one: int, other: int) -> int:
        return bits_apart(self.files.phashes[one], self.files.phashes[other])
