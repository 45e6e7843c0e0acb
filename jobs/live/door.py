"""Who gets a socket: people who are signed in, so many each and so many in all.

Others are refused before the socket is accepted. It has cost them a connection by then,
and Steward nothing, or for a session that was made up one question to the database.
"""

import itertools
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from channels.db import database_sync_to_async
from django.conf import settings
from django.http import parse_cookie

from jobs import outages, queries

logger = logging.getLogger(__name__)
SocketApp = Callable[[Any, Any, Any], Awaitable[None]]
SIGN_IN, TOO_MANY, FULL = 401, 429, 503
SESSION_KEY = re.compile(r"[a-z0-9]{8,40}", re.ASCII)  # as Django makes them
THREADS = 2  # of all sockets: a slow look of theirs holds up no page
MOST_ASKED = 32  # sessions that are looked up at once


class Door:
    """Lets sockets in and counts them.

    A socket shares its thread with others, for as long as it is open.
    """

    def __init__(self, application: SocketApp) -> None:
        self.application = application
        self.open: Counter[int] = Counter()  # sockets, by person
        self.asked = 0
        threads = (
            ThreadPoolExecutor(1, thread_name_prefix="sockets") for _ in range(THREADS)
        )
        self._threads = itertools.cycle(threads)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        key = _session_key(scope["headers"])
        if not SESSION_KEY.fullmatch(key):
            await _refuse(SIGN_IN, scope, send)
            return
        if self._is_full() or self.asked >= MOST_ASKED:
            await _refuse(FULL, scope, send)
            return
        async with ThreadSensitiveContext(executor=next(self._threads)):
            user_id = await self._ask(key)
            status = FULL if user_id is None else self._refusal(user_id)
            if user_id is None or status:
                await _refuse(status, scope, send)
                return
            with self._counted(user_id):
                await self.application({**scope, "session_key": key}, receive, send)

    async def _ask(self, key: str) -> int | None:
        """Return whose session this is; 0 for nobody's, None if nobody can say now."""
        self.asked += 1
        try:
            viewer = await database_sync_to_async(queries.viewer_of_session)(key)
        except outages.DATABASE_ERRORS as exc:
            if not outages.passes(exc):
                raise
            logger.warning("A socket was refused: %s", exc)
            return None
        finally:
            self.asked -= 1
        return 0 if viewer is None else viewer.user_id

    def _refusal(self, user_id: int) -> int:
        """Return the status that they are refused with; 0 if they are let in."""
        if not user_id:
            return SIGN_IN
        if self._is_full():
            return FULL
        return TOO_MANY if self.open[user_id] >= settings.LIVE_SOCKETS_EACH else 0

    def _is_full(self) -> bool:
        return self.open.total() >= settings.LIVE_SOCKETS

    @contextmanager
    def _counted(self, user_id: int) -> Iterator[None]:
        self.open[user_id] += 1
        try:
            yield
        finally:
            self.open -= Counter([user_id])  # who has none is in it no more


def _session_key(headers: Iterable[tuple[bytes, bytes]]) -> str:
    cookies = "; ".join(v.decode("latin-1") for n, v in headers if n == b"cookie")
    return str(parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, ""))


async def _refuse(status: int, scope: Any, send: Any) -> None:
    """Answer the handshake with a status, where the server can do so."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    headers = [(b"retry-after", b"30")] if status != SIGN_IN else []
    start = {"type": "websocket.http.response.start", "status": status}
    await send({**start, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b""})
