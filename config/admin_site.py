"""The admin's site: it has no sign-in of its own, and shows any moment there is."""

from collections.abc import Callable
from datetime import UTC
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ERROR_FLAG
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

AdminView = Callable[..., HttpResponse]
# Year 1 in a zone west of Greenwich, a year of five digits: no calendar holds them.
NO_SUCH_TIME = (OverflowError, ValueError)


class StewardSite(admin.AdminSite):
    def login(
        self,
        request: HttpRequest,
        extra_context: Any = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Lead to the one door, which slows down who guesses."""
        if request.user.is_authenticated and not self.has_permission(request):
            sentence = "The admin is for members of staff: ask one to make you one."
            context = {"sentence": sentence}
            return render(request, "refused.html", context, status=403)
        wanted = request.GET.get("next", reverse("admin:index"))
        return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': wanted})}")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        return super().admin_view(_any_time(view), cacheable)


def _any_time(view: AdminView) -> AdminView:
    """Show in UTC what cannot be shown in the zone; show all if a filter is no time."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return view(request, *args, **kwargs)
        try:
            return _rendered(view(request, *args, **kwargs))
        except NO_SUCH_TIME:
            pass
        try:
            with timezone.override(UTC):
                return _rendered(view(request, *args, **kwargs))
        except NO_SUCH_TIME as exc:
            if "out of range" not in str(exc) or ERROR_FLAG in request.GET:
                raise
        return HttpResponseRedirect(f"{request.path}?{urlencode({ERROR_FLAG: 1})}")

    return wrapper


def _rendered(response: HttpResponse) -> HttpResponse:
    """Return the page as it is sent: templates look at the rows."""
    if isinstance(response, TemplateResponse):
        return response.render()
    return response
