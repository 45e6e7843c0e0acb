"""Which studio the path of a scene names: for the studio, and for who works there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from syncapp.analysis.library import EntityKind, KnownLibrary, SpellingEffect
from syncapp.analysis.reading import SceneReading
from syncapp.analysis.surroundings import NamePlace, TextPart, places

WITHIN = "among other words"


@dataclass(frozen=True, slots=True)
class NamedStudio:
    """A studio that a path or title names, the surer the lower its rank."""

    place: NamePlace
    entity_ids: tuple[int, ...]
    form: str  # how it stands there
    rank: int
    others: tuple[NamePlace, ...] = ()  # more places that name it


RANKS = {
    "whole folder": 0,
    "first in a folder": 1,
    "brackets": 1,
    "first": 1,
    "set apart": 2,
    "beginning": 3,
    "title first": 4,
    "folder with more": 5,
    WITHIN: 6,
}


def named_studios(
    reading: SceneReading, library: KnownLibrary
) -> tuple[NamedStudio, ...]:
    """Return the studios that are named, the surest first; parents of others left out.

    The deepest folder that is exactly a name goes before a word in the file's name.
    """
    found = [
        _named(place, form)
        for place in places(reading, EntityKind.STUDIO)
        if not (place.match.inside or place.is_root) and (form := _form(place))
    ]
    found.sort(key=lambda each: (each.rank, -each.place.depth, each.place.match.start))
    return tuple(_without_parents(_together(found), library))


def _named(place: NamePlace, form: str) -> NamedStudio:
    return NamedStudio(place, place.match.entity_ids, form, RANKS[form])


def _form(place: NamePlace) -> str:
    if place.part is TextPart.FOLDER:
        if place.is_whole:
            return "whole folder"
        if _leads(place):
            return "first in a folder"
        return "folder with more" if place.is_parted or place.begins else WITHIN
    if place.part is TextPart.FILE:
        return _form_in_file(place)
    return "title first" if place.part is TextPart.TITLE and _leads(place) else ""


def _form_in_file(place: NamePlace) -> str:
    if place.is_bracketed:
        return "brackets"
    if _leads(place):
        return "first"
    if place.is_parted:
        return "set apart"
    return "beginning" if place.begins else WITHIN


def _leads(place: NamePlace) -> bool:
    """Return whether a name stands first and is parted from what follows."""
    return place.begins and (place.parted_behind or _before_number(place))


def _before_number(place: NamePlace) -> bool:
    """Return whether a date follows, as in the names of releases."""
    after = (t for t in place.text.tokens if t.start >= place.match.end)
    first = next(after, None)
    return first is not None and first.word.isdecimal()


def _together(found: Iterable[NamedStudio]) -> list[NamedStudio]:
    """Return each studio once, with all its places."""
    kept: dict[tuple[int, ...], NamedStudio] = {}
    for each in found:
        first = kept.get(each.entity_ids)
        if first is None:
            kept[each.entity_ids] = each
        else:
            more = (*first.others, each.place)
            kept[each.entity_ids] = replace(first, others=more)
    return list(kept.values())


def _without_parents(
    found: list[NamedStudio], library: KnownLibrary
) -> Iterator[NamedStudio]:
    """Yield them, but for one above another that is named as surely or more."""
    above = {
        parent
        for each in found
        if each.rank <= RANKS["set apart"]
        for key in each.entity_ids
        for parent in studios_above(key, library)
    }
    for each in found:
        if not above.issuperset(each.entity_ids):
            yield each


def studios_above(studio_id: int, library: KnownLibrary) -> list[int]:
    """Return the parents of a studio, the next one first; rings end."""
    found: list[int] = []
    entity = library.entities.get((EntityKind.STUDIO, studio_id))
    while entity and entity.parent_ids and entity.parent_ids[0] not in found:
        found.append(entity.parent_ids[0])
        entity = library.entities.get((EntityKind.STUDIO, found[-1]))
    return found


def likely_studio(reading: SceneReading, library: KnownLibrary) -> int | None:
    """Return the studio that a scene has, or that its path names beyond doubt."""
    if reading.facts.studio_id is not None:
        return reading.facts.studio_id
    named = [
        each
        for each in named_studios(reading, library)
        if each.rank <= RANKS["set apart"] and len(each.entity_ids) == 1
    ]
    return named[0].entity_ids[0] if named else None


def ruled_out(place: NamePlace, studio_id: int | None) -> str:
    """Return why a person's rules keep a name from counting here; else ""."""
    ids = {
        rule.studio_id
        for rule in place.match.rules
        if rule.effect is SpellingEffect.WITH_STUDIO
    }
    if ids and studio_id not in ids:
        return "counts with its studio alone, as a rule says"
    return ""


def needs_more(place: NamePlace) -> bool:
    """Return whether a rule wants a second piece of evidence."""
    effects = (rule.effect for rule in place.match.rules)
    return SpellingEffect.NEEDS_MORE in effects
