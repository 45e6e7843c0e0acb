"""Django's middleware whose steps wait for nothing, without a thread for each step.

Django runs each step of a middleware in a thread when the request is async: some
twenty changes of thread a page, a third of its time and more on a busy machine.
"""

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.middleware import clickjacking, common, csrf, security
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

HARMLESS = ("GET", "HEAD", "OPTIONS", "TRACE")  # change nothing: no form to look into


class AuthenticationMiddleware(auth.AuthenticationMiddleware):
    """Sets `request.user`, which asks the database when it is looked at."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        self.process_request(request)
        response: HttpResponseBase = await _get_response(self, request)
        return response


class CommonMiddleware(common.CommonMiddleware):
    """Adds a missing slash to the address, and the length to the answer."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.process_request(request) or await _get_response(self, request)
        return self.process_response(request, response)


class CsrfViewMiddleware(csrf.CsrfViewMiddleware):
    """Refuses forms of other sites. Its secret is in a cookie: no database."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        self.process_request(request)
        return self.process_response(request, await _get_response(self, request))

    async def process_view(  # type: ignore[override]
        self, request: HttpRequest, callback: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        """Look into a form that was sent in a thread: it may be read from a file."""
        if request.method in HARMLESS:
            return super().process_view(request, callback, args, kwargs)
        look = sync_to_async(super().process_view)
        return await look(request, callback, args, kwargs)


class MessageMiddleware(messages.MessageMiddleware):
    """Keeps messages in a cookie (MESSAGE_STORAGE): no database."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        self.process_request(request)
        return self.process_response(request, await _get_response(self, request))


class SecurityMiddleware(security.SecurityMiddleware):
    """Answers plain requests where https:// is the address; adds headers.

    Django sends them on to https:// for good, and where the proxy does not say that the
    visitor is there already, the browser goes in a circle and remembers it.
    """

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer_plain(request) or await _get_response(self, request)
        return self.process_response(request, response)

    def answer_plain(self, request: HttpRequest) -> HttpResponse | None:
        """Send on who came by http:// for certain; tell all others what is missing."""
        path = request.path_info.lstrip("/")
        if not self.redirect or request.is_secure():
            return None
        if any(pattern.search(path) for pattern in self.redirect_exempt):
            return None
        if came_by_http(request):
            return HttpResponseRedirect(
                f"https://{self.redirect_host}{request.get_full_path()}"
            )
        return _header_missing(request)


def came_by_http(request: HttpRequest) -> bool:
    """Return whether the proxy says so and the browser does not show otherwise.

    Browsers send Sec-Fetch-Mode over https alone: with it, some proxy on the way took
    the request by https and the next one does not know.
    """
    said = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip()
    return said == "http" and "Sec-Fetch-Mode" not in request.headers


def _header_missing(request: HttpRequest) -> HttpResponse:
    sentence = (
        f"Steward is at {settings.PUBLIC_URL}, and this request did not come by https, "
        "as far as the proxy before Steward says: it must set the header "
        "X-Forwarded-Proto to https."
    )
    response: HttpResponse = JsonResponse({"error": sentence}, status=400)
    if request.accepts("text/html"):
        context = {
            "url": settings.PUBLIC_URL,
            "said": request.headers.get("X-Forwarded-Proto", ""),
            "proxies": settings.TRUSTED_PROXIES,
        }
        response = render(request, "header_missing.html", context, status=400)
    response.headers["Cache-Control"] = "no-store"
    return response


class SessionMiddleware(sessions.SessionMiddleware):
    """Sets `request.session`; one that was changed is saved, in a thread."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        self.process_request(request)
        response = await _get_response(self, request)
        if request.session.modified:
            return await sync_to_async(self.process_response)(request, response)
        return self.process_response(request, response)


class XFrameOptionsMiddleware(clickjacking.XFrameOptionsMiddleware):
    """Forbids other sites to show a page within theirs."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        return self.process_response(request, await _get_response(self, request))


async def _get_response(middleware: MiddlewareMixin, request: HttpRequest) -> Any:
    return await middleware.get_response(request)  # type: ignore[misc]
