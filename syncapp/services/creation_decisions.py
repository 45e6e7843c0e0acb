"""Decides what a plan makes at its source, and what an undo takes away there again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from syncapp.models import Change, Creation
from syncapp.models.change_states import ChangeState
from syncapp.queries.deciding import DECISIONS, as_seen, undecided
from syncapp.services.decision_parts import (
    hold_plan,
    read_verb,
    with_alternatives,
    write_decision,
)
from syncapp.services.errors import FOUND_ANEW, NotAsSeen, NothingChosen

NOTHING_WAITS = "Nothing of this waits for that decision any more: reload the page."


def decide_creations(
    plan_id: int,
    decision: str,
    *,
    creation_id: int = 0,
    seen: str = "",
    by: int | None = None,
) -> int:
    """Accept or reject one creation or removal of a plan, or all that wait.

    `seen`: as what the one was seen, see `queries.deciding.as_seen`. What failed to be
    made is accepted again with the changes that failed for it. Returns how many were
    decided; what is decided so already is left as it is.

    Raises PlanNotFound, BadRequest, NothingChosen, NotAsSeen.
    """
    state = read_verb(decision)
    with transaction.atomic():
        hold_plan(plan_id)
        rows = Creation.objects.filter(plan_id=plan_id)
        if creation_id:
            rows = rows.filter(pk=creation_id)
            held = rows.select_for_update().values("id", "state", "objection").first()
            _check(held, state, seen)
            if state is ChangeState.ACCEPTED:
                _accept_what_failed_for_it(plan_id, creation_id, by)
            rows = rows.exclude(state=state)
        else:
            rows = rows.filter(state=ChangeState.PROPOSED)
        now = datetime.now(UTC)
        decided = rows.update(state=state, decided_by=by, decided_at=now, objection="")
    if not decided and not creation_id:
        raise NothingChosen(NOTHING_WAITS)
    return decided or 1


def _check(held: Mapping[str, Any] | None, then: ChangeState, seen: str) -> None:
    if held is None or held["state"] not in DECISIONS[then]:
        raise NothingChosen(NOTHING_WAITS)
    if as_seen(held["state"], held["objection"]) == seen:
        return
    if seen.partition(".")[0] == held["state"]:
        raise NotAsSeen(FOUND_ANEW)
    now = held["state"].replace("_", " ")
    msg = f"It is {now} by now, and was left so: reload the page, and decide by that."
    raise NotAsSeen(msg)


def _accept_what_failed_for_it(plan_id: int, creation_id: int, by: int | None) -> None:
    """Accept again the changes that ended since it was not made, and it with them."""
    failed = Change.objects.filter(
        plan_id=plan_id,
        creation_id=creation_id,
        creation__state=ChangeState.FAILED,
        entity_id=None,
        state=ChangeState.FAILED,
    )
    going, others = with_alternatives(plan_id, undecided(failed))
    write_decision(plan_id, ChangeState.ACCEPTED, going, others=others, by=by)
