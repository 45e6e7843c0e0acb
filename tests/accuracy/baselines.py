"""What others do, written anew from what is known of their rules, to compare with.

They have no confidence: all that they say counts as said.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.library import Entity, EntityKind
from syncapp.analysis.proposals import Field
from tests.accuracy.judging import Said

Entities = Mapping[tuple[EntityKind, int], Entity]
Rule = Callable[[SceneFacts], Iterator[Said]]
FIELDS = {
    EntityKind.STUDIO: Field.STUDIO,
    EntityKind.PERFORMER: Field.PERFORMERS,
    EntityKind.TAG: Field.TAGS,
}
HAS_GUESSIT = find_spec("guessit") is not None
NO_GUESSIT = "guessit is not installed: no dates and titles to compare with"


def auto_tag_rule(entities: Entities) -> Rule:
    """Stash's: a name anywhere in the path, a gap of its words any run of `.-_ `.

    Nothing but letters and digits may not stand beside it. Performers go by their name
    alone, studios and tags by aliases as well; of studios the one furthest right wins.
    """
    patterns = [
        (entity, _loose(name), name.split()[0].lower())
        for entity in entities.values()
        if not entity.is_ignored
        for name in _names_of(entity)
    ]

    def find(facts: SceneFacts) -> Iterator[Said]:
        path = facts.files[0].path
        low, studios = path.lower(), []
        for entity, pattern, first in patterns:
            if first not in low or not (found := [*pattern.finditer(path)]):
                continue
            if entity.kind is EntityKind.STUDIO:
                studios.append((found[-1].start(), entity.entity_id))
            else:
                yield Said(FIELDS[entity.kind], entity.entity_id)
        if studios and facts.studio_id is None:
            yield Said(Field.STUDIO, max(studios)[1])

    return find


def _names_of(entity: Entity) -> tuple[str, ...]:
    if entity.kind is EntityKind.PERFORMER:
        return (entity.name,)
    return (entity.name, *entity.aliases)


def _loose(name: str) -> "re.Pattern[str]":
    words = r"[.\-_ ]*".join(map(re.escape, name.split()))
    return re.compile(rf"(?:^|_|[^\w]){words}(?:$|_|[^\w])", re.IGNORECASE)


def substring_rule(entities: Entities) -> Rule:
    """StashHog's: the first studio whose name is a part of the path, in any place.

    A performer needs a name's word that a word of the file name holds or is held by.
    """
    in_order = sorted(entities.values(), key=lambda entity: entity.entity_id)
    studios = [e for e in in_order if e.kind is EntityKind.STUDIO]
    people = [
        (e, e.name.lower().split()) for e in in_order if e.kind is EntityKind.PERFORMER
    ]

    def find(facts: SceneFacts) -> Iterator[Said]:
        path = facts.files[0].path.lower()
        if facts.studio_id is None:
            held = (s.entity_id for s in studios if s.name.lower() in path)
            yield from (Said(Field.STUDIO, n) for n in [*held][:1])
        words = re.findall(r"[^\W\d_]{2,}", re.split(r"[/\\]", path)[-1])
        for entity, parts in people:
            if any(_holds(part, word) for part in parts for word in words):
                yield Said(Field.PERFORMERS, entity.entity_id)

    return find


def _holds(part: str, word: str) -> bool:
    return part in word or (len(word) > 2 and word in part)


def guessit_rule() -> Rule:
    """Guessit's date, or year, and title; the folders are told to it as well."""
    guess: Callable[[str], Mapping[str, Any]] = import_module("guessit").guessit

    def find(facts: SceneFacts) -> Iterator[Said]:
        told = guess(facts.files[0].path)
        day = told.get("date") or told.get("year")
        if day and not facts.date:
            text = day.isoformat() if isinstance(day, date) else str(day)
            yield Said(Field.DATE, text)
        if told.get("title") and not facts.title:
            yield Said(Field.TITLE, str(told["title"]))

    return find
