"""Requests take turns with a few threads, and never get one that is still at work."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

from config.request_threads import KEPT, RequestThreadPool
from tests.waiting import wait_until


class Site:
    """An application whose requests stay in their thread until `go`."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.seen_in: list[int] = []
        self.threads = RequestThreadPool(self.application)

    async def application(self, _scope: Any, _receive: Any, _send: Any) -> None:
        await sync_to_async(self.work)()

    def work(self) -> None:
        self.seen_in.append(threading.get_ident())
        self.go.wait(10)

    def request(self) -> "asyncio.Task[None]":
        return asyncio.ensure_future(self.threads({"type": "http"}, None, None))

    async def at_work(self, number: int) -> None:
        await until(lambda: len(self.seen_in) == number)

    async def all_free(self, number: int) -> None:
        await until(lambda: len(self.threads.free) == number)


async def until(what: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_until, what, within=10)


async def test_the_next_request_goes_on_with_the_thread_of_the_one_before() -> None:
    site = Site()
    site.go.set()

    for _ in range(3):
        await site.request()
        await site.all_free(1)

    assert len(site.seen_in) == 3
    assert len(set(site.seen_in)) == 1


async def test_each_of_many_requests_at_once_has_a_thread_and_a_few_are_kept() -> None:
    site = Site()
    requests = [site.request() for _ in range(KEPT + 2)]
    await site.at_work(KEPT + 2)
    site.go.set()
    await asyncio.gather(*requests)

    await site.all_free(KEPT)

    assert len(set(site.seen_in)) == KEPT + 2


async def test_a_thread_is_free_when_its_work_has_ended_though_nobody_waits() -> None:
    site = Site()
    left = site.request()
    await site.at_work(1)
    left.cancel()
    other = site.request()
    await site.at_work(2)

    assert not site.threads.free
    assert len(set(site.seen_in)) == 2
    site.go.set()
    await asyncio.gather(left, other, return_exceptions=True)
    await site.all_free(2)
