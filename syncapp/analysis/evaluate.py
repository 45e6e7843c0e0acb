"""Compares what is proposed with what is known: how often it is right; pure.

A known value is hidden, one field at a time, so that a studio that is set still helps
to find the performers. What is proposed of that field is right if it was hidden there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.merging import MergedProposal
from syncapp.analysis.proposals import Op, SceneField

HIDDEN = (
    *(SceneField.STUDIO, SceneField.PERFORMERS, SceneField.TAGS),
    *(SceneField.DATE, SceneField.TITLE),
)
ALL_LEVELS = "all"
Value = int | str
AccuracyKey = tuple[SceneField, str, str]  # field, detector, level
NOTHING: Mapping[SceneField, Mapping[str, Any]] = {
    SceneField.STUDIO: {"studio_id": None},
    SceneField.PERFORMERS: {"performer_ids": frozenset()},
    SceneField.TAGS: {"tag_ids": frozenset()},
    SceneField.DATE: {"date": ""},
    SceneField.TITLE: {"title": ""},
}


def known_values(facts: SceneFacts, of_field: SceneField) -> frozenset[Value]:
    """Return what a scene has in a field; empty if it has nothing there."""
    if of_field is SceneField.PERFORMERS:
        return frozenset(facts.performer_ids)
    if of_field is SceneField.TAGS:
        return frozenset(facts.tag_ids)
    held: Mapping[SceneField, Value | None] = {
        SceneField.STUDIO: facts.studio_id,
        SceneField.DATE: facts.date,
        SceneField.TITLE: facts.title.strip(),
    }
    value = held[of_field]
    return frozenset((value,)) if value else frozenset()


def hidden(facts: SceneFacts, of_field: SceneField) -> SceneFacts:
    """Return a scene as if nobody had filled in this field."""
    return replace(facts, **NOTHING[of_field])


def without_scene(library: KnownLibrary, facts: SceneFacts) -> KnownLibrary:
    """Return the library as if this scene had not told it who works for its studio."""
    own = library.regulars.get(facts.studio_id or 0, {})
    shared = facts.performer_ids & own.keys()
    if not shared or facts.studio_id is None:
        return library
    rest = {key: number - (key in shared) for key, number in own.items()}
    left = {key: number for key, number in rest.items() if number}
    return replace(library, regulars={**library.regulars, facts.studio_id: left})


def is_right(of_field: SceneField, value: Value, known: frozenset[Value]) -> bool:
    """Return whether a value is one that was hidden.

    Of a date its year, or its year and month, are right as well, only less.
    """
    if of_field is SceneField.DATE:
        return any(
            str(each) == value or str(each).startswith(f"{value}-") for each in known
        )
    return value in known


@dataclass(slots=True)
class Comparison:
    """How many proposals were right, by field, detector and level."""

    known: Counter[SceneField] = field(default_factory=Counter)
    proposed: Counter[AccuracyKey] = field(default_factory=Counter)
    right: Counter[AccuracyKey] = field(default_factory=Counter)
    # Alternatives of which a person picks one: a group counts once, and as neither.
    choices: Counter[tuple[SceneField, str]] = field(default_factory=Counter)
    choices_with_right: Counter[tuple[SceneField, str]] = field(default_factory=Counter)

    def add(
        self,
        of_field: SceneField,
        known: frozenset[Value],
        proposals: Iterable[MergedProposal],
    ) -> None:
        """Count what was proposed for a scene of which this field was hidden."""
        self.known[of_field] += len(known)
        groups: dict[tuple[str, str], bool] = {}
        for each in proposals:
            if each.field is not of_field or each.op is Op.REMOVE:
                continue
            right = is_right(of_field, each.value, known)
            levels = {g.detector: g.level for g in reversed(each.grounds)}
            for detector, level in levels.items():
                if each.choice:
                    group = (detector, each.choice)
                    groups[group] = groups.get(group, False) or right
                else:
                    self._count((of_field, detector, level), right=right)
        for (detector, _), right in groups.items():
            self.choices[of_field, detector] += 1
            self.choices_with_right[of_field, detector] += right

    def _count(self, row: AccuracyKey, *, right: bool) -> None:
        of_field, detector, _ = row
        for each in (row, (of_field, detector, ALL_LEVELS)):
            self.proposed[each] += 1
            self.right[each] += right

    def line(self, row: AccuracyKey) -> dict[str, int | float]:
        """Return a row of the table; shares in percent, with one decimal."""
        of_field, detector, level = row
        proposed, right = self.proposed[row], self.right[row]
        line: dict[str, int | float] = {
            "proposed": proposed,
            "right": right,
            "precision_percent": share(right, proposed),
            "recall_percent": share(right, self.known[of_field]),
        }
        if level == ALL_LEVELS and (number := self.choices[of_field, detector]):
            line["choices"] = number
            line["choices_with_right"] = self.choices_with_right[of_field, detector]
        return line

    def rows(
        self, detectors: Iterable[str], levels: Iterable[str]
    ) -> list[AccuracyKey]:
        """Return the rows that there are: by field, detector, then level, all last."""
        wanted = [*levels, ALL_LEVELS]
        names = list(detectors)
        return [
            (of_field, detector, level)
            for of_field in HIDDEN
            for detector in names
            for level in wanted
            if self.proposed[of_field, detector, level]
            or (level == ALL_LEVELS and self.choices[of_field, detector])
        ]


def share(part: int, whole: int) -> float:
    """Return a share in percent; of nothing it is 0."""
    return round(100 * part / whole, 1) if whole else 0.0
