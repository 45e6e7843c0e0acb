"""The pages of the library, and the buttons that sync it."""

from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jobs.viewer import RUN_JOB, ViewerRequest
from jobs.web.responses import SEE_OTHER, answer_job, button
from syncapp import queries, services
from syncapp.views import (
    entity_params,
    list_columns,
    list_params,
    list_tools,
    scene_params,
)
from syncapp.views.preferences import PersonRequest
from syncapp.views.scene_place import place_query

MANAGE = "syncapp.manage_source"
REFUSALS: dict[type[Exception], int] = {services.NotThere: 404, services.Refused: 400}


@require_safe
async def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer without sign-in that this process lives.

    It asks no database: who restarts what does not answer would do so for an outage,
    which no restart mends. That is for `/readyz` to tell.
    """
    return HttpResponse("ok", content_type="text/plain")


@require_safe
async def dashboard(request: ViewerRequest) -> HttpResponse:
    page = await sync_to_async(queries.dashboard)()
    quality = [queries.known_quality(panel.source) for panel in page.panels]
    context = {"page": page, "quality": quality, **_may(request)}
    return render(request, "syncapp/dashboard.html", context)


@button(RUN_JOB, REFUSALS)
async def start_sync(request: ViewerRequest, source_id: int, mode: str) -> HttpResponse:
    ref = await sync_to_async(services.start_sync)(
        source_id,
        mode,
        list_params.listed_values(request.POST, "streams"),
        by=request.viewer.user_id,
        accept_deletions=request.POST.get("accept_deletions") == "yes",
    )
    return answer_job(request, ref)


@button(RUN_JOB, REFUSALS)
async def verify_source(request: ViewerRequest, source_id: int) -> HttpResponse:
    repair = request.POST.get("repair") == "yes"
    ref = await sync_to_async(services.start_verify)(
        source_id,
        sample=0 if repair else services.SAMPLE_ROWS,
        repair=repair,
        by=request.viewer.user_id,
    )
    return answer_job(request, ref)


@require_safe
async def held_deletions(
    request: ViewerRequest, source_id: int, stream: str
) -> HttpResponse:
    page = await sync_to_async(queries.held_deletions)(source_id, stream)
    if page is None:
        msg = "No deletions wait for a decision here."
        raise Http404(msg)
    return render(request, "syncapp/held.html", {"page": page, **_may(request)})


@button(RUN_JOB, REFUSALS)
async def keep_deletions(
    request: ViewerRequest, source_id: int, stream: str
) -> HttpResponse:
    await sync_to_async(services.keep_deletions)(source_id, stream)
    messages.success(request, f"The {stream} are kept. They stay here as they are.")
    return HttpResponseRedirect(reverse("syncapp:dashboard"), status=SEE_OTHER)


@button(RUN_JOB, REFUSALS)
async def sync_entity(request: ViewerRequest, row_id: int, stream: str) -> HttpResponse:
    ref = await sync_to_async(services.resync_one)(
        stream, row_id, by=request.viewer.user_id
    )
    return answer_job(request, ref)


@require_safe
async def scene_list(request: PersonRequest) -> HttpResponse:
    preferences = request.preferences
    asked = list_params.with_source(request.GET, preferences.source_id)
    parsed = scene_params.parsed_filter(asked)
    view = scene_params.scene_view(asked)
    page, saved = await sync_to_async(queries.with_saved_filters)(
        partial(
            queries.list_scenes,
            parsed,
            **list_params.page_params(asked, preferences.of_list("scenes")),
            columns=() if view else list_columns.columns_of("scenes", preferences),
        ),
        "scenes",
        request.viewer.user_id,
    )
    form = scene_params.scene_form(asked, parsed, page)
    address = partial(scene_params.scene_address, page, view=view)
    context = {
        "page": page,
        "form": form,
        "candidates": tuple(scene_params.candidates(asked, form, page)),
        "chips": scene_params.scene_chips(asked, page),
        "pager": list_params.pager(page, address),
        "table": list_columns.list_table("scenes", page, preferences, address),
        "clear_url": reverse("syncapp:scenes", query={"view": view} if view else None),
        "view": view,
        "views": scene_params.scene_views(asked, page),
        "place": place_query(asked, page),
        "list_query": scene_params.scene_address(page),
        "most_ticked": services.MOST_TICKED,
        **list_tools.of_scenes(page, saved, request.viewer, usable=not form.is_open),
        **_may(request),
    }
    return render(request, "syncapp/scenes.html", context)


@require_safe
async def entity_list(request: PersonRequest, stream: str) -> HttpResponse:
    preferences = request.preferences
    asked = list_params.with_source(request.GET, preferences.source_id)
    parsed = entity_params.parsed_entity_filter(stream, asked)
    page, saved = await sync_to_async(queries.with_saved_filters)(
        partial(
            queries.list_entities,
            stream,
            parsed,
            **list_params.page_params(asked, preferences.of_list(stream)),
        ),
        stream,
        request.viewer.user_id,
    )
    address = partial(entity_params.entity_address, page)
    context = {
        "page": page,
        **_of(stream),
        "form": entity_params.entity_form(stream, asked, parsed, page),
        "chips": entity_params.entity_chips(asked, parsed, page),
        "pager": list_params.pager(page, address),
        "table": list_columns.list_table(stream, page, preferences, address),
        **list_tools.of_entities(stream, page, saved, request.viewer, parsed=parsed),
    }
    return render(request, "syncapp/entities.html", context)


@require_safe
async def entity_page(request: ViewerRequest, row_id: int, stream: str) -> HttpResponse:
    page = await sync_to_async(queries.entity_by_id)(stream, row_id)
    if page is None:
        msg = f"This one of the {stream} is not in the mirror."
        raise Http404(msg)
    context = {"page": page, **_of(stream), **_may(request)}
    return render(request, "syncapp/entity.html", context)


def _may(request: ViewerRequest) -> dict[str, bool]:
    viewer = request.viewer
    return {"may_run": viewer.may(RUN_JOB), "may_manage": viewer.may(MANAGE)}


def _of(stream: str) -> dict[str, Any]:
    """Return the names that the templates of performers, tags and studios need."""
    one = stream.removesuffix("s")
    return {
        "stream": stream,
        "one": one,
        "list_url": reverse(f"syncapp:{stream}"),
        "one_url": f"syncapp:{one}",
        "sync_url": f"syncapp:sync_{one}",
    }
