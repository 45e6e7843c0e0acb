"""Decides changes: one, some, or all that match a filter.

Whoever decides holds the plan meanwhile, so two who decide at once do so one after the
other. A decision names what it saw, the state and how an apply ended: what another has
decided since stays, and so does what the source was found otherwise since.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from jobs.numbers import LARGEST_ID
from syncapp.filters.number_list import number_list
from syncapp.models import Change
from syncapp.models.change_states import ChangeState
from syncapp.queries.deciding import (
    AGAIN,
    DECISIONS,
    MatchingChanges,
    UndecidedChange,
    count_outdated,
    find_changes,
    shown_changes,
    undecided,
)
from syncapp.queries.plan_facets import PlanFilter
from syncapp.queries.plans import plan_by_id
from syncapp.services.decision_parts import (
    hold_plan,
    with_alternatives,
    write_decision,
)
from syncapp.services.errors import (
    BadRequest,
    ChangeNotFound,
    NothingChosen,
    PlanNotFound,
)

MOST_SHOWN = 1_000  # that are decided one by one


@dataclass(frozen=True, slots=True)
class Contested:
    """A change that was not decided, for it is not as it was seen."""

    change_id: int
    state: str  # by now
    by: str  # who decided it; empty: nobody knows
    at: datetime | None
    is_blocked: bool = False  # it is as it was seen, but its alternative is written
    is_found_anew: bool = False  # its state is, but the source held or said another


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision."""

    state: str  # what they became
    changed: int
    decision_id: int | None = None  # by which it can be taken back
    put_back: int = 0  # alternatives that had been accepted
    contested: tuple[Contested, ...] = ()
    choices: int = 0  # that match and are left, for one of each has to be chosen
    conflicts: int = 0  # that match and are left: each is accepted by itself
    outdated: int = 0  # of those that changed: see `count_outdated`


def decide(
    plan_id: int, then: str, seen: Mapping[int, str], *, by: int | None = None
) -> Decided:
    """Make this of these changes of a plan, each of which was seen so: see `as_seen`.

    What is otherwise by now is not touched, but returned as contested, unless it is
    what was asked for. To accept one of a choice puts the other one back that is
    accepted. To accept a conflict takes what the source holds for what is replaced; to
    accept what failed accepts what had to be made for it again as well.

    Raises BadRequest, NothingChosen, PlanNotFound, ChangeNotFound.
    """
    _check(then)
    _check_number(seen)
    with transaction.atomic():
        hold_plan(plan_id)
        found = _held_changes(plan_id, seen)
        going = [
            each
            for each in found
            if each.seen == seen[each.change_id] and each.state in DECISIONS[then]
        ]
        unchanged = {each.change_id for each in going}
        others: list[UndecidedChange] = []
        if then == ChangeState.ACCEPTED:
            going, others = with_alternatives(plan_id, going)
        made = write_decision(plan_id, then, going, others=others, by=by)
        decided = Decided(then, len(going), made, len(others))
        went = {each.change_id for each in going}
        left = {c.change_id for c in found if c.state != then} - went
        anew = {c.change_id for c in found if _is_found_anew(c, seen[c.change_id])}
        return replace(decided, contested=_contested(left, unchanged, anew))


def decide_matching(
    plan_id: int,
    filters: PlanFilter,
    then: str,
    *,
    digest: str,
    by: int | None = None,
) -> Decided | MatchingChanges:
    """Make this of all changes that match, if they are those of `digest`.

    If they are others by now, nothing is done, and what matches is returned.

    Raises BadRequest, NothingChosen, PlanNotFound.
    """
    _check(then)
    with transaction.atomic():
        hold_plan(plan_id)
        found = find_changes(plan_id, filters, then, lock=True)
        if found.digest(then) != digest:
            plan = plan_by_id(plan_id)
            if plan is None:
                raise PlanNotFound(plan_id)
            return shown_changes(plan, filters, then, found=found)
        if not found.going:
            msg = "No change matches any more, so there is nothing to decide."
            raise NothingChosen(msg)
        outdated = count_outdated(found.going)
        made = write_decision(plan_id, then, found.going, by=by)
        return Decided(
            then,
            len(found.going),
            made,
            choices=found.choices,
            conflicts=found.conflicts,
            outdated=outdated,
        )


def _check(then: str) -> None:
    if then not in DECISIONS:
        msg = f"Changes can be {', '.join(DECISIONS)}, not {then!r}."
        raise BadRequest(msg)


def _check_number(seen: Mapping[int, str]) -> None:
    if not seen:
        msg = "No change was chosen: choose one first."
        raise NothingChosen(msg)
    if len(seen) > MOST_SHOWN:
        msg = (
            f"At most {MOST_SHOWN:,} changes can be decided one by one: decide all "
            "that match a filter."
        )
        raise BadRequest(msg)


def _held_changes(plan_id: int, change_ids: Iterable[int]) -> Sequence[UndecidedChange]:
    ids = [key for key in sorted(change_ids) if 0 <= key <= LARGEST_ID]
    rows = Change.objects.filter(plan_id=plan_id, id__in=number_list(ids))
    found = undecided(rows.select_for_update())
    if not found:
        msg = "This change is not here: its plan may have been deleted."
        raise ChangeNotFound(msg)
    return found


def _is_found_anew(change: UndecidedChange, seen: str) -> bool:
    same_state = change.state in AGAIN and seen.partition(".")[0] == change.state
    return same_state and change.seen != seen


def _contested(
    change_ids: Iterable[int], unchanged: Collection[int], anew: Collection[int]
) -> tuple[Contested, ...]:
    rows = Change.objects.filter(id__in=sorted(change_ids)).order_by("id")
    columns = ("id", "state", "decided_by__username", "decided_at")
    return tuple(
        Contested(
            *(change_id, state, name or "", at),
            is_blocked=change_id in unchanged,
            is_found_anew=change_id in anew,
        )
        for change_id, state, name, at in rows.values_list(*columns)
    )
