"""Threads for the database that requests take turns with, each with its connection."""

from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.db import close_old_connections, connections

Application = Callable[[Any, Any, Any], Awaitable[None]]
KEPT = 4  # in a rush there are more, for one request each


class RequestThreadPool:
    """Gives each request a thread that served another before.

    Django starts one for each request. With it goes the connection, and what SQLite has
    read of the schema and prepared of the statements: a tenth of a list's time.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.kept: list[ThreadPoolExecutor] = []
        self.free: deque[ThreadPoolExecutor] = deque()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        thread = self._take()
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.application(scope, receive, send)
        finally:
            self._give_back(thread)

    def _take(self) -> ThreadPoolExecutor:
        if self.free:
            return self.free.pop()
        thread = ThreadPoolExecutor(1, thread_name_prefix="request")
        if len(self.kept) < KEPT:
            self.kept.append(thread)
        return thread

    def _give_back(self, thread: ThreadPoolExecutor) -> None:
        """Let others have it once it has come to the end of its work.

        A request whose browser has gone ends before its query does.
        """

        def free(_done: "Future[None]") -> None:
            self.free.append(thread)

        if thread in self.kept:
            thread.submit(close_old_connections).add_done_callback(free)
        else:
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)
