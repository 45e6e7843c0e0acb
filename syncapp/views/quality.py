"""What the scenes of a source lack: a page, of which the dashboard takes the tiles."""

from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jobs.viewer import RUN_JOB, ViewerRequest
from syncapp import queries


@require_safe
async def source_quality(request: ViewerRequest, source_id: int) -> HttpResponse:
    page = await sync_to_async(queries.source_quality)(source_id)
    if page is None:
        msg = "This source is not here."
        raise Http404(msg)
    context = {"page": page, "may_run": request.viewer.may(RUN_JOB)}
    return render(request, "syncapp/quality.html", context)
