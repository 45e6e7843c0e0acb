"""Which of a library's names a model may choose from for a scene."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import chain

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.language_model.excerpts import Excerpt
from syncapp.analysis.library import Entity, EntityKind, Library, SpellingEffect
from syncapp.analysis.reading import Match, SceneReading
from syncapp.text.folding import tokens

MOST_EACH = 20  # for one scene, so that one request has room for two or more
EntityKey = tuple[EntityKind, int]
_Off = tuple[EntityKind | None, int | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that a model may choose for a scene."""

    entity: Entity
    spelling: str  # its name, or the alias that is nearer
    words: frozenset[str]  # of the scene's texts, folded: a quote must hold one of them

    @property
    def key(self) -> EntityKey:
        """The entity, as `Library.entities` names it."""
        return self.entity.kind, self.entity.entity_id


@dataclass(frozen=True, slots=True)
class _Spelling:
    entity: Entity
    text: str
    words: frozenset[str]


class CandidateIndex:
    """The names and aliases of a library by their words, made once a job."""

    def __init__(self, library: Library) -> None:
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
        for candidate in chain(self._matched(reading, shown), self._sharing(shown)):
            if _is_open(candidate.entity, reading.facts):
                found.setdefault(candidate.key, candidate)
            if len(found) == MOST_EACH:
                break
        return tuple(found.values())

    def _sharing(self, shown: Iterable[Excerpt]) -> Iterator[Candidate]:
        """Yield the names that share a word, those that share most of theirs first."""
        words = {word for excerpt in shown for word in tokens(excerpt.text)}
        shared: Counter[int] = Counter()
        for word in words:
            shared.update(self._by_word.get(word, ()))
        share = {
            n: -count / len(self._spellings[n].words) for n, count in shared.items()
        }
        for place in sorted(sorted(share), key=share.__getitem__):
            spelling = self._spellings[place]
            yield Candidate(spelling.entity, spelling.text, spelling.words & words)

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

    def _of(self, match: Match) -> Iterator[Entity]:
        for entity_id in match.entity_ids:
            entity = self._entities.get((match.kind, entity_id))
            if entity and not entity.is_ignored:
                yield entity


def _spellings(library: Library) -> Iterator[_Spelling]:
    """Yield how each entity may be written, without what a person has switched off."""
    off = {
        (rule.kind, rule.entity_id, tuple(tokens(rule.spelling)))
        for rule in library.rules.spellings
        if rule.effect is SpellingEffect.OFF
    }
    for key, entity in library.entities.items():
        for text in () if entity.is_ignored else (entity.name, *entity.aliases):
            words = tuple(tokens(text))
            if words and not _is_off(key, words, off):
                yield _Spelling(entity, text, frozenset(words))


def _is_off(key: EntityKey, words: tuple[str, ...], off: Set[_Off]) -> bool:
    kind, entity_id = key
    scopes = ((None, None), (kind, None), (kind, entity_id), (None, entity_id))
    return any((*scope, words) in off for scope in scopes)


def _by_scenes(spelling: _Spelling) -> tuple[int, EntityKind, int]:
    entity = spelling.entity
    return -entity.scenes, entity.kind, entity.entity_id


def _is_open(entity: Entity, facts: SceneFacts) -> bool:
    """Return whether a scene can still be given it; a studio that is set stays."""
    if entity.kind is EntityKind.STUDIO:
        return facts.studio_id is None
    has = facts.tag_ids if entity.kind is EntityKind.TAG else facts.performer_ids
    return entity.entity_id not in has
