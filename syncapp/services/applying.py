"""Asks for applies: each is one job of one plan, whoever asks."""

from jobs.enums import Trigger
from jobs.services import JobRef
from syncapp.job_handlers.plan_apply import APPLY_PLAN
from syncapp.models import Change, Creation, Plan
from syncapp.models.change_states import TO_WRITE
from syncapp.services.errors import NothingChosen, PlanNotFound, ReadOnly
from syncapp.services.start_jobs import create_for_source

__all__ = ["APPLY_PLAN", "start_apply"]


def start_apply(
    plan_id: int, *, by: int | None = None, trigger: str = Trigger.BUTTON
) -> JobRef:
    """Ask to write what is accepted of a plan; one job, however often it is asked.

    Raises PlanNotFound, ReadOnly, NothingChosen if nothing is accepted.
    """
    plans = Plan.objects.filter(pk=plan_id)
    plan = plans.values("source_id", "name", "source__read_only").first()
    if plan is None:
        raise PlanNotFound(plan_id)
    if plan["source__read_only"]:
        raise ReadOnly
    accepted = Change.objects.filter(plan_id=plan_id, state__in=TO_WRITE)
    creations = Creation.objects.filter(plan_id=plan_id, state__in=TO_WRITE)
    if not accepted.exists() and not creations.exists():
        msg = "Nothing of this plan is accepted and unwritten: accept changes first."
        raise NothingChosen(msg)
    return create_for_source(
        "plan.apply",
        f"Apply of {plan['name']}",
        plan["source_id"],
        {"plan_id": plan_id},
        by=by,
        trigger=trigger,
    )
