"""Decides what a plan makes at its source, and what an undo takes away there again."""

from django.utils import timezone

from syncapp.models import Creation, Plan
from syncapp.models.change_states import ChangeState, states_before
from syncapp.services.errors import BadRequest, NothingChosen, PlanNotFound

DECIDED = {"accept": ChangeState.ACCEPTED, "reject": ChangeState.REJECTED}


def decide_creations(
    plan_id: int, decision: str, *, creation_id: int = 0, by: int | None = None
) -> int:
    """Accept or reject one creation or removal of a plan, or all that wait.

    Returns how many were decided; what is decided so already is left as it is.

    Raises PlanNotFound, BadRequest, NothingChosen.
    """
    if decision not in DECIDED:
        msg = f"There is no decision {decision!r}: accept or reject."
        raise BadRequest(msg)
    if not Plan.objects.filter(pk=plan_id).exists():
        raise PlanNotFound(plan_id)
    state = DECIDED[decision]
    rows = Creation.objects.filter(plan_id=plan_id)
    if creation_id:
        # What is written just now is left to whoever writes.
        earlier = [s for s in states_before(state) if s != ChangeState.WRITING]
        rows = rows.filter(pk=creation_id, state__in=earlier)
    else:
        rows = rows.filter(state=ChangeState.PROPOSED)
    decided = rows.update(
        state=state, decided_by=by, decided_at=timezone.now(), objection=""
    )
    if not decided:
        msg = "Nothing of this waits for that decision any more: reload the page."
        raise NothingChosen(msg)
    return decided
