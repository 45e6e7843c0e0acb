"""Automatic apply: accepts what is certain and allowed, and has it written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobs.enums import JSON, Trigger
from jobs.errors import JobFailed
from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from jobs.services import create_job
from syncapp.applying.automatic import AutomaticStopped, accept_certain
from syncapp.job_handlers.leads import to_plan
from syncapp.job_handlers.params import source_is_there
from syncapp.job_handlers.plan_apply import APPLY_PLAN, PLAN_APPLY
from syncapp.models import Plan


@dataclass(frozen=True, slots=True)
class AutomaticParams:
    """Of an automatic apply; what it may do is said on a page of the source."""

    source_id: int


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns its plan, if anything was accepted, and counts."""
    source_id = params["source_id"]
    try:
        result = accept_certain(ctx, source_id)
    except AutomaticStopped as exc:
        raise JobFailed(exc.code, str(exc)) from exc
    if plan_id := result.get("plan"):
        name, by = Plan.objects.values_list("name", "by_id").get(pk=plan_id)
        wanted: dict[str, JSON] = {"source_id": source_id, "plan_id": plan_id}
        title = f"Apply of {name}"
        create_job(PLAN_APPLY.kind, wanted, title=title, trigger=Trigger.SYSTEM, by=by)
    return result


PLAN_AUTOMATIC = Handler(
    kind="plan.automatic",
    title="Automatic apply",
    run=run,
    params=AutomaticParams,
    check=source_is_there,
    permission=APPLY_PLAN,
    dedupe="plan.automatic:{source_id}",
    leads_to=to_plan,
)
