"""Proposes a title where there is none: what the file's name says beside all else."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from syncapp.analysis.behind_names import (
    ALONE,
    AT_ARTICLE,
    AT_SIGN,
    BESIDE,
    DEED,
    GAPS,
    NAME_NEXT,
    NUMBER_NEXT,
    OF_STUDIO,
    ONE_LEFT,
    ONE_NAME,
    OPENS,
    PEELED,
    RELEASED,
    STRUNG,
)
from syncapp.analysis.cuts import (
    COPY_CUT,
    DATE_CUT,
    MARK_CUT,
    PART_CUT,
    TAG_CUT,
    Cut,
    cuts_in,
)
from syncapp.analysis.detector import Detector
from syncapp.analysis.library import EntityKind, KnownLibrary
from syncapp.analysis.peeling import (
    BEHIND,
    CREDITED,
    PARTED_JOINT,
    ROLE,
    Piece,
    lists_known,
    peel,
    skip_gaps,
)
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
from syncapp.analysis.titles import (
    COUNTER,
    EDGES,
    GOING_WORDS,
    counts,
    is_identifier,
    is_no_title,
    lists_people,
    looks_like_name,
    names_nothing,
    spelled_out,
    splits_capitals,
    uses_dashes,
)
from syncapp.analysis.words import read_words
from syncapp.text.folding import tokens

PLAIN, RELEASE, LOWER = "plain", "release", "in lower case"
PARTED, SEVERAL, CAPITALS = "parted title", "several", "capitals part words"
COUNTED, BEHIND_NAME, LISTING = "with a part", "behind another name", "lists things"
LISTING_PEOPLE, BEHIND_PEOPLE = "may list people", "behind a list"
NAMED_FIRST = "may begin with a name"
DASHED, FOLDER = "two parts", "a folder's title"
SAYS = {
    PLAIN: "It is the file's name, without a date and who is in it",
    RELEASE: "It is the file's name without the marks of a release",
    PARTED: "It stands apart from names, date and marks in the file's name",
    PEELED: "It stands in brackets or quotes behind names in the file's name",
    AT_SIGN: "It stands behind names and a comma or a colon in the file's name",
    AT_ARTICLE: "It stands behind names in the file's name, and begins with an article",
    RELEASED: "It stands behind several names in the name of a release",
    OF_STUDIO: "It stands behind a studio's name, without blanks",
    ONE_NAME: "It stands behind a studio or a date and one name, without blanks",
    ALONE: "It stands behind one name, without blanks, and may go on from it",
    ONE_LEFT: "It is one word behind names, and may belong to them",
    DEED: "It stands behind names, and may tell what these people do",
    NAME_NEXT: "It stands behind names, and another name may be in it",
    NUMBER_NEXT: "It stands behind names, and a number that may not belong to it",
    STRUNG: "It stands behind several names, all with underscores or dashes",
    BESIDE: "It stands behind names, and no sign parts it from them",
    BEHIND: "It stands before names, and no sign parts it from them",
    CREDITED: 'It is what stands before "with" or "by" and names',
    ROLE: "It stands beside names, and a word tells what these people did",
    SEVERAL: "These are the parts of the file's name that are no names, date or marks",
    COUNTED: "It is a part of the file's name, and the number of a part",
    DASHED: "These are two parts of the file's name that a dash parts",
    BEHIND_NAME: "These are two parts of the file's name; the first may be somebody",
    BEHIND_PEOPLE: "It is the part of the file's name behind what may list people",
    LISTING: "It is a part of the file's name that lists things",
    LISTING_PEOPLE: "It is a part of the file's name, and may be a list of people",
    NAMED_FIRST: "It is a part of the file's name that may begin with a name",
    CAPITALS: "It is a part of the file's name, of which capitals part the words",
    FOLDER: "It is of the folder's name, as the file's says nothing",
}
KINDS = {kind: f"{says}." for kind, says in SAYS.items()} | {
    LOWER: "It is of the file's name, and all in lower case."
}
# In lower case these are as sure as others, for nothing else in them is doubted.
SIMPLE = (PLAIN, RELEASE, PARTED)
# What of these a folder's name is, it is as well.
DOUBTED = (
    *(ALONE, RELEASED, STRUNG, ONE_NAME, ONE_LEFT, DEED, NAME_NEXT, NUMBER_NEXT),
    *(AT_SIGN, NAMED_FIRST, LISTING_PEOPLE, BEHIND_PEOPLE, SEVERAL),
)
# Parts that tell of the file, though as words of a title they may stay.
OF_FILES = frozenset(("copy", "hd", "full hd", "sd", "hq", "xxx", "mp4", "mkv", "avi"))
LIST = re.compile(rf"[,;&+]|\b(?:{GOING_WORDS})\b", re.IGNORECASE)
CALLED = re.compile(r"\s?\(([^()]+)\)")  # what tells somebody from others


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left of a name, piece by piece; "" where a piece says nothing."""

    pieces: list[Piece]
    said: list[str]
    kept: list[int]


def _find(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    if reading.facts.title.strip():
        return
    for text in reading.texts[:1]:
        for segment in (one for one in text.segments if one.is_file):
            yield from _of_file(text, segment, reading, library)


def _of_file(
    text: ReadText, segment: Segment, reading: SceneReading, library: KnownLibrary
) -> Iterable[Finding]:
    name = text.text[segment.start : segment.end]
    if names_nothing(name):
        return _of_folder(text, reading, library)
    return () if is_identifier(name) else _of_name(text, segment, reading, library)


def _of_folder(
    text: ReadText, reading: SceneReading, library: KnownLibrary
) -> Iterator[Finding]:
    """Yield the title of the file's own folder, where that is named as a file is."""
    folders = [one for one in text.segments if not one.is_file]
    if not folders or folders[-1].is_root:
        return
    names = [*_names_in(text, folders[-1], library)]
    whys = {cut.why for cut in cuts_in(text.text, folders[-1], names, library.today)}
    if not whys & {DATE_CUT, MARK_CUT}:
        return
    for finding in _of_name(text, folders[-1], reading, library):
        if isinstance(finding, Proposal):
            told = finding.evidence
            kind = told.kind if told.kind in DOUBTED else FOLDER
            yield _proposal(str(finding.value), kind, told.spans)


def _of_name(
    text: ReadText, segment: Segment, reading: SceneReading, library: KnownLibrary
) -> Iterator[Finding]:
    names = [*_names_in(text, segment, library)]
    cuts = cuts_in(text.text, segment, names, library.today)
    pieces = _pieces(text.text, segment, cuts)
    rest = _rest(text.text, segment, pieces, names, reading)
    if not rest.kept:
        return
    has_cast = _begins_with_cast(rest)
    if has_cast:
        rest = replace(rest, kept=rest.kept[1:])
    title = _joined(rest)
    spans = tuple(_span(text, rest.pieces[at]) for at in rest.kept)
    if reason := _reason_against(title, text, reading, library):
        yield HeldBack(SceneField.TITLE, title, reason, spans)
        return
    kind = _kind(rest, _kind_by_cuts(pieces, cuts), text.text)
    if kind in (*SIMPLE, LISTING) and _begins_with_name(
        rest.pieces[rest.kept[0]], text.text, names, is_parted=kind == PARTED
    ):
        kind = NAMED_FIRST
    if has_cast:
        kind = BEHIND_PEOPLE
    elif kind in SIMPLE and lists_known(rest.pieces[rest.kept[0]], text.text, names):
        kind = LISTING_PEOPLE
    yield _proposal(title, kind, spans)


def _rest(
    text: str,
    segment: Segment,
    pieces: Sequence[Piece],
    names: Sequence[Match],
    reading: SceneReading,
) -> _Rest:
    facts = reading.facts
    has = (facts.studio_id, *facts.performer_ids)
    left = [p for one in pieces if (p := peel(one, text, names, has))]
    is_dashed = uses_dashes(text[segment.start : segment.end])
    said = [spelled_out(text[p.start : p.end], is_dashed=is_dashed) for p in left]
    kept = [at for at, words in enumerate(said) if words and not _is_id(words, at)]
    # Beside what has no names a part with some is a list of people, known or not.
    beside = [at for at in kept if not left[at].is_list]
    return _Rest(left, said, beside or kept)


def _begins_with_cast(rest: _Rest) -> bool:
    """Return whether the first of several pieces may list people nobody knows."""
    first = rest.said[rest.kept[0]]
    return len(rest.kept) > 1 and bool(LIST.search(first)) and lists_people(first)


def _begins_with_name(
    piece: Piece, text: str, names: Sequence[Match], *, is_parted: bool
) -> bool:
    """Return whether the first word is a name that was not taken for one.

    Most such words are of the title: what follows, or how it is written, says more.
    """
    at = skip_gaps(text, piece.start, piece.end)
    first = next((name for name in names if name.start == at), None)
    if first is None or first.end >= piece.end or " " in first.spelling.strip():
        return False
    follows = skip_gaps(text, first.end, piece.end)
    if any(name.start == follows for name in names):
        return True
    is_word = first.spelling.isalpha() and first.spelling.istitle()
    return not is_parted and (
        not is_word or bool(OPENS.match(text, first.end, piece.end))
    )


def _joined(rest: _Rest) -> str:
    first, *others = rest.kept
    joints = ((rest.pieces[at].joint, rest.said[at]) for at in others)
    return rest.said[first] + "".join(joint + said for joint, said in joints)


def _kind(rest: _Rest, kind: str, text: str) -> str:
    """Return what kind of evidence pieces are; `kind`: what they are by their cuts."""
    first = rest.pieces[rest.kept[0]]
    said = rest.said[rest.kept[0]]
    if len(rest.kept) > 1:
        return _kind_of_several(rest, text)
    if first.is_list:
        return LISTING_PEOPLE
    if first.peeled:
        return first.peeled
    if splits_capitals(text[first.start : first.end]):
        return CAPITALS
    if LIST.search(said) and lists_people(said, by_whole_names=kind == PARTED):
        return LISTING_PEOPLE
    return LISTING if kind == PLAIN and LIST.search(said) else kind


def _kind_of_several(rest: _Rest, text: str) -> str:
    first, *others = rest.kept
    if all(counts(rest.said[at]) for at in others):
        return rest.pieces[first].peeled or COUNTED
    pieces = [rest.pieces[at] for at in rest.kept]
    gap = text[pieces[0].end : pieces[1].start]
    is_one = len(pieces) == 2 and not any(p.peeled for p in pieces)  # noqa: PLR2004
    if not is_one or re.search(r"\w", gap.replace("_", " ")):
        return SEVERAL
    has_list = bool(LIST.search(rest.said[first]))
    return BEHIND_NAME if has_list or looks_like_name(rest.said[first]) else DASHED


def _kind_by_cuts(pieces: Sequence[Piece], cuts: Sequence[Cut]) -> str:
    whys = {cut.why for cut in cuts}
    if len(pieces) > 1 or PART_CUT in whys:
        return PARTED
    return RELEASE if whys & {MARK_CUT, TAG_CUT, COPY_CUT} else PLAIN


def _names_in(
    text: ReadText, segment: Segment, library: KnownLibrary
) -> Iterator[Match]:
    """Yield the people and studios that are named, with what tells them from others."""
    for match in text.matches:
        if _is_name(match, segment):
            called = CALLED.match(text.text, match.end, segment.end)
            if called and _is_calling(called[1], match, library):
                yield replace(match, end=called.end())
            else:
                yield match


def _is_calling(said: str, match: Match, library: KnownLibrary) -> bool:
    words = [token.word for token in read_words(said)]
    entities = (library.entities.get((match.kind, one)) for one in match.entity_ids)
    return any(
        entity and words == [token.word for token in read_words(entity.disambiguation)]
        for entity in entities
    )


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


def _pieces(text: str, segment: Segment, cuts: Sequence[Cut]) -> list[Piece]:
    """Return what is left of a name without date, marks and tags, in its parts."""
    found, at, joint = [], _behind_counter(text, segment), " "
    for cut in [*cuts, Cut(segment.end, segment.end, TAG_CUT)]:
        if at < cut.start and text[at : cut.start].strip(GAPS):
            found.append(Piece(at, cut.start, joint))
            joint = " "
        if cut.why in (DATE_CUT, PART_CUT):
            joint = PARTED_JOINT
        at = max(at, cut.end)
    return found


def _behind_counter(text: str, segment: Segment) -> int:
    counter = COUNTER.match(text, segment.start, segment.end)
    return counter.end() if counter else segment.start


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


def _span(text: ReadText, piece: Piece) -> TextSpan:
    """Return where a piece stands, without the separators at its edges."""
    start = skip_gaps(text.text, piece.start, piece.end)
    said = text.text[start : piece.end].rstrip(EDGES + ".")
    return TextSpan(text.name, start, start + len(said))


def _proposal(title: str, kind: str, spans: tuple[TextSpan, ...]) -> Proposal:
    is_lower = title == title.lower() and title != title.upper()
    full_kind = LOWER if is_lower and kind in SIMPLE else kind
    return Proposal(
        field=SceneField.TITLE,
        op=Op.SET,
        value=title,
        evidence=Evidence(full_kind, KINDS[kind], spans),
        cause=f"title: {full_kind}",
    )


TITLE = Detector(
    name="title",
    version=3,
    title="Title",
    does="Makes a title of the file's name where a scene has none.",
    kinds=KINDS,
    find=_find,
)
