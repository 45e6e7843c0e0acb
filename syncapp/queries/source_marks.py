"""A short mark for each source, where its whole name would take a line of each row."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

LETTERS = 3


@dataclass(frozen=True, slots=True)
class SourceMark:
    name: str
    mark: str  # of few letters, and its own among the sources


UNKNOWN = SourceMark("", "")


def source_marks(names: Mapping[int, str]) -> Mapping[int, SourceMark]:
    """Return the marks of these sources: initials, with a number where two agree."""
    initials = {source_id: _initials(name) for source_id, name in names.items()}
    often = Counter(initials.values())
    return {
        source_id: SourceMark(names[source_id], mark if often[mark] == 1 else numbered)
        for source_id, mark in initials.items()
        for numbered in [f"{mark}{source_id}"]
    }


def _initials(name: str) -> str:
    words = name.split()
    if len(words) == 1:
        return name.strip()[:LETTERS]
    return "".join(word[0] for word in words[:LETTERS]).upper()
