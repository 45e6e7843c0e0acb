"""Asks for undos: each is one job that makes a plan, whoever asks."""

from jobs.enums import Trigger
from jobs.services import JobRef
from syncapp.applying.removals import made_by, taken_by
from syncapp.models import Change, Plan
from syncapp.models.change_states import CAN_BE_UNDONE
from syncapp.queries.undo_preview import UndoPart
from syncapp.services.errors import ChangeNotFound, NothingChosen, PlanNotFound
from syncapp.services.start_jobs import create_for_source


def start_undo(
    plan_id: int,
    *,
    change_id: int = 0,
    cause: str = "",
    field: str = "",
    by: int | None = None,
    trigger: str = Trigger.BUTTON,
) -> JobRef:
    """Ask for the plan that takes back what a plan wrote, or a part of it.

    `cause` is a key. Two asks for the same are one job while it is queued or running.

    Raises PlanNotFound, ChangeNotFound, NothingChosen if nothing of it can be undone.
    """
    plan = Plan.objects.filter(pk=plan_id).values("source_id", "name").first()
    if plan is None:
        raise PlanNotFound(plan_id)
    _check_that_some_can(plan_id, UndoPart(change_id, cause, field))
    return create_for_source(
        "plan.undo",
        f"Undo of {plan['name']}",
        plan["source_id"],
        {
            "plan_id": plan_id,
            "change_id": change_id,
            "cause": cause,
            "field": field,
            "by": by or 0,
        },
        by=by,
        trigger=trigger,
    )


def _check_that_some_can(plan_id: int, part: UndoPart) -> None:
    rows = Change.objects.filter(plan_id=plan_id, **part.conditions())
    if rows.filter(state__in=CAN_BE_UNDONE).exists():
        return
    if part.change_id and not rows.exists():
        msg = f"Change {part.change_id} is not of plan {plan_id}: look at the plan."
        raise ChangeNotFound(msg)
    created = (made_by(plan_id), taken_by(plan_id)) if part.is_whole else ()
    if not any(rows.exists() for rows in created):
        msg = "Nothing of this was written to Stash, or all of it is undone already."
        raise NothingChosen(msg)
