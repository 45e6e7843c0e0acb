"""Proposes the tags whose names or aliases a scene's texts have."""

from collections.abc import Iterable, Iterator

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
    held_back,
    is_also,
    places,
    why_no_evidence,
)

HOW = {
    "marked": "“{}” is marked with a # or stands in brackets, in {}.",
    "folder": "“{}” is a folder.",
    "title": "“{}” stands in {}.",
    "file": "“{}” stands in {}.",
    "part of a folder": "“{}” stands in {}.",
    "details": "“{}” stands in {}.",
}
WORDS = {
    "": "",
    ", one word": " It is one word.",
    ", ordinary word": " It is a word of the language.",
}
KINDS = {
    f"{how}{words}": says.format("its name", "a text") + more
    for how, says in HOW.items()
    for words, more in WORDS.items()
} | {"shared tag name": "Several tags have this name."}
ORDER = {kind: rank for rank, kind in enumerate(KINDS)}
OTHERS = (EntityKind.STUDIO, EntityKind.PERFORMER)


def _find(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    studio_id = likely_studio(reading, library)
    best: dict[int, tuple[int, Proposal]] = {}
    for place in places(reading, EntityKind.TAG):
        if why := _why_not(place, studio_id):
            yield held_back(SceneField.TAGS, place, why)
            continue
        for proposal in _proposals(place):
            key, rank = int(proposal.value), ORDER[proposal.evidence.kind]
            if key not in best or rank < best[key][0]:
                best[key] = (rank, proposal)
    yield from _most_exact(best, reading, library)


def _why_not(place: NamePlace, studio_id: int | None) -> str:
    match = place.match
    if why := why_no_evidence(place):
        return why
    if why := ruled_out(place, studio_id):
        return f"“{match.spelling}” {why}."
    if any(is_also(place, kind) for kind in OTHERS):
        return f"“{match.spelling}” is the name of a studio or a person as well."
    is_sure = place.is_hashed or place.is_bracketed or place.is_whole
    if needs_more(place) and not is_sure:
        return f"“{match.spelling}” needs more to count, as a rule says."
    return ""


def _proposals(place: NamePlace) -> Iterator[Proposal]:
    ids = place.match.entity_ids
    choice = f"tag {' or '.join(map(str, ids))}" if len(ids) > 1 else ""
    for key in ids:
        yield _proposal(
            place, key, "shared tag name" if choice else _kind(place), choice
        )


def _kind(place: NamePlace) -> str:
    words = ""
    if place.words == 1:
        words = ", ordinary word" if place.is_word else ", one word"
    return f"{_how(place)}{words}"


def _how(place: NamePlace) -> str:
    if place.is_hashed or place.is_bracketed:
        return "marked"
    if place.part is TextPart.FOLDER:
        return "folder" if place.is_whole else "part of a folder"
    return place.part.value


def _proposal(place: NamePlace, key: int, kind: str, choice: str) -> Proposal:
    said = place.text.text[place.match.start : place.match.end]
    sentence = HOW[_how(place)].format(said, place.where)
    if place.match.is_alias:
        sentence += f" It is an alias, “{place.match.spelling}”."
    return Proposal(
        SceneField.TAGS,
        Op.ADD,
        key,
        Evidence(kind, sentence, (place.span,)),
        cause=f"tag {key} because of “{place.match.spelling}” in {place.where}",
        choice=choice,
    )


def _most_exact(
    best: dict[int, tuple[int, Proposal]], reading: SceneReading, library: KnownLibrary
) -> Iterator[Finding]:
    """Yield what the scene has not; of a tag and one above it only the lower one."""
    there = reading.facts.tag_ids
    above = tags_above({*best, *there}, library)
    for key, (_, proposal) in best.items():
        if key in there:
            continue
        if key in above:
            why = "A tag below it in the tree is there, or proposed."
            yield HeldBack(SceneField.TAGS, key, why, proposal.evidence.spans)
        else:
            yield proposal


def tags_above(keys: Iterable[int], library: KnownLibrary) -> set[int]:
    """Return all tags above these in the tree; rings end where they began."""
    found: set[int] = set()
    left = list(keys)
    while left:
        entity = library.entities.get((EntityKind.TAG, left.pop()))
        for parent in entity.parent_ids if entity else ():
            if parent not in found:
                found.add(parent)
                left.append(parent)
    return found


TAGS = Detector(
    name="tags",
    version=1,
    title="Tags",
    does="Proposes the tags whose names or aliases a scene's texts have.",
    kinds=KINDS,
    find=_find,
)
