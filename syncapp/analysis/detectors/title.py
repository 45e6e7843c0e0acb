"""Proposes a title where there is none: what the file's name says beside all else."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from syncapp.analysis.dates import dates_in
from syncapp.analysis.detector import Detector
from syncapp.analysis.library import EntityKind, KnownLibrary
from syncapp.analysis.proposals import (
    Evidence,
    Finding,
    HeldBack,
    Op,
    Proposal,
    SceneField,
    TextSpan,
)
from syncapp.analysis.reading import Match, ReadText, SceneReading, Segment
from syncapp.analysis.release_marks import marks_in
from syncapp.analysis.titles import (
    BARE_CREDITS,
    COUNTER,
    CREDITS,
    EDGES,
    HASH_TAGS,
    PARENTHESES,
    PARTING,
    TAGS,
    is_identifier,
    is_no_title,
    spelled_out,
    uses_dashes,
)
from syncapp.text.folding import tokens

PLAIN, RELEASE, LOWER = "plain", "release", "in lower case"
PARTED, PEELED, CREDITED, SEVERAL = "parted title", "peeled", "credited", "several"
MANY_MARKS = 3  # behind so many a name says nothing of the scene any more
SAYS = {
    PLAIN: "It is the file's name, without a date and who is in it",
    RELEASE: "It is the file's name without the marks of a release",
    PARTED: "It stands apart from names, date and marks in the file's name",
    PEELED: "It is what stands beside names in the file's name",
    CREDITED: 'It is what stands before "with" or "by" and names',
    SEVERAL: "These are the parts of the file's name that are no names, date or marks",
}
KINDS = {kind: f"{says}." for kind, says in SAYS.items()} | {
    LOWER: "It is of the file's name, and all in lower case."
}
# Parts that tell of the file, though as words of a title they may stay.
OF_FILES = frozenset(("copy", "hd", "full hd", "sd", "hq", "xxx", "mp4", "mkv", "avi"))
GAPS = EDGES + ".()[]{}'\""
DATE_CUT, MARK_CUT, TAG_CUT, PART_CUT = "date", "mark", "tag", "parting"
CREDIT_CUT = "credits"
GAP = r"[-_. ,]*"
# What joins one name to the next.
JOINT = re.compile(
    rf"{GAP}(?:(?:&|\+|,|and|feat|ft|featuring|with|x|vs|y|et|und)\b{GAP}|&{GAP})?",
    re.IGNORECASE,
)
# Words that bring in who is in it, and go when the names do.
BRINGING = re.compile(
    r"[-_. ,(]+(?:feat|ft|featuring|starring|stars|with|w/|by|&|and)[-_. ]*$",
    re.IGNORECASE,
)
CREDITING = ("with", "by")
# What is left behind names goes on with people, whom the library does not know.
GOING_ON = re.compile(
    r"[-_. ]*(?:\([^()]*\)[-_. ]*)?(?:[,;&+]|(?:feat|ft|featuring|with|x|vs|and)\b)",
    re.IGNORECASE,
)
# A date takes these along: "Lecture on Oct 28, 2009".
DATING = re.compile(r"[-_. ](?:on|from|of|in|at|dated|since)[-_. (]+$", re.IGNORECASE)
# A name before or behind these is part of what is said: "The Life of Jane Doe".
BOUND_BEFORE = re.compile(
    r"(?:^|[-_. (])(?:of|the|a|an|to|for|in|at|from|on|meets|vs|is|my|dear|about|as|"
    r"like|mr|mrs|ms|dr|lady|sir|saint|st|being|finding|i|am|de|la|le|und|y)[-_. ]+$",
    re.IGNORECASE,
)
BOUND_BEHIND = re.compile(
    r"['’]s(?![a-z])|[-_. ]+(?:in|at|on|of|is|and|goes|plays|meets|vs|has|gets|was"  # noqa: RUF001
    r"|takes|makes|visits|returns|talks|reads|sings|tells|does|loves|or|s)(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Characters that are taken out of a name, and what then parts the rest."""

    start: int
    end: int
    why: str  # DATE_CUT, MARK_CUT, TAG_CUT, PART_CUT or CREDIT_CUT


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    joint: str  # what comes before it where another piece does
    peeled: str = ""  # PEELED or CREDITED where names were taken off


def _find(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    if reading.facts.title.strip():
        return
    for text in reading.texts[:1]:
        for segment in text.segments:
            name = text.text[segment.start : segment.end]
            if segment.is_file and not is_identifier(name):
                yield from _of_name(text, segment, reading, library)


def _of_name(
    text: ReadText, segment: Segment, reading: SceneReading, library: KnownLibrary
) -> Iterator[Finding]:
    names = [one for one in text.matches if _is_name(one, segment)]
    cuts = sorted(_cuts(text, segment, names, library), key=lambda cut: cut.start)
    pieces = _pieces(text.text, segment, cuts)
    left = [p for one in pieces if (p := _peeled(one, text.text, names, reading))]
    is_dashed = uses_dashes(text.text[segment.start : segment.end])
    said = [spelled_out(text.text[p.start : p.end], is_dashed=is_dashed) for p in left]
    kept = [at for at, words in enumerate(said) if words and not _is_id(words, at)]
    if not kept:
        return
    # Beside what has no names a part with some is a list of people, known or not.
    beside = [at for at in kept if not left[at].peeled]
    has_people = 0 < len(beside) < len(kept)
    kept = beside or kept
    title = said[kept[0]] + "".join(left[at].joint + said[at] for at in kept[1:])
    spans = tuple(_span(text, left[at]) for at in kept)
    if reason := _reason_against(title, text, reading, library):
        yield HeldBack(SceneField.TITLE, title, reason, spans)
        return
    is_parted = len(pieces) > 1 or any(cut.why == PART_CUT for cut in cuts)
    kind = PARTED if is_parted else _kind_by_cuts(cuts)
    kind = left[kept[0]].peeled or (PARTED if has_people else kind)
    yield _proposal(title, SEVERAL if len(kept) > 1 else kind, spans)


def _kind_by_cuts(cuts: list[_Cut]) -> str:
    whys = {cut.why for cut in cuts}
    if whys & {MARK_CUT, TAG_CUT}:
        return RELEASE
    return PLAIN


def _is_name(match: Match, segment: Segment) -> bool:
    return (
        match.kind in (EntityKind.STUDIO, EntityKind.PERFORMER)
        and not match.inside
        and segment.start <= match.start
        and match.end <= segment.end
    )


def _is_id(said: str, at: int) -> bool:
    """Return whether a piece names or counts the file; "2" behind others may belong."""
    if said.lower() in OF_FILES:
        return True
    return is_identifier(said) and (at == 0 or len(said) > len("02"))


def _pieces(text: str, segment: Segment, cuts: list[_Cut]) -> list[_Piece]:
    """Return what is left of a name without date, marks and tags, in its parts."""
    found, at, joint = [], _behind_counter(text, segment), " "
    for cut in [*cuts, _Cut(segment.end, segment.end, TAG_CUT)]:
        if at < cut.start and text[at : cut.start].strip(GAPS):
            found.append(_Piece(at, cut.start, joint))
            joint = " "
        if cut.why in (DATE_CUT, PART_CUT):
            joint = " - "
        at = max(at, cut.end)
    return found


def _behind_counter(text: str, segment: Segment) -> int:
    counter = COUNTER.match(text, segment.start, segment.end)
    return counter.end() if counter else segment.start


def _cuts(
    text: ReadText, segment: Segment, names: list[Match], library: KnownLibrary
) -> Iterator[_Cut]:
    start, end = segment.start, segment.end
    found = [*_dates_and_marks(text, segment, names, library)]
    yield from found
    tags = [_Cut(*m.span(), TAG_CUT) for m in TAGS.finditer(text.text, start, end)]
    yield from tags
    hashed = HASH_TAGS.search(text.text, start, end)
    if hashed:
        yield _Cut(*hashed.span(), TAG_CUT)
    for pattern in (CREDITS, BARE_CREDITS):
        for match in pattern.finditer(text.text, start, end):
            yield _Cut(*match.span(), CREDIT_CUT)
    for match in PARTING.finditer(text.text, start, end):
        if not any(tag.start <= match.start() < tag.end for tag in tags):
            yield _Cut(*match.span(), PART_CUT)
    for match in PARENTHESES.finditer(text.text, start, end):
        taken = [range(cut.start, cut.end) for cut in found]
        taken += [range(name.start, name.end) for name in names]
        if not _left_of(match[0], match.start(), taken):
            yield _Cut(*match.span(), TAG_CUT)


def _dates_and_marks(
    text: ReadText, segment: Segment, names: list[Match], library: KnownLibrary
) -> Iterator[_Cut]:
    start, end = segment.start, segment.end
    studios = [range(n.start, n.end) for n in names if n.kind is EntityKind.STUDIO]
    for one in dates_in(text.text, start, end, today=library.today, studios=studios):
        if one.form != "month":
            dating = DATING.search(text.text[start : one.start])
            begin = start + dating.start() if dating else one.start
            yield _Cut(begin, one.end, DATE_CUT)
    marks = list(marks_in(text.text, start, end))
    if not marks:
        return
    tags = [match.span() for match in TAGS.finditer(text.text, start, end)]
    bare = [m for m in marks if not any(a <= m.start < b for a, b in tags)]
    is_release = " " not in text.text[start:end] or len(bare) >= MANY_MARKS
    has_begin = bool(text.text[start : marks[0].start].strip(GAPS))
    for mark in marks:
        is_tail = mark in bare and is_release and has_begin
        yield _Cut(mark.start, end if is_tail else mark.stop, MARK_CUT)


def _left_of(text: str, offset: int, taken: Iterable[range]) -> str:
    """Return what a text says without what is taken from it and what joins that."""
    letters = list(text)
    for one in taken:
        for at in range(max(one.start - offset, 0), min(one.stop - offset, len(text))):
            letters[at] = " "
    return re.sub(r"(?i)\b(?:and|feat|ft|with|x|vs|by)\b|[\W_]", "", "".join(letters))


def _peeled(
    piece: _Piece, text: str, names: list[Match], reading: SceneReading
) -> _Piece | None:
    """Return a piece without the names at its edges; None if it is names alone."""
    inner = [n for n in names if piece.start <= n.start and n.end <= piece.end]
    if not inner:
        return piece
    said = text[piece.start : piece.end]
    if not _left_of(said, piece.start, [range(n.start, n.end) for n in inner]):
        return None
    known = [name for name in inner if _is_known(name, reading)]
    left = _without_end(_without_begin(piece, text, known), text, known)
    is_list = left.peeled and GOING_ON.match(text, left.start, left.end)
    return None if is_list else left


def _is_known(name: Match, reading: SceneReading) -> bool:
    """Return whether it is a name and no word: "May" alone can be either."""
    facts = reading.facts
    has = (facts.studio_id, *facts.performer_ids)
    return " " in name.spelling.strip() or any(one in has for one in name.entity_ids)


def _without_begin(piece: _Piece, text: str, names: list[Match]) -> _Piece:
    starts = {name.start: name for name in names}
    at = _skip_gaps(text, piece.start, piece.end)
    behind = piece.start
    while at in starts:
        behind = starts[at].end
        joint = JOINT.match(text, behind, piece.end)
        at = joint.end() if joint else behind
    if behind == piece.start or BOUND_BEHIND.match(text, behind, piece.end):
        return piece
    return replace(piece, start=behind, peeled=PEELED)


def _without_end(piece: _Piece, text: str, names: list[Match]) -> _Piece:
    inner = [name for name in names if name.start >= piece.start]
    before, kind = piece.end, PEELED
    while name := _last(inner, text, piece.start, before):
        before = name.start
        joint = BRINGING.search(text[piece.start : before])
        if joint:
            before = piece.start + joint.start()
            kind = CREDITED if joint[0].strip(GAPS).lower() in CREDITING else kind
    is_bound = BOUND_BEFORE.search(text[piece.start : before])
    if before == piece.end or is_bound or before <= piece.start:
        return piece
    return replace(piece, end=before, peeled=kind)


def _last(names: list[Match], text: str, start: int, before: int) -> Match | None:
    """Return the name that ends here, but for separators."""
    end = start + len(text[start:before].rstrip(GAPS + "&+"))
    return next((name for name in names if name.end == end), None)


def _skip_gaps(text: str, at: int, end: int) -> int:
    return end - len(text[at:end].lstrip(GAPS))


def _reason_against(
    title: str, text: ReadText, reading: SceneReading, library: KnownLibrary
) -> str:
    if is_no_title(title):
        return "It counts or identifies the file, and tells nothing of the scene."
    said = tokens(title)
    if said == tokens(reading.facts.code):
        return "It is the scene's code."
    if said in (tokens(name) for name in _names(text, reading, library)):
        return "It is a name, and no title."
    return ""


def _names(
    text: ReadText, reading: SceneReading, library: KnownLibrary
) -> Iterator[str]:
    """Yield each name that the scene has, or that stands in its path."""
    for match in text.matches:
        if match.kind is not EntityKind.TAG:
            yield match.spelling
    facts = reading.facts
    keys = [(EntityKind.PERFORMER, one) for one in facts.performer_ids]
    if facts.studio_id is not None:
        keys.append((EntityKind.STUDIO, facts.studio_id))
    for key in keys:
        if entity := library.entities.get(key):
            yield from (entity.name, *entity.aliases)


def _span(text: ReadText, piece: _Piece) -> TextSpan:
    """Return where a piece stands, without the separators at its edges."""
    start = _skip_gaps(text.text, piece.start, piece.end)
    said = text.text[start : piece.end].rstrip(EDGES + ".")
    return TextSpan(text.name, start, start + len(said))


def _proposal(title: str, kind: str, spans: tuple[TextSpan, ...]) -> Proposal:
    is_lower = title == title.lower() and title != title.upper()
    full_kind = LOWER if is_lower else kind
    return Proposal(
        field=SceneField.TITLE,
        op=Op.SET,
        value=title,
        evidence=Evidence(full_kind, KINDS[kind], spans),
        cause=f"title: {full_kind}",
    )


TITLE = Detector(
    name="title",
    version=1,
    title="Title",
    does="Makes a title of the file's name where a scene has none.",
    kinds=KINDS,
    find=_find,
)
