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
from syncapp.views import list_params, list_tools, scene_params

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
async def sync_scene(request: ViewerRequest, scene_id: int) -> HttpResponse:
    ref = await sync_to_async(services.resync_one)(
        "scenes", [scene_id], by=request.viewer.user_id
    )
    return answer_job(request, ref)


@button(RUN_JOB, REFUSALS)
async def sync_scenes(request: ViewerRequest) -> HttpResponse:
    ref = await sync_to_async(services.resync_one)(
        "scenes", list_params.listed_ids(request.POST), by=request.viewer.user_id
    )
    return answer_job(request, ref)


@button(RUN_JOB, REFUSALS)
async def sync_entity(request: ViewerRequest, row_id: int, stream: str) -> HttpResponse:
    ref = await sync_to_async(services.resync_one)(
        stream, [row_id], by=request.viewer.user_id
    )
    return answer_job(request, ref)


@require_safe
async def scene_list(request: ViewerRequest) -> HttpResponse:
    asked = request.GET
    parsed = scene_params.parsed_filter(asked)
    page, saved = await sync_to_async(queries.with_saved_filters)(
        partial(queries.list_scenes, parsed, **list_params.page_params(asked)),
        "scenes",
        request.viewer.user_id,
    )
    form = scene_params.scene_form(asked, parsed, page)
    context = {
        "page": page,
        "form": form,
        "candidates": tuple(scene_params.candidates(asked, form, page)),
        "chips": scene_params.scene_chips(asked, page),
        "next_url": scene_params.scene_address(page, after=page.next)
        if page.next
        else "",
        **list_tools.of_scenes(page, saved, request.viewer, usable=not form.is_open),
        **_may(request),
    }
    return render(request, "syncapp/scenes.html", context)


@require_safe
async def scene_page(request: ViewerRequest, scene_id: int) -> HttpResponse:
    scene = await sync_to_async(queries.scene_by_id)(scene_id)
    if scene is None:
        msg = "This scene is not in the mirror."
        raise Http404(msg)
    return render(request, "syncapp/scene.html", {"scene": scene, **_may(request)})


@require_safe
async def entity_list(request: ViewerRequest, stream: str) -> HttpResponse:
    asked = request.GET
    filters, params = list_params.entity_filter(asked), list_params.page_params(asked)
    page, saved = await sync_to_async(queries.with_saved_filters)(
        partial(queries.list_entities, stream, filters, **params),
        stream,
        request.viewer.user_id,
    )
    query_params = list_params.entity_query_params(page)
    context = {
        "page": page,
        **_of(stream),
        "chips": list_params.entity_chips(page, query_params),
        "next_url": list_params.next_page_query(page.next, query_params),
        **list_tools.of_entities(stream, page, saved, request.viewer),
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


@require_safe
async def tag_tree(request: ViewerRequest) -> HttpResponse:
    tree = await sync_to_async(queries.tag_tree)()
    return render(request, "syncapp/tag_tree.html", {"tree": tree, **_of("tags")})


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
