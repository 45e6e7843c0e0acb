"""What is never to be proposed again: saying so, the list of it, taking it back."""

from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import SEE_OTHER, button, wants_json
from syncapp import queries, services
from syncapp.views import list_params, plan_params
from syncapp.views.plans import ONLY_READ, REFUSALS

SHOWN = 100  # of a value: a message travels in a cookie
FROM_NOW_ON = "It counts from the next analysis on; what is proposed here stays."


@button(RUN_JOB, REFUSALS, ONLY_READ)
async def dismiss_change(
    request: ViewerRequest, plan_id: int, change_id: int
) -> HttpResponse:
    """Never propose this again; leads back to where it stood in its plan."""
    dismissal_id = await sync_to_async(services.dismiss)(
        change_id, request.POST.get("reach", ""), by=request.viewer.user_id
    )
    if wants_json(request):
        return JsonResponse({"dismissal_id": dismissal_id})
    messages.success(request, f"It is never proposed again. {FROM_NOW_ON}")
    query = plan_params.own_query(request.POST.get("place", ""))
    scene = list_params.number(request.POST.get("scene", ""))
    anchor = "" if scene == list_params.NOBODY else f"#scene-{scene}"
    return plan_params.lead_to_plan(plan_id, query, anchor)


@require_safe
async def dismissals_page(request: ViewerRequest) -> HttpResponse:
    source, after = request.GET.get("source", ""), request.GET.get("after", "")
    overview = await sync_to_async(queries.dismissals_overview)(
        list_params.number(source) if source else None, after=after
    )
    following, source_id = overview.page.next, overview.source_id
    context = {
        "overview": overview,
        "lines": tuple(
            (line, overview.titles.get(line.scene_id or 0, ""))
            for line in overview.page.dismissals
        ),
        "next_url": "?" + urlencode({"source": source_id, "after": following})
        if following
        else "",
        "is_further": bool(after),
        "may_decide": request.viewer.may(RUN_JOB),
    }
    return render(request, "syncapp/dismissals.html", context)


@button(RUN_JOB, REFUSALS, ONLY_READ)
async def take_back(request: ViewerRequest, dismissal_id: int) -> HttpResponse:
    """Let it be proposed again; leads back to the list of its source."""
    value = await sync_to_async(services.take_back_dismissal)(dismissal_id)
    if wants_json(request):
        return JsonResponse({"value": value})
    short = value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
    sentence = "“<bdi>{}</bdi>” may be proposed again, from the next analysis on."
    messages.success(request, format_html(sentence, short))
    source_id = list_params.number(request.POST.get("source", ""))
    asked = "" if source_id == list_params.NOBODY else f"?source={source_id}"
    return HttpResponseRedirect(reverse("syncapp:dismissals") + asked, status=SEE_OTHER)
