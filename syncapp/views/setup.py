"""The setup: the page that makes the first administrator."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from jobs.web.responses import status_of
from syncapp import services
from syncapp.forms import SetupForm

SETUP_REFUSALS: dict[type[Exception], int] = {
    services.TooManyTries: 429,
    services.AlreadyClaimed: 409,
    services.CodeRefused: 403,
    services.BadAccount: 400,
}


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
        page = _setup_page(request, form, status_of(exc, SETUP_REFUSALS))
        if isinstance(exc, services.TooManyTries):
            page["Retry-After"] = str(exc.wait_s)
        return page
    return HttpResponseRedirect(reverse("syncapp:connect"))


def _setup_page(request: HttpRequest, form: SetupForm, status: int) -> HttpResponse:
    return render(request, "syncapp/setup.html", {"form": form}, status=status)


def _field_at_fault(exc: Exception) -> str | None:
    if isinstance(exc, services.BadAccount):
        return exc.field
    return "code" if isinstance(exc, services.CodeRefused) else None
