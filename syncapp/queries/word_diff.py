"""Two texts word by word: what stays, what goes, what comes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 2_000  # of both; comparing goes by their square
LEAST_ALIKE = 0.5  # of 1: below it a diff is a puzzle


@dataclass(frozen=True, slots=True)
class DiffPiece:
    text: str
    kind: str  # "same", "gone" or "new"


def word_diff(before: str, after: str) -> tuple[DiffPiece, ...]:
    """Return both texts as pieces: without the new ones they are the old text.

    Nothing for texts that have little in common, or that are very long.
    """
    old, new = WORDS.findall(before), WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return ()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return ()
    return tuple(_pieces(matcher, old, new))


def _pieces(
    matcher: "SequenceMatcher[str]", old: Sequence[str], new: Sequence[str]
) -> list[DiffPiece]:
    found = []
    for op, begin, end, first, last in matcher.get_opcodes():
        gone, come = "".join(old[begin:end]), "".join(new[first:last])
        if op == "equal":
            found.append(DiffPiece(gone, "same"))
            continue
        if gone:
            found.append(DiffPiece(gone, "gone"))
        if come:
            found.append(DiffPiece(come, "new"))
    return found
