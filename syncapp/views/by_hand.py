"""The page that changes many scenes by hand: a form, a preview, and then a plan."""

from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import ONLY_LOOK, answer_refusal, reserved, wants_json
from syncapp import queries, services
from syncapp.edit_forms import EditForm
from syncapp.views.selection import (
    BAD,
    CHANGED,
    LOOK_OR_ASK,
    REFUSALS,
    answer_asked,
    asked_scope,
    scope_context,
    scope_objections,
)

PREVIEW, MAKE = "preview", "make"
OTHERWISE = (
    "Nothing was done: what was typed, or what is there, is not what was shown before. "
    "This is what would be planned now."
)


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """What a page shows beside its scenes."""

    form: EditForm
    preview: services.HandPreview | None = None
    read_only: tuple[str, ...] = ()
    change: str = ""
    status: int = 200


@reserved(RUN_JOB, REFUSALS, ONLY_LOOK, methods=LOOK_OR_ASK)
async def change_scenes(request: ViewerRequest) -> HttpResponse:
    """Show the form; with `do` of a POST what would be planned, or the job of it."""
    asked, query = asked_scope(request)
    do = request.POST.get("do", "")
    form = EditForm(request.POST) if do else EditForm()
    if do not in {PREVIEW, MAKE} or not form.is_valid():
        scope, read_only = await sync_to_async(services.writable_scope)(asked)
        status = BAD if form.is_bound else 200
        shown = ShownEdit(form, read_only=read_only, status=status)
        return await _page(request, asked, query, scope=scope, shown=shown)
    if do == MAKE:
        return await _make(request, asked, query, form)
    scope, preview = await sync_to_async(services.preview_edit)(asked, form.typed())
    shown = _previewed(form, preview)
    return await _page(request, asked, query, scope=scope, shown=shown)


async def _make(
    request: ViewerRequest,
    asked: services.AskedScope,
    query: QueryDict,
    form: EditForm,
) -> HttpResponse:
    found = await sync_to_async(services.edit_by_hand)(
        asked,
        form.typed(),
        shown=request.POST.get("shown", ""),
        digest=request.POST.get("digest", ""),
        by=request.viewer.user_id,
    )
    if isinstance(found, services.AskedJobs):
        return answer_asked(request, found)
    scope, preview = found
    change = "" if preview.objections else OTHERWISE
    status = BAD if preview.objections else CHANGED
    shown = ShownEdit(form, preview, preview.read_only, change, status)
    return await _page(request, asked, query, scope=scope, shown=shown)


def _previewed(form: EditForm, preview: services.HandPreview) -> ShownEdit:
    status = BAD if preview.objections else 200
    return ShownEdit(form, preview, preview.read_only, status=status)


async def _page(
    request: ViewerRequest,
    asked: services.AskedScope,
    query: QueryDict,
    *,
    scope: services.AnalysisScope,
    shown: ShownEdit,
) -> HttpResponse:
    wrong = scope_objections(asked, scope)
    objections = shown.preview.objections if shown.preview else ()
    if wants_json(request) and (shown.change or objections):
        wrong = wrong or shown.change or " ".join(objections)
    if wrong:
        return answer_refusal(request, wrong, max(shown.status, BAD))
    context: dict[str, Any] = {
        **scope_context(asked, query, scope),
        "form": shown.form,
        "preview": shown.preview,
        "read_only": shown.read_only,
        "nothing_writable": len(shown.read_only) == len(scope.by_source),
        "change": shown.change,
        "suggestions": await sync_to_async(queries.suggested_names)(),
    }
    return render(request, "syncapp/change_scenes.html", context, status=shown.status)
