"""Undo of a plan: makes the plan that takes it back, to be reviewed and applied."""

from collections.abc import Mapping
from typing import Any

from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.applying.undo import make_undo
from syncapp.applying.undo_page import UndoRequest
from syncapp.job_handlers.leads import to_plan
from syncapp.job_handlers.params import UndoParams, plan_is_there
from syncapp.job_handlers.plan_apply import APPLY_PLAN

UNDO_PLAN = APPLY_PLAN  # the right that writing needs: an undo leads to it


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns the plan that it made, if there is one, and counts."""
    asked = UndoRequest(
        source_id=params["source_id"],
        plan_id=params["plan_id"],
        change_id=params["change_id"],
        cause=params["cause"],
        field=params["field"],
        by=params["by"] or None,
    )
    return make_undo(ctx, asked)


PLAN_UNDO = Handler(
    kind="plan.undo",
    title="Undo of a plan",
    run=run,
    params=UndoParams,
    check=plan_is_there,
    permission=UNDO_PLAN,
    dedupe="plan.undo:{plan_id}:{change_id}:{cause}:{field}",
    # What one proposes to take back the other leaves out.
    exclusive="plan.undo:{plan_id}",
    leads_to=to_plan,
)
