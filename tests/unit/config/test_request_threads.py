"""Requests take turns with a few threads, and never get one that is still at work."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from config.request_threads import FullHouse, RequestThreads
from tests.waiting import wait_until


class Work:
    """Requests that stay in their thread until `go`."""

    def __init__(self, threads: RequestThreads) -> None:
        self.threads = threads
        self.go = threading.Event()
        self.seen_in: list[int] = []

    def request(self) -> "asyncio.Task[None]":
        return asyncio.ensure_future(self._serve())

    async def _serve(self) -> None:
        thread = await self.threads.take()
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(thread, self._work)
        finally:
            self.threads.give_back(thread)

    def _work(self) -> None:
        self.seen_in.append(threading.get_ident())
        self.go.wait(10)

    async def at_work(self, number: int) -> None:
        await until(lambda: len(self.seen_in) == number)

    async def all_free(self, number: int) -> None:
        await until(lambda: len(self.threads.free) == number)


async def until(what: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_until, what, within=10)


async def test_the_next_request_goes_on_with_the_thread_of_the_one_before() -> None:
    work = Work(RequestThreads(3, longest_line=0))
    work.go.set()

    for _ in range(3):
        await work.request()
        await work.all_free(3)

    assert len(work.seen_in) == 3
    assert len(set(work.seen_in)) == 1


async def test_many_requests_at_once_share_the_threads_there_are() -> None:
    work = Work(RequestThreads(2, longest_line=5))
    requests = [work.request() for _ in range(7)]
    await work.at_work(2)

    assert len(work.threads.line) == 5
    work.go.set()
    await asyncio.gather(*requests)

    assert len(work.seen_in) == 7
    assert len(set(work.seen_in)) == 2


async def test_who_came_first_is_served_first() -> None:
    threads = RequestThreads(1, longest_line=3)
    thread = await threads.take()
    served = []

    async def wait(name: str) -> None:
        mine = await threads.take()
        served.append(name)
        threads.give_back(mine)

    waiting = [asyncio.ensure_future(wait(name)) for name in ("ada", "ben", "cleo")]
    await until(lambda: len(threads.line) == 3)
    threads.give_back(thread)
    await asyncio.gather(*waiting)

    assert served == ["ada", "ben", "cleo"]


async def test_nobody_joins_a_line_that_is_full() -> None:
    work = Work(RequestThreads(1, longest_line=1))
    requests = [work.request(), work.request()]
    await work.at_work(1)

    with pytest.raises(FullHouse):
        await work.threads.take()
    work.go.set()
    await asyncio.gather(*requests)


async def test_who_leaves_is_out_of_the_line() -> None:
    work = Work(RequestThreads(1, longest_line=2))
    served, left = work.request(), work.request()
    await work.at_work(1)
    left.cancel()
    await asyncio.wait([left])

    assert not work.threads.line
    work.go.set()
    await served
    await work.all_free(1)


async def test_a_thread_is_not_lost_on_who_leaves_as_it_comes() -> None:
    threads = RequestThreads(1, longest_line=1)
    thread = await threads.take()
    waiting = asyncio.ensure_future(threads.take())
    await until(lambda: len(threads.line) == 1)
    threads._hand_on(thread)
    waiting.cancel()
    await asyncio.wait([waiting])

    assert list(threads.free) == [thread]


async def test_who_leaves_before_a_thread_comes_leaves_without_a_noise() -> None:
    threads = RequestThreads(1, longest_line=1)
    thread = await threads.take()
    waiting = asyncio.ensure_future(threads.take())
    await until(lambda: len(threads.line) == 1)
    waiting.cancel()
    threads._hand_on(thread)
    await asyncio.wait([waiting])

    assert waiting.cancelled()
    assert list(threads.free) == [thread]


async def test_a_thread_is_free_when_its_work_has_ended_though_nobody_waits() -> None:
    work = Work(RequestThreads(2, longest_line=0))
    left = work.request()
    await work.at_work(1)
    left.cancel()
    other = work.request()
    await work.at_work(2)

    assert not work.threads.free
    assert len(set(work.seen_in)) == 2
    work.go.set()
    await asyncio.gather(left, other, return_exceptions=True)
    await work.all_free(2)
