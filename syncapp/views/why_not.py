"""The page of what an analysis would say of a scene, and why not more."""

from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jobs.viewer import RUN_JOB, ViewerRequest
from syncapp import queries


@require_safe
async def why_not(request: ViewerRequest, scene_id: int) -> HttpResponse:
    said = await sync_to_async(queries.scene_said)(scene_id)
    if said is None:
        msg = "This scene is not in the mirror."
        raise Http404(msg)
    context = {"said": said, "may_run": request.viewer.may(RUN_JOB)}
    return render(request, "syncapp/why_not.html", context)
