"""Automatic apply of a source: what it may do, how it went, and the switch."""

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from jobs.viewer import ViewerRequest
from jobs.web.responses import SEE_OTHER, reserved
from syncapp import queries, services
from syncapp.automatic_form import AutomaticForm, trusted_detectors
from syncapp.views.applying import NOT_WRITE, REFUSALS
from syncapp.views.selection import BAD, LOOK_OR_ASK


@reserved(services.APPLY_PLAN, REFUSALS, NOT_WRITE, methods=LOOK_OR_ASK)
async def automatic(request: ViewerRequest, source_id: int) -> HttpResponse:
    """Show it; POST allows it, allows it anew, or switches it off."""
    if request.method != "POST":
        return await _show(request, source_id)
    if "off" in request.POST:
        await sync_to_async(services.stop_automatic)(source_id)
        messages.success(request, "Automatic apply is off.")
        return _back(source_id)
    form = AutomaticForm(request.POST)
    if not form.is_valid():
        return await _show(request, source_id, form)
    await sync_to_async(services.allow_automatic)(
        source_id,
        form.cleaned_data["detectors"],
        form.cleaned_data["daily_limit"],
        by=request.viewer.user_id,
    )
    messages.success(request, "Automatic apply is on: its schedule looks each hour.")
    return _back(source_id)


async def _show(
    request: ViewerRequest, source_id: int, form: AutomaticForm | None = None
) -> HttpResponse:
    page = await sync_to_async(queries.automatic_page)(source_id)
    if page is None:
        raise Http404(str(services.SourceNotFound(source_id)))
    status = 200 if form is None else BAD
    if form is None:
        told = {"detectors": page.detectors, "daily_limit": page.daily_limit}
        form = AutomaticForm(initial=told)
    context = {"page": page, "form": form, "detectors": trusted_detectors()}
    return render(request, "syncapp/automatic.html", context, status=status)


def _back(source_id: int) -> HttpResponse:
    address = reverse("syncapp:automatic", args=[source_id])
    return HttpResponseRedirect(address, status=SEE_OTHER)
