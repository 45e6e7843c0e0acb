"""The page of workers and lanes, with its buttons."""

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jobs import services
from jobs.errors import UnknownLane
from jobs.monitoring import workers
from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import SEE_OTHER, button

REFUSALS: dict[type[Exception], int] = {UnknownLane: 404}


@require_safe
async def worker_list(request: ViewerRequest) -> HttpResponse:
    page = await sync_to_async(workers.overview)()
    context = {"page": page, "may_run": request.viewer.may(RUN_JOB)}
    return render(request, "jobs/workers.html", context)


@button(RUN_JOB, REFUSALS)
async def pause(request: ViewerRequest, lane: str) -> HttpResponse:
    await sync_to_async(services.pause_lane)(lane, by=request.viewer.user_id)
    return HttpResponseRedirect(reverse("jobs:workers"), status=SEE_OTHER)


@button(RUN_JOB, REFUSALS)
async def resume(_request: ViewerRequest, lane: str) -> HttpResponse:
    await sync_to_async(services.resume_lane)(lane)
    return HttpResponseRedirect(reverse("jobs:workers"), status=SEE_OTHER)
