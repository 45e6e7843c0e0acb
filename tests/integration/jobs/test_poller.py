"""One poller looks for all open pages of a process, as they come and go."""

import asyncio

import pytest
from django.db import connection

from jobs.live.poller import GAP_S, Poller
from jobs.live.subscription import Subscription

pytestmark = pytest.mark.django_db(transaction=True)


async def is_told_after(pause_s: float) -> bool:
    """Close the only page; return whether one that opens after `pause_s` is told."""
    poller = Poller()
    first, second = (Subscription(all_jobs=True, positions={}) for _ in range(2))
    poller.join(first)
    await first.wait(10)
    poller.leave(first)
    await asyncio.sleep(pause_s)
    poller.join(second)
    await second.wait(10)
    counts, _ = second.drain()
    poller.leave(second)
    return counts is not None


async def test_a_page_that_opens_as_the_last_one_closes_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As in a web process: what a look used is given back with it.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    # The poller ends a gap after the last page did; the pauses lie around that moment.
    pauses = [GAP_S + step / 2_000 for step in range(-10, 30)]

    told = await asyncio.gather(*map(is_told_after, pauses))

    assert all(told)
