"""Threads for the database that requests take turns with, each with its connection."""

from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.db import connections

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
KEPT = 4  # that wait for a request; in a rush there are more


class KeptThreads:
    """Gives each request a thread that served another before.

    Django starts one for each request. With it goes the connection, and what SQLite has
    read of the schema and prepared of the statements: a tenth of a list's time.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.free: deque[ThreadPoolExecutor] = deque()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        thread = self._take()
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.application(scope, receive, send)
        finally:
            self._give_back(thread)

    def _take(self) -> ThreadPoolExecutor:
        try:
            return self.free.pop()  # the one that was used last: others may be let go
        except IndexError:
            return ThreadPoolExecutor(1, thread_name_prefix="request")

    def _give_back(self, thread: ThreadPoolExecutor) -> None:
        """Keep it for others once it has come to the end of its work.

        A request whose browser has gone ends before its query does.
        """

        def keep(_done: "Future[None]") -> None:
            self.free.append(thread)

        if len(self.free) < KEPT:
            thread.submit(_nothing).add_done_callback(keep)
        else:
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)


def _nothing() -> None:
    """Come to an end after all that was given to a thread before."""
