"""A plan out of a file: the page that asks for one, and takes it."""

from asgiref.sync import sync_to_async
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import reserved, wants_json
from syncapp import queries, services
from syncapp.views import list_params
from syncapp.views.plan_params import lead_to_plan
from syncapp.views.plans import ONLY_READ, REFUSALS
from syncapp.views.selection import LOOK_OR_ASK

NO_FILE = "Choose a file: the JSON of an exported plan."
WRONG = 422


@reserved(RUN_JOB, REFUSALS, ONLY_READ, methods=LOOK_OR_ASK)
async def import_plan(request: ViewerRequest) -> HttpResponse:
    """Ask for a file; POST makes a plan of it, or says on which line it is wrong."""
    if request.method != "POST":
        return await _form(request)
    file = request.FILES.get("file")
    if file is None:
        return await _refused(request, NO_FILE)
    name = request.POST.get("name", "") or f"Import of {file.name}"
    try:
        plan_id = await sync_to_async(services.import_plan)(
            list_params.number(request.POST.get("source", "")),
            file.read(),
            name=name,
            by=request.viewer.user_id,
        )
    except services.BadPlanFile as exc:
        return await _refused(request, str(exc))
    if wants_json(request):
        return JsonResponse({"plan_id": plan_id})
    return lead_to_plan(plan_id)


async def _refused(request: ViewerRequest, sentence: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=WRONG)
    return await _form(request, sentence)


async def _form(request: ViewerRequest, wrong: str = "") -> HttpResponse:
    sources = await sync_to_async(queries.list_sources)()
    context = {
        "sources": sources,
        "wrong": wrong,
        "name": request.POST.get("name", ""),
        "source_id": list_params.number(request.POST.get("source", "")),
    }
    status = WRONG if wrong else 200
    return render(request, "syncapp/import_plan.html", context, status=status)
