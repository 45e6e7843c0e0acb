"""Makes of what all detectors say of a scene what is stored of it; pure.

Two that propose the same are one proposal with both pieces of evidence. What is there
already is no proposal, and what was dismissed is none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from syncapp.analysis.confidence import Level, level_of
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.finding_keys import ValueKey, proposal_key
from syncapp.analysis.proposals import Evidence, Op, Proposal, SceneField
from syncapp.text.digests import digest_of

ConfidenceOf = Callable[[str, str], float]  # of a detector's kind of evidence
MOST_EVIDENCE = 5  # of one proposal: more tells nobody more


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why one detector proposes something, and how sure that makes it."""

    detector: str
    version: int
    evidence: Evidence
    confidence: float

    @property
    def level(self) -> Level:
        return level_of(self.confidence)


@dataclass(frozen=True, slots=True)
class MergedProposal:
    """One thing to change, with all that speaks for it: the surest first."""

    field: SceneField
    op: Op
    value: int | str
    grounds: tuple[Grounds, ...]
    cause: str
    choice: str = ""

    @property
    def key(self) -> ValueKey:
        return proposal_key(self.field, self.op, self.value)

    @property
    def first(self) -> Grounds:
        return self.grounds[0]

    @property
    def level(self) -> Level:
        """Return how far to trust it: of a choice nothing is accepted unseen."""
        return level_of(self.first.confidence, is_choice=bool(self.choice))


@dataclass(frozen=True, slots=True)
class Dismissed:
    """What is not to be proposed again; causes and values by their keys."""

    causes: frozenset[str] = frozenset()
    names: frozenset[ValueKey] = frozenset()  # everywhere
    of_scenes: Mapping[int, frozenset[ValueKey]] = field(default_factory=dict)

    def with_scenes(self, scenes: Mapping[int, frozenset[ValueKey]]) -> "Dismissed":
        return replace(self, of_scenes=scenes)

    def holds(self, scene_id: int, key: ValueKey, cause: str) -> bool:
        return (
            key in self.names
            or key in self.of_scenes.get(scene_id, ())
            or (bool(self.causes) and digest_of(cause) in self.causes)
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """What is left to propose for a scene, and how much was dismissed."""

    proposals: tuple[MergedProposal, ...]
    dismissed: int = 0


class Versioned(Protocol):
    """Whoever proposes something."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...


Said = tuple[Versioned, Proposal]


def merge(
    facts: SceneFacts,
    said: Iterable[Said],
    dismissed: Dismissed,
    *,
    confidence_of: ConfidenceOf,
) -> Merged:
    """Return what to store, in the order in which the detectors said it."""
    together: dict[ValueKey, list[Said]] = {}
    refused: set[ValueKey] = set()
    for detector, proposal in said:
        plain = _trimmed(proposal)
        key = proposal_key(plain.field, plain.op, plain.value)
        if is_there(facts, plain):
            continue
        if dismissed.holds(facts.scene_id, key, plain.cause):
            refused.add(key)
            continue
        together.setdefault(key, []).append((detector, plain))
    found = [_as_one(group, confidence_of) for group in together.values()]
    return Merged(tuple(_excluding(found)), len(refused - together.keys()))


def is_there(facts: SceneFacts, proposal: Proposal) -> bool:
    """Return whether the scene is as proposed already."""
    if proposal.op is Op.SET:
        return current(facts, proposal.field) == proposal.value
    is_tag = proposal.field is SceneField.TAGS
    held = facts.tag_ids if is_tag else facts.performer_ids
    return (proposal.value in held) == (proposal.op is Op.ADD)


def current(facts: SceneFacts, of_field: SceneField) -> int | str | None:
    """Return what a scene has in a field that is set."""
    match of_field:
        case SceneField.STUDIO:
            return facts.studio_id
        case SceneField.DATE:
            return facts.date
        case SceneField.TITLE:
            return facts.title.strip()
    return facts.details.strip()


def _trimmed(proposal: Proposal) -> Proposal:
    """Return it with its text as a source stores it."""
    if isinstance(proposal.value, int):
        return proposal
    plain = proposal.value.strip().replace("\0", "")
    return proposal if plain == proposal.value else replace(proposal, value=plain)


def _as_one(group: list[Said], confidence_of: ConfidenceOf) -> MergedProposal:
    weighed = [(_grounds(*each, confidence_of), each[1]) for each in group]
    # Of two that are equally sure the one that was said first: the sort is stable.
    weighed.sort(key=lambda pair: -pair[0].confidence)
    first = weighed[0][1]
    grounds = dict.fromkeys(pair[0] for pair in weighed)
    choices = (proposal.choice for _, proposal in weighed if proposal.choice)
    return MergedProposal(
        first.field,
        first.op,
        first.value,
        tuple(grounds)[:MOST_EVIDENCE],
        first.cause,
        next(choices, ""),
    )


def _grounds(
    detector: Versioned, proposal: Proposal, confidence_of: ConfidenceOf
) -> Grounds:
    evidence = proposal.evidence
    confidence = confidence_of(detector.name, evidence.kind)
    return Grounds(detector.name, detector.version, evidence, confidence)


def _excluding(found: list[MergedProposal]) -> Iterator[MergedProposal]:
    """Yield them; where one field would be set to several values, as a choice."""
    values: dict[SceneField, int] = {}
    for each in found:
        if each.op is Op.SET:
            values[each.field] = values.get(each.field, 0) + 1
    for each in found:
        if each.op is Op.SET and values[each.field] > 1:
            yield replace(each, choice=each.field.value)
        else:
            yield each
