"""Which files look alike: by the distance of their phashes, never without the length.

A phash is 64 bits of how a film looks; a half of them are set. Two look alike when few
bits differ and they last about as long. That is no chain: A like B and B like C say
nothing of A and C.

Every pair within the distance is found, by parts: of `distance + 2` parts of the bits,
two hashes within the distance have at least two in common. So for each two parts the
hashes are sorted by these, and only neighbours that agree there are compared.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

PHASH_BITS = 64
# Half a million unlike films hold no pair within 4 by chance (0.02 are expected), two
# within 6, ninety within 8 and thousands within 10, before their lengths are looked at.
USUAL_DISTANCE = 4
GREATEST_DISTANCE = 10
# Of a picture 31 or 32 bits are set, for a bit says "more than the median". Many ties
# make it fewer: a flat picture, all black perhaps, which is like any other flat one.
TELLING = range(28, 36)
SHORT_S = 150.0  # short clips look alike more often: titles, tests, loops
RANK_BITS = 32
RANK = (1 << RANK_BITS) - 1
CROWD = 200  # a look that so many others are near tells nothing apart


def is_telling(phash: int) -> bool:
    """Return whether a hash is of a picture with anything in it."""
    return phash.bit_count() in TELLING


def bits_apart(one: int, other: int) -> int:
    """Return how many bits of two hashes differ."""
    return (one ^ other).bit_count()


def longest_alike(seconds: float) -> float:
    """Return how long a file may last to be like one of so many seconds, at most.

    1% more, and no more than 10 seconds; of a short clip no more than half a second.
    It rises with `seconds`: if the longest of many is like the shortest, all are.
    """
    return seconds + min(10.0 if seconds >= SHORT_S else 0.5, seconds / 100)


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """Files by their looks, in arrays: 500,000 of them are a few dozen MB.

    A file is a number, its place in `phashes` and `durations`; so is a look, its place
    in `looks`. Files that cannot be compared are in none of the others.
    """

    phashes: Sequence[int]
    durations: Sequence[float]
    files: Sequence[int]  # by look, then by duration
    looks: Sequence[int]  # each hash once, in order
    starts: Sequence[int]  # where in `files` those of each look begin; one more at last
    near: Sequence[int]  # looks, those near to look 0 first
    near_starts: Sequence[int]  # where in `near` those of each look begin

    def alike(self, file: int) -> Iterator[int]:
        """Yield the files that look like this one and last as long; nearest first."""
        phash, seconds = self.phashes[file], self.durations[file]
        if is_comparable(phash, seconds):
            look = bisect_left(self.looks, phash)
            for each in (look, *self._near(look)):
                yield from (x for x in self._of_look(each, seconds) if x != file)

    def _near(self, look: int) -> list[int]:
        mine, looks = self.looks[look], self.looks
        near = self.near[self.near_starts[look] : self.near_starts[look + 1]]
        return sorted(near, key=lambda other: (bits_apart(mine, looks[other]), other))

    def _of_look(self, look: int, seconds: float) -> Sequence[int]:
        """Return the files of a look that last about so long."""
        low, high = self.starts[look : look + 2]
        first = bisect_left(
            self.files,
            seconds,
            low,
            high,
            key=lambda x: longest_alike(self.durations[x]),
        )
        most = longest_alike(seconds)
        end = bisect_right(self.files, most, low, high, key=self.durations.__getitem__)
        return self.files[first:end]

    def in_company(self) -> Iterator[int]:
        """Yield the files that may have one that looks alike, in no order."""
        for look, (low, high) in enumerate(pairwise(self.starts)):
            if high - low > 1 or self.near_starts[look] < self.near_starts[look + 1]:
                yield from self.files[low:high]


def is_comparable(phash: int, seconds: float) -> bool:
    """Return whether a file can be compared: its picture tells, its length is known."""
    return seconds > 0 and is_telling(phash)


def find_lookalikes(
    phashes: Sequence[int],
    durations: Sequence[float],
    distance: int = USUAL_DISTANCE,
    *,
    check: Callable[[], None] = lambda: None,
) -> Lookalikes:
    """Return which files look alike. What is not known of one is 0.

    `check` is called between the sorts, and may raise to end it.

    A look that has met more than `CROWD` others that are near is near to none, and is
    met no more: so a crowd costs little. Whatever the order of the files, the same
    pairs are found.

    Raises ValueError for a distance beyond `GREATEST_DISTANCE`: by then most pairs
    would be alike by chance.
    """
    if not 0 <= distance <= GREATEST_DISTANCE:
        msg = f"A distance of {distance} bits is not from 0 to {GREATEST_DISTANCE}."
        raise ValueError(msg)
    files = _by_look(phashes, durations)
    looks, starts = _stacked(files, phashes)
    shortest = array("d", (durations[files[low]] for low in starts[:-1]))
    longest = array("d", (durations[files[end - 1]] for end in starts[1:]))
    search = _Search.of_looks(looks, shortest, longest, distance=distance)
    near, near_starts = search.near(check)
    return Lookalikes(phashes, durations, files, looks, starts, near, near_starts)


def _by_look(phashes: Sequence[int], durations: Sequence[float]) -> Sequence[int]:
    files = [
        n
        for n, (phash, seconds) in enumerate(zip(phashes, durations, strict=True))
        if is_comparable(phash, seconds)
    ]
    files.sort(key=durations.__getitem__)
    files.sort(key=phashes.__getitem__)
    return array("I", files)


def _stacked(
    files: Sequence[int], phashes: Sequence[int]
) -> tuple[Sequence[int], Sequence[int]]:
    """Return each look once, and where its files begin."""
    looks, starts = array("Q"), array("I")
    for place, file in enumerate(files):
        if not looks or looks[-1] != phashes[file]:
            looks.append(phashes[file])
            starts.append(place)
    starts.append(len(files))
    return looks, starts


@dataclass(slots=True)
class _Search:
    """The search for near looks, ranked by the shortest file of each."""

    looks: Sequence[int]  # by rank
    numbers: Sequence[int]  # of those looks, by rank
    reach: Sequence[int]  # how many ranks further one may still last as long, by rank
    distance: int
    pairs: set[int] = field(default_factory=set)  # of ranks, packed
    company: "array[int]" = field(init=False)  # how many are near, by rank

    def __post_init__(self) -> None:
        self.company = array("I", bytes(4 * len(self.looks)))

    @classmethod
    def of_looks(
        cls,
        looks: Sequence[int],
        shortest: Sequence[float],
        longest: Sequence[float],
        *,
        distance: int,
    ) -> "_Search":
        numbers = array("I", sorted(range(len(looks)), key=shortest.__getitem__))
        lengths = array("d", (shortest[n] for n in numbers))
        ends = (bisect_right(lengths, longest_alike(longest[n])) for n in numbers)
        reach = array("I", (end - rank - 1 for rank, end in enumerate(ends)))
        return cls(array("Q", (looks[n] for n in numbers)), numbers, reach, distance)

    def near(self, check: Callable[[], None]) -> tuple[Sequence[int], Sequence[int]]:
        """Return the looks near to each, and where those of each begin."""
        for mask in _two_parts(self.distance + 2):
            check()
            keys = [
                (look & mask) << RANK_BITS | rank
                for rank, look in enumerate(self.looks)
            ]
            keys.sort()
            self._meet(keys)
            del keys  # or the next ones would be made beside them
        return self._told()

    def _meet(self, keys: Sequence[int]) -> None:
        """Compare what agrees. `keys`: sorted; above the rank, the bits that have to.

        What is no further than the reach has the same bits, and a rank within it.
        """
        looks, reach = self.looks, self.reach
        for at, (key, after) in enumerate(pairwise(keys), 1):
            rank = key & RANK
            most = key + reach[rank]
            if after > most or self.company[rank] > CROWD:
                continue
            look, end = looks[rank], bisect_right(keys, most, at)
            others = [each & RANK for each in keys[at:end]]
            self._note(
                rank,
                [x for x in others if (look ^ looks[x]).bit_count() <= self.distance],
            )

    def _note(self, rank: int, others: Iterable[int]) -> None:
        company = self.company
        for other in others:
            pair = rank << RANK_BITS | other
            crowded = company[rank] > CROWD or company[other] > CROWD
            if not crowded and pair not in self.pairs:
                self.pairs.add(pair)
                company[rank] += 1
                company[other] += 1

    def _told(self) -> tuple[Sequence[int], Sequence[int]]:
        links = sorted(self._links())
        near = array("I", (link & RANK for link in links))
        starts = array("I")
        for look in range(len(self.looks) + 1):
            starts.append(bisect_left(links, look << RANK_BITS))
        return near, starts

    def _links(self) -> Iterator[int]:
        """Yield each pair from both its ends, by the numbers of the looks, packed."""
        for pair in self.pairs:
            one, other = pair >> RANK_BITS, pair & RANK
            if self.company[one] <= CROWD and self.company[other] <= CROWD:
                one, other = self.numbers[one], self.numbers[other]
                yield one << RANK_BITS | other
                yield other << RANK_BITS | one


def _two_parts(parts: int) -> Iterator[int]:
    """Yield the bits of any two of so many parts of a hash."""
    cuts = [PHASH_BITS * n // parts for n in range(parts + 1)]
    masks = [(1 << high) - (1 << low) for low, high in pairwise(cuts)]
    yield from (one | other for one, other in combinations(masks, 2))
