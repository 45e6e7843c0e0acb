"""Which of a library's names a model may choose from for a scene."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.language_model.excerpts import Excerpt
from syncapp.analysis.library import (
    EntityKind,
    KnownLibrary,
    KnownName,
    SpellingEffect,
    SpellingRule,
)
from syncapp.analysis.reading import Match, SceneReading
from syncapp.text.folding import tokens

MOST_EACH = 20  # for one scene, so that one request has room for two or more
EntityKey = tuple[EntityKind, int]
_Ruled = Mapping[tuple[str, ...], Sequence[SpellingRule]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that a model may choose for a scene."""

    entity: KnownName
    spelling: str  # its name, or the alias that is nearer
    words: frozenset[str]  # of the scene's texts, folded: a quote must hold one of them

    @property
    def key(self) -> EntityKey:
        """The entity, as `KnownLibrary.entities` names it."""
        return self.entity.kind, self.entity.entity_id


@dataclass(frozen=True, slots=True)
class _Spelling:
    entity: KnownName
    text: str
    words: frozenset[str]
    studio_ids: frozenset[int]  # it counts where one of them is; none: anywhere


class CandidateIndex:
    """The names and aliases of a library by their words, made once a job."""

    def __init__(self, library: KnownLibrary) -> None:
        self._entities = library.entities
        # By how many scenes they have: of equals the one with the lower place is first.
        self._spellings = sorted(_spellings(library), key=_by_scenes)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for place, spelling in enumerate(self._spellings):
            for word in spelling.words:
                self._by_word[word].append(place)

    def shortlist(
        self, reading: SceneReading, shown: Iterable[Excerpt]
    ) -> tuple[Candidate, ...]:
        """Return the names nearest to what is shown of a scene, the nearest first.

        What was matched there, or held back; then by the share of a name's words that
        stand there; then by how many scenes have it.
        """
        shown = tuple(shown)
        found: dict[EntityKey, Candidate] = {}
        for candidate in self._near(reading, shown):
            if _is_open(candidate.entity, reading.facts):
                found.setdefault(candidate.key, candidate)
            if len(found) == MOST_EACH:
                break
        return tuple(found.values())

    def _near(
        self, reading: SceneReading, shown: tuple[Excerpt, ...]
    ) -> Iterator[Candidate]:
        yield from self._matched(reading, shown)
        words = {word for excerpt in shown for word in tokens(excerpt.text)}
        studios = _studios(reading)
        for spelling in self._sharing(words):
            if not spelling.studio_ids or spelling.studio_ids & studios:
                spoken = spelling.words & words
                yield Candidate(spelling.entity, spelling.text, spoken)

    def _sharing(self, words: Iterable[str]) -> Iterator[_Spelling]:
        """Yield the names that share a word, those that share most of theirs first."""
        shared: Counter[int] = Counter()
        for word in words:
            shared.update(self._by_word.get(word, ()))
        left = {  # of each name the share that does not stand there
            place: 1 - count / len(self._spellings[place].words)
            for place, count in shared.items()
        }
        for place in sorted(sorted(left), key=left.__getitem__):
            yield self._spellings[place]

    def _matched(
        self, reading: SceneReading, shown: Iterable[Excerpt]
    ) -> Iterator[Candidate]:
        """Yield what was matched where the model looks: joined names share no word."""
        names = {excerpt.name for excerpt in shown}
        for text in reading.texts:
            for match in text.matches if text.name in names else ():
                words = frozenset(tokens(text.text[match.start : match.end]))
                for entity in self._of(match):
                    yield Candidate(entity, match.spelling, words)

    def _of(self, match: Match) -> Iterator[KnownName]:
        for entity_id in match.entity_ids:
            entity = self._entities.get((match.kind, entity_id))
            if entity and not entity.is_ignored:
                yield entity


def _spellings(library: KnownLibrary) -> Iterator[_Spelling]:
    """Yield how each entity may be written, as a person's rules have it.

    What needs a second piece of evidence is offered: the model's word is one.
    """
    ruled = defaultdict(list)
    for rule in library.rules.spellings:
        ruled[tuple(tokens(rule.spelling))].append(rule)
    for entity in library.entities.values():
        for text in () if entity.is_ignored else (entity.name, *entity.aliases):
            if spelling := _ruled_spelling(entity, text, ruled):
                yield spelling


def _ruled_spelling(entity: KnownName, text: str, ruled: _Ruled) -> _Spelling | None:
    """Return the spelling, None for one that is off or has no word."""
    words = tuple(tokens(text))
    rules = [rule for rule in ruled.get(words, ()) if _is_of(rule, entity)]
    if not words or any(rule.effect is SpellingEffect.OFF for rule in rules):
        return None
    studio_ids = frozenset(
        rule.studio_id
        for rule in rules
        if rule.effect is SpellingEffect.WITH_STUDIO and rule.studio_id is not None
    )
    return _Spelling(entity, text, frozenset(words), studio_ids)


def _is_of(rule: SpellingRule, entity: KnownName) -> bool:
    kinds, ids = (None, entity.kind), (None, entity.entity_id)
    return rule.kind in kinds and rule.entity_id in ids


def _studios(reading: SceneReading) -> frozenset[int]:
    """Return the studio of a scene, and those that are named in its texts."""
    found = {reading.facts.studio_id}
    for text in reading.texts:
        for match in text.matches:
            found.update(match.entity_ids if match.kind is EntityKind.STUDIO else ())
    return frozenset(studio_id for studio_id in found if studio_id is not None)


def _by_scenes(spelling: _Spelling) -> tuple[int, EntityKind, int]:
    entity = spelling.entity
    return -entity.scenes, entity.kind, entity.entity_id


def _is_open(entity: KnownName, facts: SceneFacts) -> bool:
    """Return whether a scene can still be given it; a studio that is set stays."""
    if entity.kind is EntityKind.STUDIO:
        return facts.studio_id is None
    has = facts.tag_ids if entity.kind is EntityKind.TAG else facts.performer_ids
    return entity.entity_id not in has
