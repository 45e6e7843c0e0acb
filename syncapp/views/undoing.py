"""Undo of a plan or of a part of it: what it would do, and the button."""

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.request import QueryDict
from django.shortcuts import render

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import answer_job, button, reserved, wants_json
from syncapp import queries, services
from syncapp.views import list_params
from syncapp.views.plan_params import lead_to_plan
from syncapp.views.plans import ONLY_READ, REFUSALS
from syncapp.views.selection import LOOK_OR_ASK

NOT_UNDO = "You may look at plans, but not undo them here."
NEXT = (
    "The undo is being made as a plan of its own. Nothing is written to Stash before "
    "its changes are accepted and applied."
)


@reserved(services.UNDO_PLAN, REFUSALS, NOT_UNDO, methods=LOOK_OR_ASK)
async def undo_plan(request: ViewerRequest, plan_id: int) -> HttpResponse:
    """Show what would be taken back; POST asks for the plan that does it."""
    is_post = request.method == "POST"
    part = _part(request.POST if is_post else request.GET)
    if is_post:
        ref = await sync_to_async(services.start_undo)(
            plan_id,
            change_id=part.change_id,
            cause=part.cause,
            field=part.field,
            by=request.viewer.user_id,
        )
        if not wants_json(request):
            messages.info(request, NEXT)
        return answer_job(request, ref)
    preview = await sync_to_async(queries.preview_undo)(plan_id, part)
    if preview is None:
        raise services.PlanNotFound(plan_id)
    context = {"preview": preview, "plan": preview.plan, "part": part}
    return render(request, "syncapp/undo_plan.html", context)


@button(RUN_JOB, REFUSALS, ONLY_READ)
async def decide_creations(request: ViewerRequest, plan_id: int) -> HttpResponse:
    """Decide what a plan creates or takes away; leads back to the plan."""
    decision = request.POST.get("decision", "")
    decided = await sync_to_async(services.decide_creations)(
        plan_id,
        decision,
        creation_id=list_params.number(request.POST.get("creation", "") or "0"),
        seen=request.POST.get("seen", ""),
        by=request.viewer.user_id,
    )
    if wants_json(request):
        return JsonResponse({"decided": decided, "decision": decision})
    return lead_to_plan(plan_id)


def _part(asked: QueryDict) -> queries.UndoPart:
    return queries.UndoPart(
        change_id=list_params.number(asked.get("change", "") or "0"),
        cause=asked.get("cause", ""),
        field=asked.get("field", ""),
    )
