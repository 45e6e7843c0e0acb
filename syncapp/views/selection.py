"""Work on many scenes: those that are selected in a list, or all that match."""

from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.utils.html import format_html, format_html_join

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import (
    ONLY_LOOK,
    answer_job,
    answer_jobs,
    answer_refusal,
    button,
    job_url,
    reserved,
    wants_json,
)
from syncapp import queries, services
from syncapp.filters.canonical import ALL_SOURCES
from syncapp.filters.query_string import ParsedFilter, filter_params
from syncapp.views import list_params, scene_params

REFUSALS: dict[type[Exception], int] = {services.NotThere: 404, services.Refused: 400}
LOOK_OR_ASK = ["GET", "HEAD", "POST"]
BAD, CHANGED = 400, 409
MOST_NAMED, NAME_LENGTH = 5, 40  # a message travels in a cookie


@button(RUN_JOB, REFUSALS)
async def sync_scenes(request: ViewerRequest) -> HttpResponse:
    asked = await sync_to_async(services.resync_chosen)(
        list_params.listed_ids(request.POST), by=request.viewer.user_id
    )
    return answer_asked(request, asked)


@reserved(RUN_JOB, REFUSALS, ONLY_LOOK, methods=LOOK_OR_ASK)
async def resync_matching(request: ViewerRequest) -> HttpResponse:
    """Show what a list's filter finds; POST asks for it, if it finds the same still."""
    if request.method == "POST":
        return await _resync_shown(request)
    query = request.GET
    parsed = scene_params.parsed_filter(list_params.with_source(query, None))
    found = await sync_to_async(queries.matching_scenes)(parsed)
    return _confirm_page(request, query, parsed, found)


async def _resync_shown(request: ViewerRequest) -> HttpResponse:
    shown = request.POST
    query = QueryDict(shown.get("filter", ""))
    parsed = scene_params.parsed_filter(list_params.with_source(query, None))
    found = await sync_to_async(services.resync_matching)(
        parsed, shown.get("digest", ""), by=request.viewer.user_id
    )
    if isinstance(found, services.AskedJobs):
        return answer_asked(request, found)
    number = list_params.number(shown.get("number", ""))
    return _confirm_page(
        request, query, parsed, found, change=how_they_differ(number, found)
    )


def _confirm_page(
    request: ViewerRequest,
    query: QueryDict,
    parsed: ParsedFilter,
    found: queries.MatchingScenes,
    *,
    change: str = "",
) -> HttpResponse:
    if objections := filter_objections(parsed, found):
        return answer_refusal(request, objections, BAD)
    if change and wants_json(request):
        return answer_refusal(request, change, CHANGED)
    context = {
        "page": found,
        "words": filter_words(found),
        "query": query_of_list(query, found),
        "change": change,
    }
    status = CHANGED if change else 200
    return render(request, "syncapp/resync_matching.html", context, status=status)


def asked_scope(
    request: ViewerRequest,
) -> tuple[services.AskedScope, QueryDict]:
    """Return the scenes that are meant, and the query string of the list they are of.

    They are named by ids, or by the filter of a list: that of the address, or one that
    a form carries on.
    """
    is_post = request.method == "POST"
    told = request.POST if is_post else request.GET
    if "filter" in told or (not is_post and "ids" not in told):
        query = QueryDict(told["filter"]) if is_post else told
        asked = list_params.with_source(query, None)
        return services.AskedScope(matching=scene_params.parsed_filter(asked)), query
    return services.AskedScope(chosen=tuple(list_params.listed_ids(told))), QueryDict()


def scope_context(
    asked: services.AskedScope, query: QueryDict, scope: services.AnalysisScope
) -> dict[str, Any]:
    """Return what a page tells of the scenes that are meant; its form carries it on."""
    found = scope.found
    return {
        "scope": scope,
        "words": filter_words(found) if found else (),
        "query": query_of_list(query, found) if found else "",
        "chosen": ",".join(map(str, asked.chosen)),
    }


def scope_objections(asked: services.AskedScope, scope: services.AnalysisScope) -> str:
    """Return why the filter of these scenes cannot be used; empty if it can."""
    if asked.matching is None or scope.found is None:
        return ""
    return filter_objections(asked.matching, scope.found)


def filter_objections(parsed: ParsedFilter, found: queries.MatchingScenes) -> str:
    """Return why this filter cannot be used; empty if it can."""
    unclear = map(scene_params.unclear_sentence, found.unclear)
    return " ".join([*parsed.wrong.values(), *unclear])


def filter_words(found: queries.MatchingScenes) -> list[str]:
    pairs = filter_params(found.filters)
    return [scene_params.filter_label(found, *pair) for pair in pairs]


def query_of_list(query: QueryDict, found: queries.MatchingScenes) -> str:
    """Return the query string of the list that shows what was found."""
    page_pairs = [(name, query[name]) for name in ("sort", "size") if name in query]
    if query.get("source") == ALL_SOURCES and not found.filters.sources:
        page_pairs.insert(0, ("source", ALL_SOURCES))
    return urlencode([*filter_params(found.filters), *page_pairs])


def how_they_differ(shown: int, found: queries.MatchingScenes) -> str:
    """Return how what matches differs from what was shown, in numbers."""
    now, difference = found.count, abs(found.count - shown)
    if shown == list_params.NOBODY:
        what = f"{now:,} scenes match now."
    elif not difference:
        what = f"{now:,} match now as well, but they are not the same ones."
    else:
        way = "more" if now > shown else "fewer"
        what = f"{shown:,} were shown and {now:,} match now, {difference:,} {way}."
    return f"Nothing was done, for other scenes match than were shown: {what}"


def answer_asked(request: ViewerRequest, asked: services.AskedJobs) -> HttpResponse:
    """Answer with the one job, or name the job of each source."""
    if not wants_json(request):
        _tell(request, asked)
    if len(asked.jobs) == 1:
        return answer_job(request, asked.jobs[0].ref)
    return answer_jobs(request, [job.ref for job in asked.jobs])


def _tell(request: ViewerRequest, asked: services.AskedJobs) -> None:
    if asked.left_out:
        sentence = (
            f"{asked.left_out:,} of the chosen scenes are not in the mirror any more, "
            "and were left out."
        )
        messages.warning(request, sentence)
    if len(asked.jobs) > 1:
        named = format_html_join(
            ", ",
            '<a href="{}">job {}</a> ({})',
            (
                (job_url(job.ref), job.ref.job_id, _what(job))
                for job in asked.jobs[:MOST_NAMED]
            ),
        )
        more = len(asked.jobs) - MOST_NAMED
        rest = f" and {more} more" if more > 0 else ""
        sentence = format_html("A job for each source: {}{}.", named, rest)
        messages.success(request, sentence)


def _what(job: services.AskedJob) -> str:
    many, name = "" if job.scenes == 1 else "s", job.source
    short = name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH]}…"
    return f"{job.scenes:,} scene{many} of {short}"
