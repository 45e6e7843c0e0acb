"""How a name stands in a text: where, by itself or parted from the rest, listed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from syncapp.analysis.library import EntityKind
from syncapp.analysis.ordinary_words import is_ordinary
from syncapp.analysis.proposals import HeldBack, SceneField, TextSpan
from syncapp.analysis.reading import Match, ReadText, SceneReading, Segment, Token

# Signs that part a name from what stands beside it; a hyphen alone may be within one.
PARTING = re.compile(
    r"\s[-‐‑–—=|~x]+\s|[\s_][-–—]|[-–—][\s_]|__|[,;:&+#@\[\](){}<>=|/\\、・【】「」『』《》“”\"!?]"  # noqa: RUF001
)
SETTING_OFF = re.compile(r"\s[-‐‑–—=|~]+\s|[\s_][-–—]_|[\[\](){}/\\【】「」『』]")  # noqa: RUF001
OPENING, CLOSING = "[(【「『{", "])】」』}"
# Words that lead from one person to the next.
LIST_WORDS = (
    *("and", "feat", "ft", "featuring", "with", "vs", "x"),
    *("und", "et", "y", "mit", "avec", "con", "og", "och"),
)
JOINING = {*LIST_WORDS, "versus", "e", "starring", "by"}  # or to the people of a film
LISTING = re.compile(
    rf"[\s._]*(?:(?:[-–—,;&+#/、・]|(?<![^\W_])(?:{'|'.join(LIST_WORDS)})(?![^\W_]))"  # noqa: RUF001
    r"[\s._#]*)*",
    re.IGNORECASE,
)
HYPHEN_LIST = re.compile(r"\s+[-–—]\s+")  # noqa: RUF001 - parts people from a title


class TextPart(StrEnum):
    """Where a name is."""

    FOLDER = "folder"
    FILE = "file"
    TITLE = "title"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class NamePlace:
    """A name that was found, and how it stands there."""

    text: ReadText
    match: Match
    part: TextPart
    depth: int  # of a path's part, from the top
    is_root: bool
    is_whole: bool  # nothing else is in this part
    begins: bool  # nothing stands before it in this part
    parted_before: bool  # by a sign, a number or an end
    parted_behind: bool
    joined_before: bool  # by a word as "and" or "with"
    joined_behind: bool
    is_last: bool  # no word of this part follows
    set_off_before: bool  # by more than a comma: " - ", a bracket, an end
    set_off_behind: bool
    is_bracketed: bool
    is_hashed: bool  # behind "#"
    words: int
    is_word: bool  # a word or number of the language

    @property
    def span(self) -> TextSpan:
        return TextSpan(self.text.name, self.match.start, self.match.end)

    @property
    def is_parted(self) -> bool:
        return self.parted_before and self.parted_behind

    @property
    def is_slot(self) -> bool:
        """Return whether signs or joining words are on both sides."""
        return (self.parted_before or self.joined_before) and (
            self.parted_behind or self.joined_behind
        )

    @property
    def where(self) -> str:
        return {
            TextPart.FOLDER: "a folder",
            TextPart.FILE: "the file's name",
            TextPart.TITLE: "the title",
            TextPart.DETAILS: "the details",
        }[self.part]


def places(reading: SceneReading, kind: EntityKind) -> Iterator[NamePlace]:
    """Yield where names of this kind are, in the order of the texts."""
    for text in reading.texts:
        for match in text.matches:
            if match.kind == kind:
                yield place_of(text, match)


def place_of(text: ReadText, match: Match) -> NamePlace:
    depth, segment = _segment(text, match)
    start, end = (segment.start, segment.end) if segment else (0, len(text.text))
    inner = [t for t in text.tokens if match.start <= t.start < match.end]
    earlier = [t for t in text.tokens if start <= t.start < match.start]
    before = earlier[-1] if earlier else None
    after = next((t for t in text.tokens if match.end <= t.start < end), None)
    gap_before = text.text[before.end if before else start : match.start]
    gap_behind = text.text[match.end : after.start if after else end]
    return NamePlace(
        text=text,
        match=match,
        part=_part(text, segment),
        depth=depth,
        is_root=segment.is_root if segment else False,
        is_whole=before is None and after is None,
        begins=before is None,
        parted_before=before is None or _parts(gap_before, before),
        parted_behind=after is None or _parts(gap_behind, after, is_behind=True),
        joined_before=before is not None and before.word in JOINING,
        joined_behind=after is not None and after.word in JOINING,
        is_last=after is None,
        set_off_before=_sets_off(gap_before, before),
        set_off_behind=_sets_off(gap_behind, after),
        is_bracketed=_are_brackets(gap_before.strip()[-1:], gap_behind.strip()[:1]),
        is_hashed=gap_before.endswith("#"),
        words=max(len(inner), len(match.spelling.split()))
        if match.is_joined
        else len(inner),
        is_word=len(inner) == 1 and is_ordinary(inner[0].word),
    )


def _segment(text: ReadText, match: Match) -> tuple[int, Segment | None]:
    for depth, segment in enumerate(text.segments):
        if segment.start <= match.start < segment.end:
            return depth, segment
    return 0, None


def _part(text: ReadText, segment: Segment | None) -> TextPart:
    if segment is not None:
        return TextPart.FILE if segment.is_file else TextPart.FOLDER
    return TextPart.DETAILS if text.name == "details" else TextPart.TITLE


def _parts(gap: str, beside: Token, *, is_behind: bool = False) -> bool:
    """Return whether what is between a name and its neighbour parts them."""
    if PARTING.search(gap):
        return True
    return not is_behind and beside.word.isdecimal()  # behind a date of a release


def _are_brackets(before: str, behind: str) -> bool:
    return bool(before and behind) and before in OPENING and behind in CLOSING


def _sets_off(gap: str, beside: Token | None) -> bool:
    return beside is None or bool(SETTING_OFF.search(gap))


def why_no_evidence(place: NamePlace) -> str:
    """Return why a name counts for nothing here, whatever it is of; else ""."""
    match = place.match
    if match.inside:
        return f"“{match.spelling}” stands inside the longer name “{match.inside}”."
    if place.is_root:
        return "The folder holds a large part of the library, so it tells nothing."
    return ""


def held_back(field: SceneField, place: NamePlace, why: str) -> HeldBack:
    return HeldBack(field, place.match.entity_ids[0], why, (place.span,))


def is_also(place: NamePlace, kind: EntityKind) -> bool:
    """Return whether the very same characters are a name of this kind as well."""
    return any(
        other.kind == kind
        and (other.start, other.end) == (place.match.start, place.match.end)
        for other in place.text.matches
    )


def are_listed(one: NamePlace, other: NamePlace) -> bool:
    """Return whether nothing but what joins people is between two names."""
    if one.text is not other.text or (one.part, one.depth) != (other.part, other.depth):
        return False
    first, last = sorted((one.match, other.match), key=lambda match: match.start)
    gap = one.text.text[first.end : last.start]
    return (
        first.end <= last.start
        and bool(LISTING.fullmatch(gap))
        and not (HYPHEN_LIST.search(gap))
    )
