"""The list of plans, the page of one, and whether to delete it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import SEE_OTHER, reserved
from syncapp import queries, services
from syncapp.queries import PlanLine, plan_filter_params
from syncapp.views import list_params, plan_params, scene_params

REFUSALS: dict[type[Exception], int] = {
    services.NotThere: 404,
    services.PlanBusy: 409,
    services.NotAsSeen: 409,
    services.Refused: 400,
}
ONLY_READ = "You may look at plans, but not decide about them here."
EXPORTS = {"CSV": "csv", "JSON": "json"}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in the list."""

    line: PlanLine
    scope: tuple[str, ...]  # its filter in words; empty: another scope
    detectors: tuple[str, ...]
    states: tuple[tuple[str, int], ...]


@require_safe
async def plans_page(request: ViewerRequest) -> HttpResponse:
    source, after = request.GET.get("source", ""), request.GET.get("after", "")
    source_id = list_params.number(source) if source else None
    overview = await sync_to_async(queries.plans_overview)(source_id, after=after)
    kept = [("source", source)] if source else []
    following = overview.page.next
    context = {
        "rows": tuple(plan_rows(overview)),
        "sources": overview.page.sources,
        "source_id": source_id,
        "next_url": "?" + urlencode([*kept, ("after", following)]) if following else "",
        "is_further": bool(after),
        "may_decide": request.viewer.may(RUN_JOB),
        "may_apply": request.viewer.may(services.APPLY_PLAN),
    }
    return render(request, "syncapp/plans.html", context)


def plan_rows(overview: queries.PlansOverview) -> Iterable[PlanRow]:
    for line in overview.page.plans:
        yield PlanRow(
            line=line,
            scope=scope_words(line, overview.scopes),
            detectors=tuple(map(queries.detector_words, line.detectors)),
            states=state_counts(line),
        )


def scope_words(line: PlanLine, scopes: queries.PlanScopes) -> tuple[str, ...]:
    """Return the filter that found a plan's scenes, a part of it each."""
    pairs = scopes.pairs.get(line.plan_id, ())
    return tuple(scene_params.filter_label(scopes, *pair) for pair in pairs)


def state_counts(line: PlanLine) -> tuple[tuple[str, int], ...]:
    return tuple(
        (state.value, line.counts[state])
        for state in queries.STATES
        if line.counts.get(state)
    )


@require_safe
async def plan_page(request: ViewerRequest, plan_id: int) -> HttpResponse:
    asked, after = request.GET, request.GET.get(plan_params.PLACE, "")
    parsed = plan_params.parsed_plan_filter(asked)
    may_decide = request.viewer.may(RUN_JOB)
    reading = await sync_to_async(queries.read_plan)(
        plan_id,
        parsed.filters,
        after=after,
        user_id=request.viewer.user_id if may_decide else None,
    )
    if reading is None:
        raise Http404(str(services.PlanNotFound(plan_id)))
    pairs = plan_filter_params(reading.filters)
    context = {
        "reading": reading,
        "plan": reading.plan,
        "scope": scope_words(reading.plan, reading.scopes),
        "detectors": [
            (queries.detector_words(name), version)
            for name, version in reading.plan.detectors.items()
        ],
        "states": state_counts(reading.plan),
        "wrong": tuple(parsed.wrong.values()),
        "groups": plan_params.facet_groups(reading),
        "causes": plan_params.cause_links(reading),
        "chips": tuple(plan_params.plan_chips(reading)),
        "place": plan_params.plan_address(pairs, after),
        "first_url": plan_params.plan_address(pairs) if after else "",
        "next_url": plan_params.plan_address(pairs, reading.next)
        if reading.next
        else "",
        "exports": _exports(plan_id, urlencode(pairs)),
        "may_decide": may_decide,
        "may_apply": request.viewer.may(services.APPLY_PLAN),
        "bulk": plan_params.bulk_links(reading) if may_decide else (),
        "just_rejected": list_params.number(asked.get(plan_params.JUST_REJECTED, "")),
        "undo": _undo(request, reading),
    }
    return render(request, "syncapp/plan.html", context)


def _undo(request: ViewerRequest, reading: queries.PlanReading) -> str:
    """Return the address of the undo of what is shown; "" if there is none."""
    is_written = any(map(reading.plan.counts.get, queries.CAN_BE_UNDONE))
    if not is_written or not request.viewer.may(services.UNDO_PLAN):
        return ""
    address = reverse("syncapp:undo_plan", args=[reading.plan.plan_id])
    return address + plan_params.undo_query(reading.filters)


def _exports(plan_id: int, query: str) -> list[tuple[str, str]]:
    found = []
    for words, ending in EXPORTS.items():
        url = reverse("syncapp:export_plan", args=[plan_id, ending])
        found.append((words, f"{url}?{query}" if query else url))
    return found


@reserved(RUN_JOB, REFUSALS, ONLY_READ, methods=["GET", "HEAD", "POST"])
async def delete_plan(request: ViewerRequest, plan_id: int) -> HttpResponse:
    """Ask whether to delete a plan; POST does it."""
    line = await sync_to_async(queries.plan_by_id)(plan_id)
    if line is None:
        raise services.PlanNotFound(plan_id)
    if request.method != "POST":
        context = {"plan": line, "states": state_counts(line)}
        return render(request, "syncapp/delete_plan.html", context)
    await sync_to_async(services.delete_plan)(plan_id)
    messages.success(request, format_html("“<bdi>{}</bdi>” is deleted.", line.name))
    return HttpResponseRedirect(reverse("syncapp:plans"), status=SEE_OTHER)
