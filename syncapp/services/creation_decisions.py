"""Decides what a plan makes at its source, and what an undo takes away there again."""

from django.utils import timezone

from syncapp.models import Creation, Plan
from syncapp.models.change_states import ChangeState
from syncapp.queries.deciding import DECISIONS
from syncapp.services.decision_parts import read_verb
from syncapp.services.errors import NothingChosen, PlanNotFound


def decide_creations(
    plan_id: int, decision: str, *, creation_id: int = 0, by: int | None = None
) -> int:
    """Accept or reject one creation or removal of a plan, or all that wait.

    Returns how many were decided; what is decided so already is left as it is.

    Raises PlanNotFound, BadRequest, NothingChosen.
    """
    state = read_verb(decision)
    if not Plan.objects.filter(pk=plan_id).exists():
        raise PlanNotFound(plan_id)
    rows = Creation.objects.filter(plan_id=plan_id)
    if creation_id:
        rows = rows.filter(pk=creation_id, state__in=DECISIONS[state])
    else:
        rows = rows.filter(state=ChangeState.PROPOSED)
    decided = rows.update(
        state=state, decided_by=by, decided_at=timezone.now(), objection=""
    )
    if not decided:
        msg = "Nothing of this waits for that decision any more: reload the page."
        raise NothingChosen(msg)
    return decided
