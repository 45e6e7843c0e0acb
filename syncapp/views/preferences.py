"""How a person wants the pages: a page of its own, and what lists and header offer."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from jobs.viewer import ViewerRequest
from jobs.web.responses import SEE_OTHER, answer_refusal, status_of
from syncapp import services
from syncapp.filters.canonical import ALL_SOURCES
from syncapp.forms import PreferencesForm
from syncapp.queries import PersonPreferences
from syncapp.queries.columns import COLUMNS
from syncapp.views import list_params

REFUSALS: dict[type[Exception], int] = {services.NotThere: 404, services.Refused: 400}
OF_PLACE = ("after", "before")


class PersonRequest(ViewerRequest):
    """A request that came through the sign-in middleware, of a person with taste."""

    preferences: PersonPreferences


@require_http_methods(["GET", "HEAD", "POST"])
async def preferences(request: PersonRequest) -> HttpResponse:
    kept = request.preferences
    if request.method != "POST":
        form = PreferencesForm(
            initial={"theme": kept.theme, "shortcuts": kept.shortcuts}
        )
        return render(request, "syncapp/preferences.html", {"form": form})
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        context = {"form": form}
        return render(request, "syncapp/preferences.html", context, status=400)
    await sync_to_async(services.set_theme_and_shortcuts)(
        request.viewer.user_id,
        form.cleaned_data["theme"],
        shortcuts=form.cleaned_data["shortcuts"],
    )
    messages.success(request, "Kept.")
    return HttpResponseRedirect(reverse("syncapp:preferences"), status=SEE_OTHER)


@require_POST
async def choose_columns(request: PersonRequest, stream: str) -> HttpResponse:
    wanted = None if "usual" in request.POST else request.POST.getlist("columns")
    try:
        await sync_to_async(services.set_list_columns)(
            request.viewer.user_id,
            stream,
            wanted,
            size=list_params.number(request.POST.get("size", "")),
        )
    except services.Refused as exc:
        return answer_refusal(request, str(exc), status_of(exc, REFUSALS))
    return _back(request, without=("size", *OF_PLACE))


@require_POST
async def switch_source(request: PersonRequest) -> HttpResponse:
    """Keep which source lists show, and lead back: a list to that of the source."""
    told = request.POST.get("source", "")
    chosen = list_params.number(told) if told != ALL_SOURCES else None
    try:
        await sync_to_async(services.set_source)(request.viewer.user_id, chosen)
    except services.Refused as exc:
        return answer_refusal(request, str(exc), status_of(exc, REFUSALS))
    lists = {reverse(f"syncapp:{name}") for name in COLUMNS}
    if urlsplit(request.POST.get("next", "")).path in lists:
        return _back(request, without=("source", *OF_PLACE), source=told)
    return _back(request)


def _back(
    request: HttpRequest, without: Collection[str] = (), **more: str
) -> HttpResponse:
    """Lead to the page that the form was on, with another query string."""
    target = request.POST.get("next", "")
    hosts = {request.get_host()}
    if not url_has_allowed_host_and_scheme(target, hosts, require_https=False):
        target = reverse("syncapp:dashboard")
    parts = urlsplit(target)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, text) for name, text in asked if name not in without]
    query = urlencode([*kept, *more.items()])
    return HttpResponseRedirect(
        f"{parts.path}?{query}" if query else parts.path, status=SEE_OTHER
    )
