"""How often the detectors are right: the button that asks, and the table."""

from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jobs.errors import JobNotFound
from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import answer_job, button
from syncapp import queries, services
from syncapp.views.plan_params import lead_to_plan, own_query
from syncapp.views.selection import REFUSALS


@button(RUN_JOB, REFUSALS)
async def evaluate(request: ViewerRequest, source_id: int) -> HttpResponse:
    """Ask how often the usual detectors are right on a source's organised scenes."""
    ref = await sync_to_async(services.start_evaluation)(
        source_id, by=request.viewer.user_id
    )
    return answer_job(request, ref)


@require_safe
async def evaluation(request: ViewerRequest, job_id: int) -> HttpResponse:
    try:
        page = await sync_to_async(queries.evaluation_by_job)(job_id)
    except JobNotFound as exc:
        raise Http404(str(exc)) from exc
    if page is None:
        msg = f"Job {job_id} is no evaluation."
        raise Http404(msg)
    context = {"page": page, "may_run": request.viewer.may(RUN_JOB)}
    return render(request, "syncapp/evaluation.html", context)


@require_safe
async def plan_of_job(request: ViewerRequest, job_id: int) -> HttpResponse:
    """Lead to the plan that a job made or applied, narrowed as the address asks."""
    plan_id = await sync_to_async(queries.plan_of_job)(job_id)
    if plan_id is None:
        msg = "The plan of this job is not here: it may have been deleted."
        raise Http404(msg)
    return lead_to_plan(plan_id, own_query(request.GET.urlencode()))
