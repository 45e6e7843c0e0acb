"""What a decision over a filter would decide, before a person decides it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db.models import Count as CountRows
from django.db.models import QuerySet

from syncapp.editing.steps import shown_value
from syncapp.models import Change, Decision
from syncapp.models.change_states import TAKEN, ChangeState, states_before
from syncapp.queries.plan_facets import PlanFacets, PlanFilter
from syncapp.queries.plans import PlanLine, plan_by_id
from syncapp.queries.scene_titles import titles_of_scenes

DIGEST_BYTES = 16
SAMPLES = 8
# What may be made of changes by people, and from which states: a write that goes on
# is left to whoever writes.
DECISIONS: Mapping[str, tuple[str, ...]] = {
    then.value: tuple(
        state.value for state in states_before(then) if state != ChangeState.WRITING
    )
    for then in (ChangeState.ACCEPTED, ChangeState.REJECTED, ChangeState.PROPOSED)
}
# In these an acceptance or a rejection changes something.
DECIDABLE = frozenset(
    {*DECISIONS[ChangeState.ACCEPTED], *DECISIONS[ChangeState.REJECTED]}
)
USUAL_STATES = (ChangeState.PROPOSED.value,)
COLUMNS = (
    *("id", "scene_id", "field", "choice", "state", "decided_by_id", "decided_at"),
    "objection",
)
SHOWN = ("id", "scene_id", "field", "op", "before", "value", "sentence", "state")


@dataclass(frozen=True, slots=True)
class UndecidedChange:
    """A change as a decision finds it."""

    change_id: int
    scene_id: int
    field: str
    choice: str
    state: str
    decided_by: int | None
    decided_at: datetime | None
    objection: str

    @property
    def pair(self) -> tuple[int, str]:
        """Return what alternatives have in common."""
        return self.scene_id, self.choice


@dataclass(frozen=True, slots=True)
class SampleChange:
    """One of many, as it is shown before they are decided."""

    change_id: int
    scene_id: int
    title: str
    field: str
    op: str
    before: str
    value: str
    sentence: str
    state: str


@dataclass(frozen=True, slots=True)
class MatchingChanges:
    """What a filter finds, as one is shown it who is about to decide it."""

    plan: PlanLine
    filters: PlanFilter
    then: str  # what they are to become
    count: int = 0  # that would be decided
    digest: str = ""  # of these, in the states in which they are
    scenes: int = 0
    by_field: tuple[tuple[str, int], ...] = ()
    # What matches and stays as it is, by why.
    choices: int = 0  # alternatives, of which one has to be chosen
    conflicts: int = 0  # each is accepted by itself, for its values are to be seen
    decided: tuple[tuple[str, int], ...] = ()  # (state, number)
    samples: tuple[SampleChange, ...] = ()
    exceptions: tuple[SampleChange, ...] = ()  # some of those that are decided


@dataclass(frozen=True, slots=True)
class FoundChanges:
    """Which changes a decision over a filter takes, and how many it leaves."""

    going: tuple[UndecidedChange, ...] = ()
    choices: int = 0
    conflicts: int = 0

    def digest(self, then: str) -> str:
        """Return what these changes in these states have, and no others."""
        hashed = blake2b(f"{then}:".encode(), digest_size=DIGEST_BYTES)
        for each in self.going:
            hashed.update(f"{each.change_id}:{each.state};".encode())
        return hashed.hexdigest() if self.going else ""


def states_to_decide(filters: PlanFilter, then: str) -> tuple[str, ...]:
    """Return in which states a decision over this filter takes changes.

    A filter that names no state takes what nobody has decided: what somebody has is
    an exception, and stays.
    """
    wanted = filters.state or USUAL_STATES
    return tuple(state for state in DECISIONS[then] if state in wanted)


def number_to_decide(facets: PlanFacets, filters: PlanFilter, then: str) -> int:
    """Return about how many a decision over this filter takes, by a page's facets."""
    states = states_to_decide(filters, then)
    return sum(each.count for each in facets.by_facet["state"] if each.value in states)


def undecided(rows: "QuerySet[Change, Change]") -> tuple[UndecidedChange, ...]:
    """Return these changes as a decision finds them, in the order of their ids."""
    found = rows.order_by("id").values_list(*COLUMNS)
    return tuple(UndecidedChange(*row) for row in found)


def find_changes(
    plan_id: int, filters: PlanFilter, then: str, *, lock: bool = False
) -> FoundChanges:
    """Return which of a plan's changes a decision over a filter takes; two queries.

    Of alternatives none is taken but one that matches alone, and whose choice is open.
    With `lock` nobody else changes them until the transaction around has ended.
    """
    states = states_to_decide(filters, then)
    wanted = {**replace(filters, state=()).conditions(), "state__in": states}
    rows = Change.objects.filter(plan_id=plan_id, **wanted)
    found = undecided(rows.select_for_update() if lock else rows)
    if then != ChangeState.ACCEPTED:
        return FoundChanges(found)
    seen = [each for each in found if each.state != ChangeState.CONFLICT]
    going = _without_choices(plan_id, seen)
    return FoundChanges(going, len(seen) - len(going), len(found) - len(seen))


def _without_choices(
    plan_id: int, found: Sequence[UndecidedChange]
) -> tuple[UndecidedChange, ...]:
    numbers = Counter(each.pair for each in found if each.choice)
    if not numbers:
        return tuple(found)
    rows = Change.objects.filter(plan_id=plan_id, state__in=TAKEN).exclude(choice="")
    taken = set(rows.order_by().values_list("scene_id", "choice"))
    return tuple(
        each
        for each in found
        if not each.choice or (numbers[each.pair] == 1 and each.pair not in taken)
    )


def matching_changes(
    plan_id: int, filters: PlanFilter, then: str
) -> MatchingChanges | None:
    """Return what a decision would take; None if the plan is not there."""
    plan = plan_by_id(plan_id)
    if plan is None:
        return None
    found = find_changes(plan_id, filters, then)
    return shown_changes(plan, filters, then, found=found)


def shown_changes(
    plan: PlanLine, filters: PlanFilter, then: str, *, found: FoundChanges
) -> MatchingChanges:
    """Return what was found as a person is shown it; eight queries at most."""
    step = max(1, -(-len(found.going) // SAMPLES))
    fields = Counter(each.field for each in found.going)
    others = _others(plan.plan_id, filters, then)
    counted = others.values_list("state").annotate(number=CountRows("*"))
    some = others.order_by("id").values_list("id", flat=True)[:SAMPLES]
    return MatchingChanges(
        plan=plan,
        filters=filters,
        then=then,
        count=len(found.going),
        digest=found.digest(then),
        scenes=len({each.scene_id for each in found.going}),
        by_field=tuple(fields.most_common()),
        choices=found.choices,
        conflicts=found.conflicts,
        decided=tuple(sorted(counted)),
        samples=_samples([each.change_id for each in found.going[::step]]),
        exceptions=_samples(list(some)),
    )


def _others(plan_id: int, filters: PlanFilter, then: str) -> "QuerySet[Change, Change]":
    """Return what matches but for its state: somebody decided it, or it is written."""
    rows = Change.objects.filter(plan_id=plan_id).order_by()
    if filters.state:
        return rows.none()
    matching = rows.filter(**filters.conditions())
    return matching.exclude(state__in=states_to_decide(filters, then))


def _samples(change_ids: Sequence[int]) -> tuple[SampleChange, ...]:
    rows = Change.objects.filter(id__in=change_ids).order_by("id")
    found: list[dict[str, Any]] = list(rows.values(*SHOWN))
    titles = titles_of_scenes(row["scene_id"] for row in found)
    for row in found:
        for part in ("before", "value"):
            row[part] = shown_value(row["field"], row[part])
    return tuple(
        SampleChange(change_id=row.pop("id"), title=titles[row["scene_id"]], **row)
        for row in found
    )


@dataclass(frozen=True, slots=True)
class LastDecision:
    """What a person decided last of a plan, while it can be taken back."""

    decision_id: int
    state: str
    number: int
    at: datetime


def last_decision(plan_id: int, user_id: int) -> LastDecision | None:
    rows = Decision.objects.filter(plan_id=plan_id, by_id=user_id).order_by("-id")
    found = rows.values_list("id", "state", "number", "at").first()
    return None if found is None else LastDecision(*found)
