"""What every request passes: headers, static files, setup, sign-in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import async_only_middleware
from whitenoise.middleware import WhiteNoiseMiddleware

from jobs.queries import JobCounts, job_counts
from jobs.viewer import Viewer, ViewerRequest, viewer_of
from syncapp import queries
from syncapp.stash.answers import OURS

GetResponse = Callable[[HttpRequest], Awaitable[HttpResponseBase]]
POLICY = "; ".join(f"{name} {value}" for name, value in settings.SECURE_CSP.items())
# What answers without an administrator: machines ask it. The metrics want a token.
OPEN_BEFORE_SETUP = ("/healthz", "/readyz", "/metrics")
PICTURES = "/media/"  # below it there are no pages, and no frame
OPEN_PATHS = (*OPEN_BEFORE_SETUP, "/sign-in/", "/setup/")  # ... without sign-in


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame around each page tells."""

    job_counts: JobCounts
    sources: queries.FrameSources


@async_only_middleware
def static_files(get_response: GetResponse) -> GetResponse:
    """Serve static files; other requests pass without a thread.

    WhiteNoise 6.12 is sync only, which would put every async view behind two threads.
    """
    noise = WhiteNoiseMiddleware()
    find = noise.find_file if noise.autorefresh else noise.files.get

    def whole(file: Any, request: HttpRequest) -> HttpResponse:
        # The files are small: read whole, for ASGI cannot stream from sync iterators.
        streamed = noise.serve(file, request)
        response = HttpResponse(b"".join(streamed), status=streamed.status_code)
        response.headers = streamed.headers
        streamed.close()
        return response

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        file = find(request.path_info)
        if file is None:
            return await get_response(request)
        return await sync_to_async(whole)(file, request)

    return middleware


@async_only_middleware
def headers(get_response: GetResponse) -> GetResponse:
    """Add the content security policy to every answer, and whose it is.

    By that the client of a source knows this program: `syncapp/stash/answers.py`.
    """

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        response = await get_response(request)
        response.headers[OURS] = "1"
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=()")
        return response

    return middleware


@async_only_middleware
def setup_first(get_response: GetResponse) -> GetResponse:
    """Lead every address to the setup until somebody has claimed this Steward.

    After that the setup is not there any more. That it was claimed is remembered in
    this process and never asked again; before, each request asks the database.
    """
    claimed = False

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        nonlocal claimed
        if request.path_info in OPEN_BEFORE_SETUP:
            return await get_response(request)
        claimed = claimed or await sync_to_async(queries.is_claimed)()
        at_setup = request.path == reverse("syncapp:setup")
        if claimed and at_setup:
            msg = "Steward has its administrator."
            raise Http404(msg)
        if claimed or at_setup:
            return await get_response(request)
        return _lead_to_setup(request)

    return middleware


def _lead_to_setup(request: HttpRequest) -> HttpResponse:
    if request.accepts("text/html"):
        return HttpResponseRedirect(reverse("syncapp:setup"))
    setup = reverse("syncapp:setup")
    sentence = f"Steward has no administrator yet: set it up at {setup} first."
    return JsonResponse({"error": sentence}, status=403)


@async_only_middleware
def sign_in(get_response: GetResponse) -> GetResponse:
    """Give the request its viewer; nobody without one gets past the open paths.

    Everything is closed unless it is listed as open: a new page cannot forget it.
    """

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(OPEN_PATHS):
            return await get_response(request)
        viewer, frame, preferences = await sync_to_async(_viewer_and_frame)(request)
        if viewer is None:
            return _ask_to_sign_in(request)
        request.viewer = viewer  # type: ignore[attr-defined]
        request.frame = frame  # type: ignore[attr-defined]
        request.preferences = preferences  # type: ignore[attr-defined]
        return await get_response(request)

    return middleware


def _viewer_and_frame(
    request: HttpRequest,
) -> tuple[Viewer | None, Frame | None, queries.PersonPreferences | None]:
    """Read who asks, and what the frame of each page tells; here and nowhere else."""
    viewer = viewer_of(request.user)
    if viewer is None or request.path_info.startswith(PICTURES):
        return viewer, None, None
    frame = Frame(job_counts(), queries.frame_sources())
    return viewer, frame, queries.preferences_of(viewer.user_id)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.accepts("text/html"):
        here = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('login')}?{here}")
    return JsonResponse({"error": "Sign in first."}, status=403)


def page_frame(request: ViewerRequest) -> dict[str, Any]:
    """Context of every page: who looks (None before sign-in) and how, jobs, sources."""
    frame = getattr(request, "frame", None)
    return {
        "viewer": getattr(request, "viewer", None),
        "job_counts": frame.job_counts if frame else None,
        "sample": frame.sources.sample if frame else None,
        "source_names": frame.sources.names if frame else {},
        "preferences": getattr(request, "preferences", None),
        "here": request.get_full_path(),
    }
