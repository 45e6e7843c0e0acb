"""Finds what is no part of a title in a name: dates, marks, tags, and what parts it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from syncapp.analysis.behind_names import GAPS
from syncapp.analysis.dates import FoundDate, dates_in, stands_apart
from syncapp.analysis.library import EntityKind
from syncapp.analysis.peeling import left_of
from syncapp.analysis.reading import Match, Segment
from syncapp.analysis.release_marks import marks_in
from syncapp.analysis.titles import (
    BARE_CREDITS,
    COPIES,
    CREDITS,
    HASH_TAGS,
    PARENTHESES,
    PARTING,
    SITE_ID,
    TAGS,
)

MANY_MARKS = 3  # behind so many a name says nothing of the scene any more
DATE_CUT, MARK_CUT, TAG_CUT, PART_CUT = "date", "mark", "tag", "parting"
CREDIT_CUT, COPY_CUT = "credits", "copy"
# A date takes these along: "Lecture on Oct 28, 2009".
DATING = re.compile(r"[-_. ](?:on|from|of|in|at|dated|since)[-_. (]+$", re.IGNORECASE)
QUOTES = re.compile('["“«]')
QUOTED = re.compile('(?<![^\\s(_-])(?:"([^"]+)"|“([^”]+)”|„([^“]+)“|«([^»]+)»)')


@dataclass(frozen=True, slots=True)
class Cut:
    """Characters that are taken out of a name, and what then parts the rest."""

    start: int
    end: int
    why: str  # one of those above


def cuts_in(
    text: str, segment: Segment, names: Sequence[Match], today: date
) -> list[Cut]:
    """Return what to take out of one part of a path, in its order."""
    start, end = segment.start, segment.end
    tags = [Cut(*m.span(), TAG_CUT) for m in TAGS.finditer(text, start, end)]
    told = [*_dates(text, segment, names, today), *_marks(text, segment, tags)]
    found = [*told, *tags, *_endings(text, segment)]
    for pattern in (CREDITS, BARE_CREDITS):
        found += [
            Cut(*m.span(), CREDIT_CUT) for m in pattern.finditer(text, start, end)
        ]
    found += _quotes(text, segment, names, found)
    for match in PARTING.finditer(text, start, end):
        if not _is_in(match.start(), tags):
            found.append(Cut(*match.span(), PART_CUT))
    taken = _ranges(told, names)
    for match in PARENTHESES.finditer(text, start, end):
        is_inside = any(n.start < match.start() < n.end for n in names)
        if not is_inside and not left_of(match[0], match.start(), taken):
            found.append(Cut(*match.span(), TAG_CUT))
    return sorted(found, key=lambda cut: cut.start)


def _is_in(at: int, cuts: Sequence[Cut]) -> bool:
    return any(cut.start <= at < cut.end for cut in cuts)


def _ranges(*found: Sequence[Cut | Match]) -> list[range]:
    return [range(one.start, one.end) for each in found for one in each]


def _endings(text: str, segment: Segment) -> Iterator[Cut]:
    """Yield what stands at the end, each looked for where its sign is."""
    for sign, pattern, why in ENDINGS:
        if sign in text:
            match = pattern.search(text, segment.start, segment.end)
            if match:
                yield Cut(*match.span(), why)


ENDINGS = (
    ("#", HASH_TAGS, TAG_CUT),
    ("-", SITE_ID, TAG_CUT),
    ("", COPIES, COPY_CUT),  # whose sign may be any
)


def _quotes(
    text: str, segment: Segment, names: Sequence[Match], cuts: Sequence[Cut]
) -> Iterator[Cut]:
    """Yield the quotes of a title that is all in them, and stands beside all else."""
    if not QUOTES.search(text, segment.start, segment.end):
        return
    said, taken = text[segment.start : segment.end], _ranges(cuts, names)
    for match in QUOTED.finditer(text, segment.start, segment.end):
        around = [*taken, range(*match.span())]
        if said != match[0] and not left_of(said, segment.start, around):
            yield Cut(match.start(), match.start() + 1, PART_CUT)
            yield Cut(match.end() - 1, match.end(), PART_CUT)


def _dates(
    text: str, segment: Segment, names: Sequence[Match], today: date
) -> Iterator[Cut]:
    start, end = segment.start, segment.end
    studios = [range(n.start, n.end) for n in names if n.kind is EntityKind.STUDIO]
    for one in dates_in(text, start, end, today=today, studios=studios):
        if _is_cut(one, text, segment):
            dating = DATING.search(text[start : one.start])
            begin = start + dating.start() if dating else one.start
            yield Cut(begin, one.end, DATE_CUT)


def _is_cut(found: FoundDate, text: str, segment: Segment) -> bool:
    """Return whether a date is none of the title's: "May 2009" may be, in words."""
    return found.form != "month" or stands_apart(
        text, found, segment.start, segment.end
    )


def _marks(text: str, segment: Segment, tags: Sequence[Cut]) -> Iterator[Cut]:
    start, end = segment.start, segment.end
    marks = list(marks_in(text, start, end))
    if not marks:
        return
    bare = [mark for mark in marks if not _is_in(mark.start, tags)]
    is_release = " " not in text[start:end] or len(bare) >= MANY_MARKS
    has_begin = bool(text[start : marks[0].start].strip(GAPS))
    for mark in marks:
        is_tail = mark in bare and is_release and has_begin
        yield Cut(mark.start, end if is_tail else mark.stop, MARK_CUT)
