"""A fixed number of threads for the database, and a line of bounded length before them.

Each thread has its connection and serves one request after the other.
"""

import asyncio
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from django.db import close_old_connections


class FullHouse(Exception):
    """All threads are lent and the line before them is full."""


class RequestThreads:
    """Lends each request a thread that served another before.

    Django starts one for each request. With it goes the connection, and what SQLite has
    read of the schema and prepared of the statements: a tenth of a list's time. And a
    crowd makes thousands.
    """

    def __init__(self, number: int, *, longest_line: int) -> None:
        self.longest_line = longest_line
        # A thread starts when it is first lent. The last one given back goes first: its
        # connection is open.
        self.free = deque(
            ThreadPoolExecutor(1, thread_name_prefix="request") for _ in range(number)
        )
        self.line: deque[asyncio.Future[ThreadPoolExecutor]] = deque()

    async def take(self, *, begun: bool = False) -> ThreadPoolExecutor:
        """Return a thread, after those who came before; raises FullHouse.

        Who is cancelled meanwhile is out of the line. Whoever has `begun` and comes for
        the next piece of work waits in a line of any length.
        """
        if self.free:
            return self.free.pop()
        if len(self.line) >= self.longest_line and not begun:
            raise FullHouse
        place: asyncio.Future[ThreadPoolExecutor] = asyncio.Future()
        self.line.append(place)
        try:
            return await place
        except asyncio.CancelledError:
            if place.cancelled():
                with suppress(ValueError):  # passed over meanwhile
                    self.line.remove(place)
            else:  # it came in the moment of leaving
                self._hand_on(place.result())
            raise

    def give_back(self, thread: ThreadPoolExecutor) -> None:
        """Let the next have it once it has come to the end of its work.

        A request whose browser has gone ends before its query does.
        """
        loop = asyncio.get_running_loop()

        def hand_on(_done: "Future[None]") -> None:
            with suppress(RuntimeError):  # the server has stopped meanwhile
                loop.call_soon_threadsafe(self._hand_on, thread)

        thread.submit(close_old_connections).add_done_callback(hand_on)

    def _hand_on(self, thread: ThreadPoolExecutor) -> None:
        while self.line:
            place = self.line.popleft()
            if not place.done():
                place.set_result(thread)
                return
        self.free.append(thread)
