"""Keeping the filter of a list, and the page of one that is kept."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jobs.viewer import ViewerRequest
from jobs.web.responses import SEE_OTHER, View, answer_refusal, status_of
from syncapp import queries, services
from syncapp.forms import SavedFilterForm
from syncapp.queries import SavedFilterLine
from syncapp.views.saved_bar import list_query, may_change, may_delete

P = ParamSpec("P")
BAD = 400
REFUSALS: dict[type[Exception], int] = {
    services.NotThere: 404,
    services.NotYours: 403,
    services.Refused: BAD,
}
KEPT_OF_PAGES = ("sort", "size")


def for_everybody(*methods: str) -> Callable[[View[P]], View[P]]:
    """Make a view one for all who are signed in; the services judge whose it is."""

    def decorate(view: View[P]) -> View[P]:
        @require_http_methods(list(methods))
        @wraps(view)
        async def wrapper(
            request: ViewerRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            try:
                return await view(request, *args, **kwargs)
            except services.Refused as exc:
                return answer_refusal(request, str(exc), status_of(exc, REFUSALS))

        return wrapper

    return decorate


@for_everybody("POST")
async def save_filter(request: ViewerRequest, stream: str) -> HttpResponse:
    """Keep the filter of a list, and lead back to it."""
    if stream not in services.STREAM_NAMES:
        msg = f"There is no list of {stream!r}."
        raise Http404(msg)
    form, query = SavedFilterForm(request.POST), request.POST.get("query", "")
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            await sync_to_async(services.save_filter)(
                stream, name, query, viewer=request.viewer
            )
        except services.BadRequest as exc:
            form.add_error("name", str(exc))
        else:
            messages.success(request, f"“{name}” is kept.")
            return _to_list(request, stream, query)
    return _new_page(request, form, stream, query)


@for_everybody("GET", "HEAD", "POST")
async def saved_filter(request: ViewerRequest, filter_id: int) -> HttpResponse:
    """Show a saved filter; POST renames it and says who sees it."""
    line = await _line(request, filter_id)
    if request.method != "POST":
        initial = {"name": line.name, "shared": line.shared}
        return _filter_page(request, SavedFilterForm(initial=initial), line)
    form = SavedFilterForm(request.POST)
    if not form.is_valid():
        return _filter_page(request, form, line, status=BAD)
    try:
        await sync_to_async(services.change_filter)(
            filter_id, **form.cleaned_data, viewer=request.viewer
        )
    except services.BadRequest as exc:
        form.add_error("name", str(exc))
        return _filter_page(request, form, line, status=BAD)
    messages.success(request, "Saved.")
    return _to_list(request, line.stream, "" if line.wrong else line.query)


@for_everybody("GET", "HEAD", "POST")
async def delete_filter(request: ViewerRequest, filter_id: int) -> HttpResponse:
    """Ask whether to remove a saved filter; POST does it."""
    line = await _line(request, filter_id)
    if request.method != "POST":
        return render(request, "syncapp/delete_filter.html", {"line": line})
    name = await sync_to_async(services.delete_filter)(filter_id, viewer=request.viewer)
    messages.success(request, f"“{name}” is removed.")
    return _to_list(request, line.stream, "")


async def _line(request: ViewerRequest, filter_id: int) -> SavedFilterLine:
    line = await sync_to_async(queries.saved_filter)(filter_id, request.viewer.user_id)
    if line is None:
        raise services.FilterNotFound(filter_id)
    return line


def _new_page(
    request: ViewerRequest, form: SavedFilterForm, stream: str, query: str
) -> HttpResponse:
    """Show again what could not be kept, with the reason."""
    context = {
        "form": form,
        "stream": stream,
        "list_url": reverse(f"syncapp:{stream}"),
        "query": query,
        "line": None,
    }
    return render(request, "syncapp/saved_filter.html", context, status=BAD)


def _filter_page(
    request: ViewerRequest,
    form: SavedFilterForm,
    line: SavedFilterLine,
    *,
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    context = {
        "form": form,
        "stream": line.stream,
        "list_url": reverse(f"syncapp:{line.stream}"),
        "line": line,
        "may_change": may_change(line, viewer),
        "may_delete": may_delete(line, viewer),
        "may_share": line.shared or viewer.may(services.SHARE_FILTER),
    }
    return render(request, "syncapp/saved_filter.html", context, status=status)


def _to_list(request: ViewerRequest, stream: str, query: str) -> HttpResponse:
    """Lead to the list with this filter, in the order that was seen."""
    posted = ((name, request.POST.get(name, "")) for name in KEPT_OF_PAGES)
    order = [pair for pair in posted if pair[1]]
    asked = list_query(query.removeprefix("?"), order) if query else ""
    return HttpResponseRedirect(reverse(f"syncapp:{stream}") + asked, status=SEE_OTHER)
