"""How sure a proposal is: how often its kind of evidence was right, measured.

`make bench` measures it on labelled scenes and writes `confidence.json`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from math import sqrt
from pathlib import Path

TABLE = Path(__file__).with_name("confidence.json")
ENOUGH_TO_ORDER = 30  # times that a kind was met, for a place among the others
FORMAT = 1  # of the file
TWO_SIDED_95 = 1.96
CERTAIN_FROM, LIKELY_FROM = 0.99, 0.95
MEASURE_AGAIN = 'make bench BENCH="--rows accuracy --write"'


class Level(StrEnum):
    """What a person may do with a proposal unseen: all, most, nothing."""

    CERTAIN = "certain"
    LIKELY = "likely"
    LOOK = "look"


class KindNotMeasured(Exception):
    """Nothing is known of how often this kind of evidence is right."""


@dataclass(frozen=True, slots=True)
class KindCount:
    """How often a kind of evidence was right, on scenes whose truth is known."""

    detector: str
    version: int
    kind: str
    right: float  # a choice of two, one of them right, is half right
    of: int

    @property
    def rate(self) -> float:
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class MeasuredKind:
    """A kind's count, and the confidence that follows from it and its neighbours."""

    detector: str
    version: int
    kind: str
    confidence: float
    right: float
    of: int


@dataclass(frozen=True, slots=True)
class ConfidenceTable:
    measured_on: str  # a day
    data: str  # what it was measured on, in words
    kinds: Mapping[tuple[str, str], MeasuredKind]

    def measured(self, detector: str, kind: str) -> MeasuredKind:
        """Return what is known of a kind.

        Raises KindNotMeasured if that is nothing.
        """
        try:
            return self.kinds[detector, kind]
        except KeyError:
            msg = (
                f"Evidence of kind '{kind}' of the detector '{detector}' has no "
                f"measured confidence. Measure it: {MEASURE_AGAIN}"
            )
            raise KindNotMeasured(msg) from None


def level_of(confidence: float, *, is_choice: bool = False) -> Level:
    """Return the level of a proposal.

    `is_choice`: it is one of several that exclude each other, so a person has to look.
    """
    if is_choice or confidence < LIKELY_FROM:
        return Level.LOOK
    return Level.CERTAIN if confidence >= CERTAIN_FROM else Level.LIKELY


def wilson_bound(right: float, of: int, *, z: float = TWO_SIDED_95) -> float:
    """Return the lower end of Wilson's interval of a rate: 0.0 where nothing is known.

    381 of 381 are needed for 0.99, 73 of 73 for 0.95.
    """
    if not of:
        return 0.0
    rate, square = right / of, z * z
    spread = z * sqrt(rate * (1 - rate) / of + square / (4 * of * of))
    return max(0.0, (rate + square / (2 * of) - spread) / (1 + square / of))


def isotonic(ordered: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    """Return counts (right, of), pooled with neighbours until no rate rises.

    `ordered`: those expected to be best first. Where a later one has the better rate,
    the difference is taken for chance: each of them gets the count of all.
    """
    blocks: list[tuple[float, int, int]] = []  # right, of, members
    for right, of in ordered:
        block = (right, of, 1)
        while blocks and block[0] * blocks[-1][1] > blocks[-1][0] * block[1]:
            last = blocks.pop()
            block = (block[0] + last[0], block[1] + last[1], block[2] + last[2])
        blocks.append(block)
    return [(right, of) for right, of, members in blocks for _ in range(members)]


def fitted(
    counts: Iterable[KindCount], expected: Iterable[KindCount]
) -> list[MeasuredKind]:
    """Return the confidence of each counted kind.

    `expected`: counts of other scenes, which say alone in which order the kinds of a
    detector are expected to be right; else the order would follow the same chance that
    pooling is to take out. A kind that was hardly met there has no place in the order,
    and is counted alone.
    """
    order = {
        (c.detector, c.kind): wilson_bound(c.right, c.of)
        for c in expected
        if c.of >= ENOUGH_TO_ORDER
    }
    groups: dict[tuple[str, ...], list[KindCount]] = {}
    for count in sorted(
        counts, key=lambda c: (-order.get((c.detector, c.kind), 0), c.kind)
    ):
        key = (count.detector, count.kind)
        groups.setdefault(key[:1] if key in order else key, []).append(count)
    return [
        MeasuredKind(**asdict(count), confidence=confidence)
        for group in groups.values()
        for count, confidence in _confidences(group)
    ]


def _confidences(group: Sequence[KindCount]) -> list[tuple[KindCount, float]]:
    met = [count for count in group if count.of]
    pooled = isotonic([(count.right, count.of) for count in met])
    known = [
        (count, round(wilson_bound(*pool), 4))
        for count, pool in zip(met, pooled, strict=True)
    ]
    return known + [(count, 0.0) for count in group if not count.of]


@cache
def read_table(path: Path = TABLE) -> ConfidenceTable:
    """Return the table of a file, read once."""
    told = json.loads(path.read_text())
    if told["format"] != FORMAT:
        msg = f"{path} has the format {told['format']}. Write it anew: {MEASURE_AGAIN}"
        raise KindNotMeasured(msg)
    kinds = [MeasuredKind(**kind) for kind in told["kinds"]]
    return ConfidenceTable(
        told["measured_on"], told["data"], {(k.detector, k.kind): k for k in kinds}
    )


def write_table(table: ConfidenceTable, path: Path = TABLE) -> None:
    """Write the table so that a diff of it is read line by line."""
    kinds = sorted(table.kinds.values(), key=lambda kind: (kind.detector, kind.kind))
    lines = ",\n".join(f"    {json.dumps(asdict(kind))}" for kind in kinds)
    head = {"format": FORMAT, "measured_on": table.measured_on, "data": table.data}
    told = json.dumps(head, indent=2).removesuffix("\n}")
    path.write_text(f'{told},\n  "kinds": [\n{lines}\n  ]\n}}\n')
    read_table.cache_clear()
