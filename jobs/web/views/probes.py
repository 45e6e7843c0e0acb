"""What machines ask: is Steward ready, and what are its figures."""

import asyncio
import hmac
from dataclasses import asdict

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.http import require_safe

from jobs.monitoring import health, metrics

NOT_READY = 503
LONGEST_S = 1.5  # who asks gives up after a few seconds, and is then told nothing
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
async def readyz(_request: HttpRequest) -> HttpResponse:
    asked = asyncio.ensure_future(sync_to_async(health.readiness)())
    done, _ = await asyncio.wait({asked}, timeout=LONGEST_S)
    found = asked.result() if done else health.NOBODY_ANSWERS
    answer = {"ready": found.ready, **asdict(found)}
    no_store = {"Cache-Control": "no-store"}
    status = 200 if found.ready else NOT_READY
    return JsonResponse(answer, status=status, headers=no_store)


@require_safe
async def metrics_page(request: HttpRequest) -> HttpResponse:
    """Answer the figures to who knows the token; to others there is no such page."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(
        f"Bearer {token}".encode(), given.encode(errors="replace")
    ):
        return HttpResponseNotFound("There is no such page.", content_type="text/plain")
    text = await sync_to_async(metrics.exposition)()
    return HttpResponse(text, content_type=TEXT)
