"""The pages of jobs: each makes one call across the bridge, and renders values."""

from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jobs import queries, services
from jobs.enums import Status
from jobs.errors import (
    BadParams,
    JobAlreadyEnded,
    JobNotFound,
    JobStillActive,
    NotAllowed,
    UnknownKind,
)
from jobs.live import serializers
from jobs.numbers import parse_id
from jobs.viewer import MANAGE_SCHEDULE, RUN_JOB, ViewerRequest
from jobs.web.responses import FORBIDDEN, answer_job, button

REFUSALS = {
    JobNotFound: 404,
    JobAlreadyEnded: 409,
    JobStillActive: 409,
    UnknownKind: 409,
    BadParams: 409,
    NotAllowed: FORBIDDEN,
}


@require_safe
async def job_list(request: ViewerRequest) -> HttpResponse:
    asked = request.GET.get("status", "")
    status = asked if asked in set(Status) else ""
    before = parse_id(request.GET.get("before", ""))
    page = await sync_to_async(queries.list_jobs)(
        status=status, before_id=before or None
    )
    context = {
        "page": page,
        "status": status,
        "statuses": [str(each) for each in Status],
        "next_url": _next_url(page, status),
        "busy": any(card.is_active for card in page.rows),
        "may_run": request.viewer.may(RUN_JOB),
    }
    return render(request, "jobs/list.html", context)


@require_safe
async def job_page(request: ViewerRequest, job_id: int) -> HttpResponse:
    after = parse_id(request.GET.get("after", "")) or 0
    asked = request.GET.get("level", "")
    level = asked if asked in queries.LEVELS else ""
    try:
        page = await sync_to_async(queries.job_detail)(job_id, after=after, level=level)
    except JobNotFound as exc:
        raise Http404(str(exc)) from exc
    context = {
        "page": page,
        "may_run": request.viewer.may(RUN_JOB),
        "may_schedule": request.viewer.may(MANAGE_SCHEDULE),
        "level": level,
        "after": after,
    }
    return render(request, "jobs/detail.html", context)


@require_safe
async def list_state(_request: ViewerRequest) -> HttpResponse:
    """Answer what the socket tells of all jobs, for pages that have no socket."""
    found = await sync_to_async(queries.snapshot)()
    answer = {
        "counts": serializers.of_counts(found.counts, found.newest_id),
        "rows": [serializers.of_row(card) for card in found.cards],
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


@require_safe
async def job_state(request: ViewerRequest, job_id: int) -> HttpResponse:
    """Answer what the socket tells of a job, with its log after number `since`."""
    since = parse_id(request.GET.get("since", "")) or 0
    try:
        page = await sync_to_async(queries.job_detail)(job_id, after=since)
    except JobNotFound as exc:
        return JsonResponse({"error": str(exc)}, status=404)
    answer = {
        "job": serializers.of_job(page.card),
        "events": serializers.of_events(page.events),
        "seq": page.events[-1].seq if page.events else since,
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


@button(RUN_JOB, REFUSALS)
async def cancel(request: ViewerRequest, job_id: int) -> HttpResponse:
    ref = await sync_to_async(services.cancel_job)(job_id, by=request.viewer.user_id)
    return answer_job(request, ref)


@button(RUN_JOB, REFUSALS)
async def retry(request: ViewerRequest, job_id: int) -> HttpResponse:
    ref = await sync_to_async(services.retry_job)(
        job_id, by=request.viewer.user_id, viewer=request.viewer
    )
    return answer_job(request, ref)


def _next_url(page: queries.JobPage, status: str) -> str:
    """Return the query string of the following page; empty on the last."""
    if page.next_before is None:
        return ""
    filters = {"status": status} if status else {}
    return "?" + urlencode({**filters, "before": page.next_before})
