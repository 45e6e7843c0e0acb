"""A simulated reviewer: how many decisions they need who know what is right.

They go by reasons, as the page offers them: all changes of one reason are accepted by
one decision, after each wrong one among them was rejected by one of its own. The reason
that brings most for its decisions goes first. What is one of several takes a decision
each time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.accuracy.judging import Said, rightness
from tests.accuracy.truth import LabelledScene

ENOUGH = 0.8  # of the right changes


@dataclass(slots=True)
class Reason:
    """The changes of one reason, as far as they count."""

    right: int = 0
    wrong: int = 0

    @property
    def decisions(self) -> int:
        return 1 + self.wrong


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What it took to accept most of the right changes and none of the wrong."""

    changes: int
    right: int
    decisions: int

    @property
    def share(self) -> float:
        """Return the decisions for each change there is."""
        return self.decisions / self.changes if self.changes else 0.0


def review(pairs: Iterable[tuple[LabelledScene, Sequence[Said]]]) -> Reviewed:
    """Decide until 80 % of what is right is accepted."""
    reasons: dict[str, Reason] = {}
    changes = 0
    for scene, said in pairs:
        values = {(one.field, one.value): one for one in reversed(said)}
        changes += len(values)
        for (about, value), one in values.items():
            # Alternatives are chosen between, scene by scene.
            key = f"{scene.facts.scene_id} {about} {value}"
            reason = reasons.setdefault(key if one.is_choice else one.cause, Reason())
            verdict = rightness(scene, one)
            reason.right += verdict == 1.0
            reason.wrong += verdict == 0.0
    right = sum(reason.right for reason in reasons.values())
    accepted = decisions = 0
    best_first = sorted(
        reasons.values(), key=lambda each: each.right / each.decisions, reverse=True
    )
    for reason in best_first:
        if accepted >= ENOUGH * right:
            break
        accepted += reason.right
        decisions += reason.decisions
    return Reviewed(changes, right, decisions)
