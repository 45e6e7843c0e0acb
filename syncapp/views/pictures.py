"""The pictures, passed on from the sources: of these only the bytes are believed."""

import asyncio
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from jobs.viewer import ViewerRequest
from syncapp import services
from syncapp.services import Cover, Standing

NOT_FOUND, NOT_A_PICTURE = 404, 415
# How long a browser may keep what it got. A picture has another address once its row
# has changed; one that could not be had soon is asked for again.
DAY_S, HOUR_S, SOON_S = 86_400, 3_600, 10
STATIC = Path(__file__).parent.parent / "static" / "syncapp"
PLACEHOLDER = (STATIC / "no-picture.svg").read_bytes()
PLACEHOLDER_S = {
    Standing.NONE: HOUR_S,
    Standing.REMOVED: HOUR_S,
    Standing.AWAY: SOON_S,
}
# Opened by itself it may do nothing, and no page of another origin may show it.
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Disposition": "inline",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Arrival:
    """Waits for a picture, which comes in another thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._cover: Cover | None = None

    def come(self, cover: Cover) -> None:
        """Take what came."""
        self._cover = cover
        with suppress(RuntimeError):  # the server has stopped meanwhile
            self._loop.call_soon_threadsafe(self._woken.set)

    async def within(self, patience_s: float) -> Cover | None:
        """Return what came, None if nothing did in time: it still comes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._woken.wait()
        return self._cover


@require_safe
async def cover_picture(
    request: ViewerRequest, kind: str, row_id: int
) -> HttpResponseBase:
    """Answer the picture of a row, or our own that stands for none."""
    arrival = Arrival()
    found = await sync_to_async(services.find_cover)(kind, row_id, arrival.come)
    if found is None:
        return _answer(b"There is no such picture.", "text/plain", status=NOT_FOUND)
    if found.patience_s:
        found = await arrival.within(found.patience_s) or found
    if found.standing is Standing.REFUSED:
        sentence = b"What the source sent for this picture is none."
        return _answer(sentence, "text/plain", status=NOT_A_PICTURE)
    if found.standing is Standing.HERE:
        return _shown(request, found)
    keep_s = PLACEHOLDER_S[found.standing]
    return _answer(PLACEHOLDER, "image/svg+xml", keep_s=keep_s)


def _shown(request: HttpRequest, found: Cover) -> HttpResponseBase:
    picture = found.picture
    response = _answer(picture.body, picture.content_type, keep_s=DAY_S)
    etag = f'"{blake2b(picture.body, digest_size=12).hexdigest()}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def _answer(
    body: bytes, content_type: str, *, status: int = 200, keep_s: int = SOON_S
) -> HttpResponse:
    headers = {**HEADERS, "Cache-Control": f"private, max-age={keep_s}"}
    return HttpResponse(body, content_type=content_type, status=status, headers=headers)
