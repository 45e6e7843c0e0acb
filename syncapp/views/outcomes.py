"""The button beside a value that was lost around a write."""

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import SEE_OTHER, button, wants_json
from syncapp import services
from syncapp.views.plans import ONLY_READ, REFUSALS


@button(RUN_JOB, REFUSALS, ONLY_READ)
async def put_back(request: ViewerRequest, change_id: int) -> HttpResponse:
    """Make a plan that writes a lost value again; leads to whether to apply it."""
    made = await sync_to_async(services.put_back)(change_id, by=request.viewer.user_id)
    if wants_json(request):
        return JsonResponse({"plan_id": made})
    may_apply = request.viewer.may(services.APPLY_PLAN)
    name = "syncapp:apply_plan" if may_apply else "syncapp:plan"
    return HttpResponseRedirect(reverse(name, args=[made]), status=SEE_OTHER)
