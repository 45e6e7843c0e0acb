"""Measures how long duplicates take to find, and whether all are found.

`python -m tests.bench.duplicates FILES`; its last line is JSON. The films are invented:
their hashes have as many bits set as those of pictures, and one in ten has a copy with
a few bits turned over, some of them more than is looked for.
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from resource import RUSAGE_SELF, getpagesize, getrusage
from typing import Any

SEED = 20_260_517
BITS = range(64)
COPIES = 0.1  # of the films
MOST_TURNED = 4  # bits of each kind, in a copy
SAMPLE = 500  # files that are compared with all others, one by one
TAG = 7


def looks(dice: random.Random) -> Iterator[tuple[int, float]]:
    """Yield the phash and the seconds of films without end."""
    while True:
        phash = sum(
            1 << bit for bit in dice.sample(BITS, dice.choice((31, 31, 31, 32)))
        )
        seconds = dice.lognormvariate(6.5, 1)
        yield phash, seconds
        if dice.random() < COPIES:
            turned = dice.randrange(MOST_TURNED + 1)
            yield _turned(phash, turned, dice), seconds + dice.uniform(-0.4, 0.4)


def _turned(phash: int, turned: int, dice: random.Random) -> int:
    ones = [bit for bit in BITS if phash >> bit & 1]
    zeros = [bit for bit in BITS if not phash >> bit & 1]
    for bit in (*dice.sample(ones, turned), *dice.sample(zeros, turned)):
        phash ^= 1 << bit
    return phash


def scenes(number: int) -> Iterator[Any]:
    """Yield so many scenes of one file, as an analysis reads them."""
    from syncapp.analysis.facts import FileFacts, SceneFacts

    dice = random.Random(SEED)
    for n, (phash, seconds) in enumerate(islice(looks(dice), number), 1):
        height = dice.choice((480, 720, 1080, 2160))
        file = FileFacts(
            path=f"/archive/{n % 997}/Tides and harbours, part {n}.mp4",
            duration=seconds,
            width=height * 16 // 9,
            height=height,
            size=1_000_000 + n,
            phash=phash,
            fingerprints=(("oshash", f"{n * 0x9E3779B97F4A7C15 % 2**64:016x}"),),
        )
        yield SceneFacts(n, (file,), organized=n % 3 == 0)


def whole(number: int) -> dict[str, Any]:
    """Return what the detector costs, from facts to findings that are not kept."""
    from datetime import date

    from syncapp.analysis.detectors.duplicates import DUPLICATES
    from syncapp.analysis.library import KnownLibrary, Rules

    rules = Rules(marks={DUPLICATES.mark: TAG})
    library = KnownLibrary({}, rules, date(2026, 5, 17))
    held, began = _held_mb(), time.perf_counter()
    read = _Timed(scenes(number))
    found = sum(1 for _ in DUPLICATES.find(read, library, lambda: None))
    seconds = time.perf_counter() - began - read.spent
    return {
        "duplicates": seconds,
        "duplicates_mb": _peak_mb() - held,
        "duplicates_found": found,
    }


class _Timed:
    """Hands on what another iterator makes, and counts the time that this takes."""

    def __init__(self, made: Iterator[Any]) -> None:
        self.made, self.spent = made, 0.0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        began = time.perf_counter()
        try:
            return next(self.made)
        finally:
            self.spent += time.perf_counter() - began


def recall(number: int) -> float:
    """Return the share of the pairs of a sample that are found; 0 if one is wrong."""
    from syncapp.analysis.phash import (
        USUAL_DISTANCE,
        bits_apart,
        find_lookalikes,
        longest_alike,
    )

    dice = random.Random(SEED)
    films = list(islice(looks(dice), number))
    hashes, durations = zip(*films, strict=True)
    found = find_lookalikes(hashes, durations)
    wanted = got = 0
    for file in _sample([*found.in_company()], dice) + _sample(range(number), dice):
        phash, seconds = films[file]
        alike = {
            n
            for n, (other, length) in enumerate(films)
            if bits_apart(phash, other) <= USUAL_DISTANCE
            and max(seconds, length) <= longest_alike(min(seconds, length))
        } - {file}
        told = set(found.alike(file))
        if told - alike:
            return 0.0
        wanted, got = wanted + len(alike), got + len(told)
    return got / wanted


def _sample(files: Sequence[int], dice: random.Random) -> list[int]:
    return dice.sample(files, min(len(files), SAMPLE // 2))


def _held_mb() -> float:
    """Return what the process holds now; its peak may be that of who started it."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 2**20


def _peak_mb() -> float:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    number = int(sys.argv[1])
    found = whole(number)
    print(json.dumps({**found, "duplicates_recall": 100 * recall(number)}))


if __name__ == "__main__":
    main()
