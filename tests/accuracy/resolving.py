"""What a careful librarian would set from the texts of a draft, and no more."""

from syncapp.analysis.library import EntityKind
from syncapp.analysis.proposals import SceneField
from tests.accuracy.catalogue import Person, Telling
from tests.accuracy.draft import Draft
from tests.accuracy.folded import fold_words
from tests.accuracy.truth import Told


def resolve(
    draft: Draft, path: str, *, title: str, details: str
) -> dict[SceneField, Told]:
    """Return what is told of each field; a title that is set already needs none.

    `path`: from below the library's root, which tells nothing.
    """
    return {
        SceneField.STUDIO: _or_late(draft, SceneField.STUDIO, _studio(draft)),
        SceneField.PERFORMERS: _people(draft),
        SceneField.TAGS: _tags(draft, f"{path} {title} {details}"),
        SceneField.DATE: _or_late(draft, SceneField.DATE, _date(draft)),
        SceneField.TITLE: Told() if title else _title(draft),
    }


def _or_late(draft: Draft, about: SceneField, told: Told) -> Told:
    """Tolerate what the title or the details alone tell."""
    return Told(tolerated=told.right) if about in draft.told_late else told


def _title(draft: Draft) -> Told:
    return Told(
        right=frozenset(draft.titles), tolerated=frozenset(draft.tolerated_titles)
    )


def _studio(draft: Draft) -> Told:
    if draft.house and draft.house_is_told:
        return Told(right=frozenset({draft.house.row_id}))
    named = {one.entity.name for one in draft.people if one.row_id in draft.named}
    namesakes = (h for h in draft.catalogue.houses if h.entity.name in named)
    return Told(tolerated=frozenset(house.row_id for house in namesakes))


def _people(draft: Draft) -> Told:
    name = draft.house.entity.name if draft.house else ""
    full = draft.catalogue.people[Telling.FULL]
    namesakes = (one.row_id for one in full if one.entity.name == name)
    told = Told(tolerated=frozenset(namesakes) | (draft.behind_it - draft.named))
    named = [one for one in draft.people if one.row_id in draft.named]
    for person in named:
        verdict = _person(draft, person, named)
        told = Told(
            told.right | verdict.right,
            told.unclear | verdict.unclear,
            told.tolerated | verdict.tolerated,
        )
    return told


def _person(draft: Draft, person: Person, named: list[Person]) -> Told:
    one = frozenset({person.row_id})
    match person.telling:
        case Telling.FULL:
            return Told(right=one)
        case Telling.IGNORED:
            return Told()
        case Telling.HOMONYM:
            return _homonym(draft, person)
        case Telling.SHORT:
            clear = person.row_id in draft.bracketed | draft.alone_in_folder
            return Told(right=one) if clear else Told(tolerated=one)
        case _:
            return _single(draft, person, named)


def _single(draft: Draft, person: Person, named: list[Person]) -> Told:
    """Judge a name of one word: beside a whole name or behind its studio it is clear.

    Alone it may be somebody, or just a word: of a rare word careful people differ, of
    an ordinary one nobody may guess.
    """
    one = frozenset({person.row_id})
    if any(other.telling is Telling.FULL for other in named):
        return Told(right=one)
    if draft.house_is_told and draft.house and not draft.house.is_common:
        return Told(right=one)
    rare = person.telling is Telling.SINGLE
    if rare and person.row_id in draft.alone_in_folder | draft.bracketed:
        return Told(right=one)
    return Told(tolerated=one) if rare else Told(unclear=one)


def _homonym(draft: Draft, person: Person) -> Told:
    alike = draft.catalogue.alike(person)
    if person.row_id in draft.made_clear:
        return Told(right=frozenset({person.row_id}))
    if draft.house_is_told and draft.house:
        regulars = draft.catalogue.regulars.get(draft.house.row_id, {})
        usual = [one.row_id for one in alike if one.row_id in regulars]
        if len(usual) == 1:
            return Told(right=frozenset(usual))
    return Told(unclear=frozenset(one.row_id for one in alike))


def _tags(draft: Draft, text: str) -> Told:
    """Ordinary words that are tags are neither right nor wrong."""
    words = set(fold_words(text))
    ordinary = {
        tag.entity_id
        for tag in draft.catalogue.common_tags
        if tag.name.casefold() in words
    }
    parents = {n for kind, n in draft.planted if kind == EntityKind.TAG}
    return Told(
        right=frozenset(draft.tags - parents),
        tolerated=frozenset(ordinary - parents),
    )


def _date(draft: Draft) -> Told:
    if draft.unclear_dates:
        return Told(
            unclear=draft.unclear_dates,
            tolerated=frozenset(one for one in draft.dates if len(one) < 10),
        )
    return Told(
        right=frozenset(draft.dates), tolerated=frozenset(draft.tolerated_dates)
    )
