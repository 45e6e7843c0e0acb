"""The pages of the library: each makes one call across the bridge, renders values."""

from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from jobs.answers import answer_job, button
from jobs.viewer import ViewerRequest
from syncapp import queries, services
from syncapp.forms import SetupForm

RUN = "jobs.run_job"
REFUSALS: dict[type[Exception], int] = {services.NotThere: 404, services.Refused: 400}
NARROWED_BY = ("performer", "tag", "studio")
NOT_AVAILABLE = 503
SETUP_REFUSALS: dict[type[Exception], int] = {
    services.TooManyTries: 429,
    services.AlreadyClaimed: 409,
    services.CodeRefused: 403,
    services.BadAccount: 400,
}
LONGEST_ID = 18  # digits; a longer number does not fit the database's integers


@require_safe
async def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer without sign-in whether web process and database work."""
    if await sync_to_async(queries.database_answers)():
        return HttpResponse("ok", content_type="text/plain")
    sentence = "The database does not answer."
    return HttpResponse(sentence, content_type="text/plain", status=NOT_AVAILABLE)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
async def setup(request: HttpRequest) -> HttpResponse:
    """Make the first administrator; gone (404, by the middleware) once there is one."""
    form = SetupForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _setup_page(request, form, 400 if form.is_bound else 200)
    typed = form.cleaned_data
    try:
        await sync_to_async(services.claim_and_sign_in)(
            request,
            typed["code"],
            name=typed["name"],
            password=typed["password"],
            zone=typed["zone"],
        )
    except tuple(SETUP_REFUSALS) as exc:
        form.add_error(_field_at_fault(exc), str(exc))
        status = next(s for kind, s in SETUP_REFUSALS.items() if isinstance(exc, kind))
        page = _setup_page(request, form, status)
        if isinstance(exc, services.TooManyTries):
            page["Retry-After"] = str(exc.wait_s)
        return page
    return HttpResponseRedirect(_after_setup())


def _setup_page(request: HttpRequest, form: SetupForm, status: int) -> HttpResponse:
    return render(request, "syncapp/setup.html", {"form": form}, status=status)


def _field_at_fault(exc: Exception) -> str | None:
    if isinstance(exc, services.BadAccount):
        return exc.field
    return "code" if isinstance(exc, services.CodeRefused) else None


def _after_setup() -> str:
    """Return where the first person goes: to connect a Stash, if that page is there."""
    try:
        return reverse("syncapp:connect")
    except NoReverseMatch:
        return reverse("syncapp:dashboard")


@require_safe
async def dashboard(request: ViewerRequest) -> HttpResponse:
    page = await sync_to_async(queries.dashboard)()
    return render(request, "syncapp/dashboard.html", {"page": page, **_may(request)})


@button(RUN, REFUSALS)
async def start_sync(request: ViewerRequest, source_id: int, mode: str) -> HttpResponse:
    card = await sync_to_async(services.press_sync)(
        source_id,
        mode,
        _several(request.POST, "streams"),
        by=request.viewer.user_id,
        accept_deletions=request.POST.get("accept_deletions") == "yes",
    )
    return answer_job(request, card)


@button(RUN, REFUSALS)
async def sync_scene(request: ViewerRequest, scene_id: int) -> HttpResponse:
    card = await sync_to_async(services.press_sync_scenes)(
        [scene_id], by=request.viewer.user_id
    )
    return answer_job(request, card)


@button(RUN, REFUSALS)
async def sync_scenes(request: ViewerRequest) -> HttpResponse:
    chosen = [_number(text) for text in _several(request.POST, "ids")]
    card = await sync_to_async(services.press_sync_scenes)(
        chosen, by=request.viewer.user_id
    )
    return answer_job(request, card)


@require_safe
async def scene_list(request: ViewerRequest) -> HttpResponse:
    by = next((name for name in NARROWED_BY if name in request.GET), "")
    page = await sync_to_async(queries.list_scenes)(
        **_wanted(request.GET),
        narrowed=by,
        narrowed_id=_number(request.GET.get(by, "")) if by else 0,
    )
    kept = {by: page.narrowed_id} if by else {}
    context = {"page": page, "next_url": _next_url(page, kept), **_may(request)}
    return render(request, "syncapp/scenes.html", context)


@require_safe
async def scene_page(request: ViewerRequest, scene_id: int) -> HttpResponse:
    scene = await sync_to_async(queries.scene_detail)(scene_id)
    if scene is None:
        msg = "This scene is not in the mirror."
        raise Http404(msg)
    return render(request, "syncapp/scene.html", {"scene": scene, **_may(request)})


@require_safe
async def name_list(request: ViewerRequest, stream: str) -> HttpResponse:
    page = await sync_to_async(queries.list_names)(stream, **_wanted(request.GET))
    context = {
        "page": page,
        "stream": stream,
        "one": stream.removesuffix("s"),
        "next_url": _next_url(page, {}),
    }
    return render(request, "syncapp/names.html", context)


def _may(request: ViewerRequest) -> dict[str, bool]:
    return {"may_run": request.viewer.may(RUN)}


def _wanted(asked: QueryDict) -> dict[str, Any]:
    """Return what a list was asked for, as its query takes it."""
    return {
        "search": asked.get("q", ""),
        "after": asked.get("after", ""),
        "removed": asked.get("removed") == "1",
    }


def _next_url(page: queries.ScenePage | queries.NamePage, kept: dict[str, int]) -> str:
    """Return the query string of the following page; empty on the last."""
    if not page.next:
        return ""
    asked: dict[str, Any] = dict(kept)
    if page.search:
        asked["q"] = page.search
    if page.removed:
        asked["removed"] = "1"
    return "?" + urlencode({**asked, "after": page.next})


def _several(form: QueryDict, name: str) -> list[str]:
    """Return a field's values: it may repeat, or hold several between commas."""
    parts = ",".join(form.getlist(name)).split(",")
    return [part.strip() for part in parts if part.strip()]


def _number(text: str) -> int:
    """Return the id that `text` spells; -1, which nothing has, if it spells none."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        return -1
    return int(text)
