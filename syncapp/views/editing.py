"""Editing what a plan proposes: another text, or one of the known names."""

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import answer_refusal, reserved, wants_json
from syncapp import queries, services
from syncapp.views import list_params, plan_params
from syncapp.views.plans import ONLY_READ, REFUSALS
from syncapp.views.selection import BAD, LOOK_OR_ASK

NOT_HERE = (
    "This change cannot be edited: it was written, takes something away, or its plan "
    "was deleted."
)


@reserved(RUN_JOB, REFUSALS, ONLY_READ, methods=LOOK_OR_ASK)
async def edit_change(
    request: ViewerRequest, plan_id: int, change_id: int
) -> HttpResponse:
    """Show what can be typed or chosen; POST keeps it, which accepts the change."""
    if request.method != "POST":
        typed = request.GET.get("q", "")
        return await _page(request, (plan_id, change_id), typed=typed)
    value = request.POST.get("value", "")
    entity = request.POST.get("entity")
    try:
        made = await sync_to_async(services.edit_change)(
            change_id,
            value if entity is None else list_params.number(entity),
            seen=request.POST.get("seen", ""),
            by=request.viewer.user_id,
        )
    except services.BadValue as exc:
        return await _page(request, (plan_id, change_id), wrong=str(exc), value=value)
    if wants_json(request):
        return JsonResponse({"decision_id": made, "state": "accepted"})
    messages.success(request, "It is edited, and accepted as it is now.")
    query = plan_params.own_query(request.POST.get("place", ""))
    return plan_params.lead_to_plan(plan_id, query, f"#change-{change_id}")


async def _page(
    request: ViewerRequest,
    ids: tuple[int, int],
    *,
    typed: str = "",
    wrong: str = "",
    value: str | None = None,
) -> HttpResponse:
    if wrong and wants_json(request):
        return answer_refusal(request, wrong, BAD)
    change = await sync_to_async(queries.editable_change)(*ids, typed)
    if change is None:
        raise services.ChangeNotFound(NOT_HERE)
    told = request.POST if request.method == "POST" else request.GET
    context = {
        "change": change,
        "typed": typed,
        "value": change.value if value is None else value,
        "wrong": wrong,
        "place": plan_params.own_query(told.get("place", "")),
    }
    status = BAD if wrong else 200
    return render(request, "syncapp/edit_change.html", context, status=status)
