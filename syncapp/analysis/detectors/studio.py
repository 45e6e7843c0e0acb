"""Proposes the studio that a folder or the file's name tells."""

from collections.abc import Iterator

from syncapp.analysis.detector import Detector
from syncapp.analysis.library import EntityKind, KnownLibrary
from syncapp.analysis.ordinary_words import CAMERA
from syncapp.analysis.peeling import is_bound
from syncapp.analysis.proposals import (
    Evidence,
    Finding,
    HeldBack,
    Op,
    Proposal,
    SceneField,
)
from syncapp.analysis.reading import SceneReading
from syncapp.analysis.studio_places import (
    RANKS,
    WITHIN,
    NamedStudio,
    named_studios,
    needs_more,
)
from syncapp.analysis.surroundings import (
    held_back,
    is_also,
    places,
    why_no_evidence,
)

REPLACE = "studio.replace"
SURE = RANKS["set apart"]  # of a rank beyond, a name of one word is not believed
FORMS = {
    "whole folder": "The folder “{0}” is its name.",
    "first in a folder": "A folder begins with “{0}”.",
    "brackets": "The file's name has “{0}” in brackets.",
    "first": "The file's name begins with “{0}”.",
    "set apart": "The file's name has “{0}”, parted from the rest.",
    "beginning": "The file's name begins with the words “{0}”.",
    "title first": "The title begins with “{0}”.",
    "folder with more": "A folder has “{0}” beside other words.",
    WITHIN: "“{0}” stands among other words.",
}
LEADING = ("first in a folder", "brackets", "first")
ONE_WORD, DOUBTFUL = "one word", "doubtful word"
EXTRA = {
    ONE_WORD: "The name is one word.",
    DOUBTFUL: "The name is a word of the language, or a performer's as well.",
}
SAYS = {
    "whole folder": "A folder is its name.",
    "leading": "The file's or a folder's name begins with it, or has it in brackets.",
    "set apart": "The file's name has it, parted from the rest.",
    "title first": "The title begins with it.",
    "beginning": "The file's name begins with it, and no sign parts it.",
    "folder with more": "A folder has it beside other words.",
    WITHIN: "It stands among other words.",
}
LOOSE = ("beginning", "folder with more", WITHIN)
SPOKEN_OF = "spoken of"
KINDS = (
    SAYS
    | {
        f"{form}, {extra}": f"{says} {more}"
        for form, says in SAYS.items()
        for extra, more in EXTRA.items()
    }
    | {
        SPOKEN_OF: "It stands among other words, which speak of it.",
        "twice": "Two places of the path name it.",
        "contested studio": "The path names another studio as well.",
        "shared studio name": "Several studios have this name.",
        "replaces the studio": "Differs from the studio that the scene has.",
    }
)


def _find(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    has = reading.facts.studio_id
    if has is not None and REPLACE not in reading.options:
        return
    yield from _without_evidence(reading)
    named = named_studios(reading, library)
    believed = [each for each in named if not _doubt(each)]
    for each in named:
        if why := _doubt(each):
            yield held_back(SceneField.STUDIO, each.place, why)
    if believed and has not in believed[0].entity_ids:
        yield from _proposed(believed, reading)


def _without_evidence(reading: SceneReading) -> Iterator[HeldBack]:
    for place in places(reading, EntityKind.STUDIO):
        if why := why_no_evidence(place):
            yield held_back(SceneField.STUDIO, place, why)


def _doubt(named: NamedStudio) -> str:
    """Return why a name is not believed here, or ""."""
    place = named.place
    if place.match.spelling.casefold() in CAMERA and named.form != "whole folder":
        return f"“{place.match.spelling}” is what cameras call their files."
    is_weak = place.words == 1 or needs_more(place)
    if is_weak and named.rank > SURE and not named.others:
        return f"“{place.match.spelling}” is one word, and stands among others."
    if place.is_word and named.form == "set apart":
        return f"“{place.match.spelling}” is a word of the language."
    if needs_more(place) and not named.others:
        return f"“{place.match.spelling}” needs more to count, as a rule says."
    return ""


def _proposed(believed: list[NamedStudio], reading: SceneReading) -> Iterator[Proposal]:
    first, rivals = believed[0], _rivals(believed)
    if len(first.entity_ids) > 1:
        for key in first.entity_ids:
            yield _proposal(first, key, "shared studio name", choice="studio")
        return
    if reading.facts.studio_id is not None:
        kind = "replaces the studio"
    elif rivals:
        kind = "contested studio"
    else:
        kind = _kind(first)
    choice = "studio" if rivals else ""
    yield _proposal(first, first.entity_ids[0], kind, choice=choice)
    for rival in rivals:
        yield _proposal(rival, rival.entity_ids[0], kind, choice=choice)


def _rivals(believed: list[NamedStudio]) -> list[NamedStudio]:
    """Return others that are named as surely as the first: then a person picks."""
    first = believed[0]
    return [
        each
        for each in believed[1:3]
        if each.form == first.form
        and not first.others
        and len(each.entity_ids) == 1
        # Of two folders the deeper one goes before the other.
        and each.place.depth == first.place.depth
    ]


def _kind(named: NamedStudio) -> str:
    place = named.place
    form = "leading" if named.form in LEADING else named.form
    if form in LOOSE and is_bound(place.text.text, place.match):
        return SPOKEN_OF
    if is_also(place, EntityKind.PERFORMER) or place.is_word:
        return f"{form}, {DOUBTFUL}"
    if named.others and named.rank <= SURE:
        return "twice"
    return f"{form}, {ONE_WORD}" if place.words == 1 else form


def _proposal(named: NamedStudio, key: int, kind: str, *, choice: str) -> Proposal:
    place = named.place
    said = place.text.text[place.match.start : place.match.end]
    spans = (place.span, *(other.span for other in named.others))
    return Proposal(
        SceneField.STUDIO,
        Op.SET,
        key,
        Evidence(kind, FORMS[named.form].format(said), spans),
        cause=f"studio {key} because of {place.where} “{place.match.spelling}”",
        choice=choice,
    )


STUDIO = Detector(
    name="studio",
    version=3,
    title="Studio",
    does="Proposes the studio that a folder or the file's name tells.",
    kinds=KINDS,
    find=_find,
    options={REPLACE: "Propose another studio for scenes that have one."},
)
