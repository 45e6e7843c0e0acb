"""The page that asks for an analysis: chosen scenes, a filter, or what changed."""

from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render

from jobs.services import JobRef
from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import (
    ONLY_LOOK,
    answer_job,
    answer_refusal,
    reserved,
    wants_json,
)
from syncapp import queries, services
from syncapp.forms import AnalyseForm
from syncapp.views import list_params
from syncapp.views.selection import (
    BAD,
    CHANGED,
    LOOK_OR_ASK,
    REFUSALS,
    answer_asked,
    asked_scope,
    how_they_differ,
    scope_context,
    scope_objections,
)

PREVIEW, START = "preview", "start"
THERE_ALREADY = (
    "This analysis was asked for already and has not ended: it goes on as it was "
    "asked for then."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows beside its scenes."""

    form: AnalyseForm = field(default_factory=AnalyseForm)
    preview: services.AnalysisPreview | None = None
    change: str = ""  # how other scenes match than were shown
    status: int = 200


@reserved(RUN_JOB, REFUSALS, ONLY_LOOK, methods=LOOK_OR_ASK)
async def analyse(request: ViewerRequest) -> HttpResponse:
    """Show the form; with `do` of a POST a preview, or the job that was started."""
    asked, query = _asked(request)
    do = request.POST.get("do", "")
    if do not in {PREVIEW, START}:
        return await _page(request, asked, query, Shown())
    form = AnalyseForm(request.POST)
    if not form.is_valid():
        return await _page(request, asked, query, Shown(form, status=BAD))
    if do == START:
        return await _start(request, asked, query, form)
    scope, preview = await sync_to_async(services.preview_analysis)(
        asked, form.choices()
    )
    return _answer_page(request, asked, query, scope=scope, shown=Shown(form, preview))


async def _start(
    request: ViewerRequest,
    asked: services.AskedScope,
    query: QueryDict,
    form: AnalyseForm,
) -> HttpResponse:
    by, choices = request.viewer.user_id, form.choices()
    if asked.unanalysed:
        ref = await sync_to_async(services.start_analysis)(
            asked.unanalysed, choices, by=by
        )
        _tell_if_there(request, [ref])
        return answer_job(request, ref)
    if asked.matching is None:
        jobs = await sync_to_async(services.analyse_chosen)(
            asked.chosen, choices, by=by
        )
        return _answer_jobs(request, jobs)
    found = await sync_to_async(services.analyse_matching)(
        asked.matching, request.POST.get("digest", ""), choices, by=by
    )
    if isinstance(found, services.AskedJobs):
        return _answer_jobs(request, found)
    change = how_they_differ(list_params.number(request.POST.get("number", "")), found)
    scope = services.AnalysisScope(found.count, found.by_source, found=found)
    shown = Shown(form, change=change, status=CHANGED)
    return _answer_page(request, asked, query, scope=scope, shown=shown)


def _answer_jobs(request: ViewerRequest, asked: services.AskedJobs) -> HttpResponse:
    _tell_if_there(request, [job.ref for job in asked.jobs])
    return answer_asked(request, asked)


def _tell_if_there(request: ViewerRequest, refs: list[JobRef]) -> None:
    if not wants_json(request) and not all(ref.created for ref in refs):
        messages.info(request, THERE_ALREADY)


async def _page(
    request: ViewerRequest,
    asked: services.AskedScope,
    query: QueryDict,
    shown: Shown,
) -> HttpResponse:
    scope = await sync_to_async(services.scope_of)(asked)
    return _answer_page(request, asked, query, scope=scope, shown=shown)


def _answer_page(
    request: ViewerRequest,
    asked: services.AskedScope,
    query: QueryDict,
    *,
    scope: services.AnalysisScope,
    shown: Shown,
) -> HttpResponse:
    if wrong := scope_objections(asked, scope):
        return answer_refusal(request, wrong, BAD)
    if shown.change and wants_json(request):
        return answer_refusal(request, shown.change, CHANGED)
    context: dict[str, Any] = {
        **scope_context(asked, query, scope),
        "form": shown.form,
        "detectors": queries.offered_detectors(),
        "preview": shown.preview,
        "change": shown.change,
        "unanalysed": asked.unanalysed,
    }
    return render(request, "syncapp/analyse.html", context, status=shown.status)


def _asked(request: ViewerRequest) -> tuple[services.AskedScope, QueryDict]:
    """Return which scenes are meant, and the query string of the list they are of."""
    told = request.POST if request.method == "POST" else request.GET
    if "unanalysed" in told:
        source_id = list_params.number(told["unanalysed"])
        return services.AskedScope(unanalysed=source_id), QueryDict()
    return asked_scope(request)
