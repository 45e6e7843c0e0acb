"""Undo of a plan or of a part of it: what it would do, and the button."""

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render

from jobs.viewer import ViewerRequest
from jobs.web.responses import answer_job, reserved, wants_json
from syncapp import queries, services
from syncapp.views import list_params
from syncapp.views.plans import REFUSALS

NOT_UNDO = "You may look at plans, but not undo them here."
NEXT = (
    "The undo is being made as a plan of its own. Nothing is written to Stash before "
    "its changes are accepted and applied."
)


@reserved(services.UNDO_PLAN, REFUSALS, NOT_UNDO, methods=["GET", "HEAD", "POST"])
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


def _part(asked: QueryDict) -> queries.UndoPart:
    change_id = list_params.number(asked.get("change", "") or "0")
    return queries.UndoPart(
        change_id=change_id,
        cause=asked.get("cause", ""),
        field=asked.get("field", ""),
    )
