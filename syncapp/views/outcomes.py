"""Buttons beside what became of a change: decide again, put a lost value back."""

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import SEE_OTHER, button, wants_json
from syncapp import services
from syncapp.views.plan_params import lead_to_plan, own_query
from syncapp.views.plans import ONLY_READ, REFUSALS

SAID = {
    "accept": "It is accepted again; the next apply of this plan writes it.",
    "reject": "It is rejected.",
}


@button(RUN_JOB, REFUSALS, ONLY_READ)
async def decide_again(request: ViewerRequest, change_id: int) -> HttpResponse:
    """Accept or reject what was not written; leads back to its plan's page."""
    decision = request.POST.get("decision", "")
    plan_id = await sync_to_async(services.decide_again)(
        change_id,
        decision,
        seen=request.POST.get("seen", ""),
        by=request.viewer.user_id,
    )
    if wants_json(request):
        return JsonResponse({"change_id": change_id, "decision": decision})
    messages.success(request, SAID[decision])
    return lead_to_plan(plan_id, own_query(request.POST.get("place", "")))


@button(RUN_JOB, REFUSALS, ONLY_READ)
async def put_back(request: ViewerRequest, change_id: int) -> HttpResponse:
    """Make a plan that writes a lost value again; leads to whether to apply it."""
    made = await sync_to_async(services.put_back)(change_id, by=request.viewer.user_id)
    if wants_json(request):
        return JsonResponse({"plan_id": made})
    may_apply = request.viewer.may(services.APPLY_PLAN)
    name = "syncapp:apply_plan" if may_apply else "syncapp:plan"
    return HttpResponseRedirect(reverse(name, args=[made]), status=SEE_OTHER)
