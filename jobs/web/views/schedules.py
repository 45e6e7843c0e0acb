"""The pages of schedules: each makes one call across the bridge, and renders values."""

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jobs.errors import (
    BadParams,
    BadSchedule,
    JobNotFound,
    JobStillActive,
    NotAllowed,
    ScheduleNotFound,
    UnknownKind,
)
from jobs.numbers import parse_id
from jobs.scheduling import queries, services
from jobs.scheduling.slots import Slot
from jobs.viewer import MANAGE_SCHEDULE, RUN_JOB, ViewerRequest
from jobs.web.forms import ScheduleForm, fields_of
from jobs.web.responses import FORBIDDEN, SEE_OTHER, answer_job, button, reserved

REFUSALS = {
    ScheduleNotFound: 404,
    JobStillActive: 409,
    UnknownKind: 409,
    BadParams: 409,
    BadSchedule: 409,
    NotAllowed: FORBIDDEN,
}
# Which field an error is told at.
KIND_ERRORS: dict[type[Exception], str] = {UnknownKind: "kind", BadParams: "params"}
ONLY_MANAGERS = "Only who manages schedules may change them."
for_managers = reserved(
    MANAGE_SCHEDULE,
    {ScheduleNotFound: 404},
    ONLY_MANAGERS,
    methods=["GET", "HEAD", "POST"],
)


@require_safe
async def schedule_list(request: ViewerRequest) -> HttpResponse:
    rows = await sync_to_async(queries.list_schedules)()
    return render(request, "jobs/schedules.html", {"rows": rows, **_rights(request)})


@require_safe
async def schedule_page(request: ViewerRequest, schedule_id: int) -> HttpResponse:
    page = await _detail(schedule_id)
    return render(request, "jobs/schedule.html", {"page": page, **_rights(request)})


@for_managers
async def new_schedule(request: ViewerRequest) -> HttpResponse:
    """Show an empty form, or one that repeats `?job=`; POST previews or keeps it."""
    if request.method == "POST":
        return await _take(request, None)
    kinds = await sync_to_async(queries.list_kinds)()
    initial: dict[str, Any] = {"zone": settings.TIME_ZONE, "enabled": True}
    job_id = parse_id(request.GET.get("job", ""))
    if job_id is not None:
        try:
            card = await sync_to_async(queries.job_to_repeat)(job_id)
        except JobNotFound as exc:
            raise Http404(str(exc)) from exc
        initial |= {"name": card.title, "kind": card.kind, "params": dict(card.params)}
    return _form_page(request, ScheduleForm(kinds=kinds, initial=initial))


@for_managers
async def change_schedule(request: ViewerRequest, schedule_id: int) -> HttpResponse:
    if request.method == "POST":
        return await _take(request, schedule_id)
    page = await _detail(schedule_id)
    kinds = await sync_to_async(queries.list_kinds)()
    form = ScheduleForm(kinds=kinds, initial=fields_of(page.line))
    return _form_page(request, form, schedule_id=schedule_id)


async def _take(request: ViewerRequest, schedule_id: int | None) -> HttpResponse:
    """Preview what was typed, or keep it."""
    kinds = await sync_to_async(queries.list_kinds)()
    form = ScheduleForm(request.POST, kinds=kinds)
    if not form.is_valid():
        return _form_page(request, form, schedule_id=schedule_id, status=400)
    try:
        if request.POST.get("do") == "preview":
            slots = await sync_to_async(queries.preview)(form.rule())
            return _form_page(request, form, schedule_id=schedule_id, preview=slots)
        kept = await sync_to_async(services.save_schedule)(
            form.spec(), schedule_id, viewer=request.viewer
        )
    except NotAllowed as exc:
        form.add_error("kind", str(exc))
        return _form_page(request, form, schedule_id=schedule_id, status=FORBIDDEN)
    except BadSchedule as exc:
        form.add_error(exc.field, str(exc))
    except (UnknownKind, BadParams) as exc:
        form.add_error(KIND_ERRORS[type(exc)], str(exc))
    else:
        messages.success(request, "Saved.")
        return _to("page", kept)
    return _form_page(request, form, schedule_id=schedule_id, status=400)


@for_managers
async def delete_schedule(request: ViewerRequest, schedule_id: int) -> HttpResponse:
    """Ask whether to remove a schedule; POST does it."""
    if request.method != "POST":
        page = await _detail(schedule_id)
        return render(request, "jobs/delete_schedule.html", {"page": page})
    name = await sync_to_async(services.delete_schedule)(schedule_id)
    messages.success(request, f"“{name}” is removed; the jobs that it made stay.")
    return HttpResponseRedirect(reverse("schedules:list"), status=SEE_OTHER)


@button(MANAGE_SCHEDULE, REFUSALS, ONLY_MANAGERS)
async def enable_schedule(request: ViewerRequest, schedule_id: int) -> HttpResponse:
    await sync_to_async(services.enable_schedule)(schedule_id, viewer=request.viewer)
    messages.success(request, "It is on.")
    return _to("page", schedule_id)


@button(MANAGE_SCHEDULE, REFUSALS, ONLY_MANAGERS)
async def disable_schedule(request: ViewerRequest, schedule_id: int) -> HttpResponse:
    await sync_to_async(services.disable_schedule)(schedule_id)
    messages.success(request, "It is off; jobs that it made go on.")
    return _to("page", schedule_id)


@button(RUN_JOB, REFUSALS)
async def run_schedule(request: ViewerRequest, schedule_id: int) -> HttpResponse:
    """Make a job at once, also when the schedule is off."""
    ref = await sync_to_async(services.run_now)(schedule_id, viewer=request.viewer)
    return answer_job(request, ref)


async def _detail(schedule_id: int) -> queries.ScheduleDetail:
    try:
        return await sync_to_async(queries.schedule_detail)(schedule_id)
    except ScheduleNotFound as exc:
        raise Http404(str(exc)) from exc


def _rights(request: ViewerRequest) -> dict[str, bool]:
    viewer = request.viewer
    return {"may_run": viewer.may(RUN_JOB), "may_manage": viewer.may(MANAGE_SCHEDULE)}


def _form_page(
    request: ViewerRequest,
    form: ScheduleForm,
    *,
    schedule_id: int | None = None,
    preview: tuple[Slot, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "schedule_id": schedule_id, "preview": preview}
    return render(request, "jobs/schedule_form.html", context, status=status)


def _to(name: str, schedule_id: int) -> HttpResponse:
    url = reverse(f"schedules:{name}", args=[schedule_id])
    return HttpResponseRedirect(url, status=SEE_OTHER)
