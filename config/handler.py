"""Django's handler of requests, with errors answered in the request's own thread."""

import logging
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import set_urlconf
from django.utils.log import log_response
from django.utils.module_loading import import_string

from config.middleware import GetResponse
from jobs import outages
from jobs.web.responses import answer_away

FIRST_ERROR = 400

logger = logging.getLogger(__name__)


class RequestHandler(ASGIHandler):
    """Starts no threads.

    For each error Django goes to a thread of no request (`thread_sensitive=False`). A
    connection that its page opens there is never closed: it is one of the pool's, for
    ever.
    """

    def load_middleware(self, is_async: bool = True) -> None:  # noqa: FBT001, FBT002 - Django's own signature
        """Build Django's chain of middleware, all of it async."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        handler = with_error_pages(self._get_response_async)  # type: ignore[attr-defined]
        for path in reversed(settings.MIDDLEWARE):
            middleware = import_string(path)(handler)
            if hasattr(middleware, "process_view"):
                look = self.adapt_method_mode(is_async, middleware.process_view)
                self._view_middleware.insert(0, look)
            handler = with_error_pages(middleware)
        self._middleware_chain = handler

    async def get_response_async(self, request: HttpRequest) -> Any:
        set_urlconf(settings.ROOT_URLCONF)
        response: Any = await self._middleware_chain(request)
        response._resource_closers.append(request.close)  # noqa: SLF001 - Django's way
        if response.status_code >= FIRST_ERROR:
            log_response(
                "%s: %s",
                response.reason_phrase,
                request.path,
                response=response,
                request=request,
            )
        return response


def with_error_pages(get_response: GetResponse) -> GetResponse:
    """Answer every error with its page, made in the request's thread.

    A database that is away or busy is no error of the page: who asked is told so.
    """

    async def answered(request: HttpRequest) -> HttpResponseBase:
        try:
            return await get_response(request)
        except Exception as exc:  # noqa: BLE001 - whatever it is, it has its page
            if isinstance(exc, outages.DATABASE_ERRORS) and outages.passes(exc):
                logger.warning("%s was not answered: %s", request.path, exc)
                return answer_away(request)
            return await sync_to_async(response_for_exception)(request, exc)

    return answered
