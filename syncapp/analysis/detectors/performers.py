"""Proposes the people that a file's name, its folders and the title name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from syncapp.analysis.detector import Detector
from syncapp.analysis.library import EntityKind, KnownLibrary
from syncapp.analysis.proposals import (
    Evidence,
    Finding,
    HeldBack,
    Op,
    Proposal,
    SceneField,
)
from syncapp.analysis.reading import SceneReading
from syncapp.analysis.studio_places import likely_studio, needs_more, ruled_out
from syncapp.analysis.surroundings import (
    NamePlace,
    TextPart,
    are_listed,
    held_back,
    is_also,
    places,
    why_no_evidence,
)
from syncapp.analysis.words import read_words

WHERE = {
    TextPart.FILE: "The file's name has “{}”",
    TextPart.FOLDER: "A folder has “{}”",
    TextPart.TITLE: "The title has “{}”",
}
FORMS = {
    "alone": "and nothing else.",
    "in a list": "in a list of people.",
    "parted": "parted from the rest.",
    "at an edge": "beside other words.",
    "within": "among other words.",
}
ALIAS, WITHIN = "alias", "within"
MORE = "one word with more"  # that speaks for it
SET_OFF, IN_ROW = "one word set off", "one word between signs"
BY_ITSELF = "one word as a folder or in brackets"
LISTED, BEHIND_STUDIO = "listed", "ordinary word behind its studio"
ONE_WORD = {
    LISTED: "it stands in a list with somebody's whole name",
    "behind its studio": "it stands by itself where a studio is named",
    "alone in a folder": "it is a folder",
    "in brackets": "it stands in brackets",
}
SHARED = {
    "told apart": "Several have this name; the words behind it say which one.",
    "regular": "Several have this name; one of them is in other scenes of the studio.",
    "shared name": "Several have this name, and nothing says which one is meant.",
}
KINDS = (
    {
        form: f"The name stands in a text of the scene, {how}"
        for form, how in FORMS.items()
    }
    | {
        ALIAS: "An alias stands in a text of the scene, parted from the rest.",
        f"{ALIAS}, {WITHIN}": "An alias stands among other words.",
        MORE: f"One word, and {ONE_WORD[LISTED]}.",
        SET_OFF: "One word, set off by itself where a studio is named.",
        IN_ROW: "One word among signs where a studio is named.",
        BY_ITSELF: "One word, as a folder or in brackets.",
        f"ordinary {MORE}": "A word of the language, in a list with a whole name.",
        BEHIND_STUDIO: "A word of the language, set off by itself.",
    }
    | SHARED
    | {
        "turned round": "The last name stands first, before a comma.",
        "joined": "Written as one word.",
        "a studio's name as well": "A studio has the same name.",
    }
)
CALLING = 4  # words behind a shared name that may say who is meant


@dataclass(frozen=True, slots=True)
class _People:
    """All people that a scene's texts name, and the studio that goes with them."""

    found: tuple[NamePlace, ...]
    studio_id: int | None
    library: KnownLibrary

    def listed_with(self, place: NamePlace) -> list[NamePlace]:
        return [o for o in self.found if o is not place and are_listed(place, o)]


def _find(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    every = [
        place for place in places(reading, EntityKind.PERFORMER) if place.part in WHERE
    ]
    found = tuple(p for p in every if not (p.match.inside or p.is_root))
    people = _People(found, likely_studio(reading, library), library)
    yield from _never(every)
    best: dict[tuple[int, ...], tuple[int, Finding]] = {}
    for place in found:
        if reading.facts.performer_ids.intersection(place.match.entity_ids):
            continue
        for finding in _of_place(place, people):
            _keep_best(best, place, finding)
    for _, finding in sorted(best.values(), key=lambda pair: pair[0]):
        yield finding


def _never(every: Sequence[NamePlace]) -> Iterator[HeldBack]:
    for place in every:
        if why := why_no_evidence(place):
            yield held_back(SceneField.PERFORMERS, place, why)


def _keep_best(
    best: dict[tuple[int, ...], tuple[int, Finding]], place: NamePlace, finding: Finding
) -> None:
    """Keep of each value what speaks for it most: a proposal, where it is surest."""
    rank = _rank(finding)
    key = (int(finding.value), *place.match.entity_ids)
    if key not in best or rank < best[key][0]:
        best[key] = (rank, finding)


def _rank(finding: Finding) -> int:
    if isinstance(finding, HeldBack):
        return len(ORDER) + 1
    return ORDER.get(finding.evidence.kind, len(ORDER))


ORDER = {
    kind: rank
    for rank, kind in enumerate(
        [
            *("told apart", "regular", *FORMS, ALIAS, f"{ALIAS}, {WITHIN}"),
            *("turned round", "joined", MORE, SET_OFF, BY_ITSELF, IN_ROW),
            f"ordinary {MORE}",
            BEHIND_STUDIO,
        ]
    )
}


def _of_place(place: NamePlace, people: _People) -> Iterable[Finding]:
    ids = place.match.entity_ids
    if why := ruled_out(place, people.studio_id):
        why = f"“{place.match.spelling}” {why}."
        return [held_back(SceneField.PERFORMERS, place, why)]
    if is_also(place, EntityKind.STUDIO):
        return [_of_studios(place)]
    if len(ids) > 1:
        return _of_shared(place, people)
    if place.words == 1 or needs_more(place):
        return [_of_one_word(place, people)]
    return [_proposal(place, ids[0], _kind(place, people))]


def _kind(place: NamePlace, people: _People) -> str:
    if place.match.is_reversed:
        return "turned round"
    if place.match.is_joined:
        return "joined"
    form = _form(place, people)
    if place.match.is_alias:
        return f"{ALIAS}, {WITHIN}" if form == WITHIN else ALIAS
    return form


def _form(place: NamePlace, people: _People) -> str:
    if place.is_whole:
        return "alone"
    if people.listed_with(place):
        return "in a list"
    if place.is_slot:
        return "parted"
    is_at_edge = place.parted_before or place.parted_behind
    return "at an edge" if is_at_edge else WITHIN


def _of_studios(place: NamePlace) -> Finding:
    """Return what a name says that a studio has as well."""
    if place.part is TextPart.FOLDER or place.begins or place.words == 1:
        why = f"“{place.match.spelling}” is a studio's name as well, and stands for it."
        return held_back(SceneField.PERFORMERS, place, why)
    return _proposal(place, place.match.entity_ids[0], "a studio's name as well")


# Names that several share


def _of_shared(place: NamePlace, people: _People) -> Iterator[Finding]:
    ids = place.match.entity_ids
    called = [key for key in ids if _is_called(place, key, people.library)]
    if len(called) == 1:
        yield _proposal(place, called[0], "told apart")
        return
    if place.words == 1 and not (place.is_slot or place.is_whole):
        why = f"“{place.match.spelling}” is one word, and several have it as a name."
        yield held_back(SceneField.PERFORMERS, place, why)
        return
    scenes = people.library.regulars.get(people.studio_id or 0, {})
    usual = [key for key in ids if scenes.get(key)]
    if len(usual) == 1:
        yield _proposal(place, usual[0], "regular", more=_regular(usual[0], people))
        return
    choice = f"performer {' or '.join(map(str, ids))}"
    for key in usual or ids:
        more = "Several performers have this name; pick the one that is meant."
        yield _proposal(place, key, "shared name", more=more, choice=choice)


def _is_called(place: NamePlace, key: int, library: KnownLibrary) -> bool:
    """Return whether the words behind a name are what tells this person from others."""
    entity = library.entities[EntityKind.PERFORMER, key]
    wanted = [token.word for token in read_words(entity.disambiguation)]
    after = (t.word for t in place.text.tokens if t.start >= place.match.end)
    told = [word for word, _ in zip(after, wanted, strict=False)]
    return bool(wanted) and len(wanted) <= CALLING and told == wanted


def _regular(key: int, people: _People) -> str:
    studio_id = people.studio_id or 0
    studio = people.library.entities.get((EntityKind.STUDIO, studio_id))
    scenes = people.library.regulars[studio_id][key]
    of = f"“{studio.name}”" if studio else "the studio"
    count = "one scene" if scenes == 1 else f"{scenes:,} scenes"
    return f"Several performers have this name; this one is in {count} of {of}."


# Names of one word


def _of_one_word(place: NamePlace, people: _People) -> Finding:
    beside = people.listed_with(place)
    is_framed = _is_framed(place, beside)
    is_listed = is_framed and any(other.words > 1 for other in beside)
    form = LISTED if is_listed else _lone_form(place, people, is_framed=is_framed)
    if not form:
        name = f"“{place.match.spelling}”"
        why = f"{name} is one word, and nothing else says that it is meant."
        return held_back(SceneField.PERFORMERS, place, why)
    kind = MORE if form == LISTED else BY_ITSELF
    if form == "behind its studio":
        kind = SET_OFF if is_framed and not place.is_last else IN_ROW
    if place.is_word:
        kind = f"ordinary {MORE}" if form == LISTED else BEHIND_STUDIO
    more = f"It is one word, and {ONE_WORD[form]}."
    return _proposal(place, place.match.entity_ids[0], kind, more=more)


def _lone_form(place: NamePlace, people: _People, *, is_framed: bool) -> str:
    """Return what speaks for a name of one word that is in no list, or ""."""
    # "Valley, Window and Sky" is a title, and so may be what stands last.
    is_slot = is_framed and place.part is TextPart.FILE and not place.is_last
    if people.studio_id is not None and (is_slot or not place.is_word):
        return "behind its studio" if place.is_slot else ""
    if place.is_word or needs_more(place):
        return ""
    if place.part is TextPart.FOLDER and place.is_whole:
        return "alone in a folder"
    return "in brackets" if place.is_bracketed or place.is_hashed else ""


def _is_framed(place: NamePlace, beside: Sequence[NamePlace]) -> bool:
    """Return whether a name has a person or what sets it off on either side."""
    behind = [other for other in beside if other.match.start > place.match.start]
    return (place.set_off_before or len(behind) < len(beside)) and (
        place.set_off_behind or bool(behind)
    )


def _proposal(
    place: NamePlace, key: int, kind: str, *, more: str = "", choice: str = ""
) -> Proposal:
    said = place.text.text[place.match.start : place.match.end]
    sentence = f"{WHERE[place.part].format(said)}, {_how(place)}"
    if place.match.is_alias:
        sentence += f" It is an alias, “{place.match.spelling}”."
    return Proposal(
        SceneField.PERFORMERS,
        Op.ADD,
        key,
        Evidence(kind, f"{sentence} {more}".strip(), (place.span,)),
        cause=f"performer {key} because of “{place.match.spelling}” in {place.where}",
        choice=choice,
    )


def _how(place: NamePlace) -> str:
    if place.match.is_reversed:
        return "the last name first."
    if place.match.is_joined:
        return "as one word."
    if place.is_whole:
        return FORMS["alone"]
    return FORMS["parted" if place.is_slot else "at an edge"]


PERFORMERS = Detector(
    name="performers",
    version=3,
    title="Performers",
    does="Proposes the people that a file's name, its folders and the title name.",
    kinds=KINDS,
    find=_find,
)
