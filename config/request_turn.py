"""A request's turn with one of the threads, which it leaves while its reader reads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

from config.refusals import Busy, Unanswered
from config.request_body import Inbox, Left
from config.request_threads import FullHouse, RequestThreads


class Turn(Executor):
    """Hands what a request asks of a thread to the one that it has been lent.

    An answer that is made piece by piece goes to the end of the line after each: it is
    in nobody's way, and who reads it slowly keeps no thread.
    """

    def __init__(self, threads: RequestThreads) -> None:
        self._threads = threads
        self._thread: ThreadPoolExecutor | None = None

    async def begin(self, inbox: Inbox, patience_s: float | None) -> None:
        """Wait for a thread.

        Raises Busy if too many wait for one, Left for who gave up, and Unanswered after
        `patience_s`: the one before may be at work for as long as the database hangs.
        """
        if self._threads.free:
            self._thread = await self._threads.take()
            return
        turn = asyncio.ensure_future(self._threads.take())
        either: set[asyncio.Future[Any]] = {turn, inbox.leaving()}
        try:
            done, _ = await asyncio.wait(
                either, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                raise Unanswered
            if turn not in done:
                raise Left
            self._thread = turn.result()
        except FullHouse:
            raise Busy from None
        finally:
            turn.cancel()

    async def go_on(self) -> None:
        """Wait for a thread once more; who has begun is never turned away."""
        self._thread = await self._threads.take(begun=True)

    def end(self) -> None:
        """Give the thread back."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._threads.give_back(thread)

    def submit(
        self, work: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> "Future[Any]":
        if self._thread is None:
            msg = "This request has given its thread back."
            raise RuntimeError(msg)
        return self._thread.submit(work, *args, **kwargs)
