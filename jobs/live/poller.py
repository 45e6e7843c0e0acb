"""Looks for news of jobs on behalf of all open pages: one poller a process.

It begins with the first socket and ends with the last. On PostgreSQL a notification
wakes it; polling is the fallback there, and the only way on SQLite.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import psycopg
from asgiref.sync import ThreadSensitiveContext
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from jobs import queries
from jobs.live.subscription import Counts, Subscription
from jobs.queries import JobCard, JobsSnapshot
from jobs.queue.bells import connect_params
from jobs.queue.leases import CHANNEL

logger = logging.getLogger(__name__)
GAP_S = 0.25  # between two polls: a socket gets no more than four messages a second
FALLBACK_POLL_S = 2.0  # between two polls while notifications come
RETRY_S = 5.0  # until listening or polling is tried again


class Poller:
    """Takes snapshots and pushes what is new in them to every subscription."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._cards: dict[int, JobCard] = {}
        self._counts: Counts | None = None
        self._after: dict[int, int] = {}  # the last log line seen, by job
        self._listens = False
        # Of its own: a slow look at the jobs holds up nobody's page and no socket.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="poller")

    def join(self, subscription: Subscription) -> None:
        self._subscriptions.add(subscription)
        for job_id, seq in subscription.positions.items():
            self._after[job_id] = min(seq, self._after.get(job_id, seq))
            self._cards.pop(job_id, None)  # sent anew: it may have changed meanwhile
        if subscription.all_jobs:
            self._counts, self._cards = None, {}
        self._woken.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def leave(self, subscription: Subscription) -> None:
        self._subscriptions.discard(subscription)
        self._woken.set()  # the last one ends the task

    async def _run(self) -> None:
        # Asked again at the very end: a page that comes while the last one's poll is
        # put away finds this task at work, and starts none.
        while self._subscriptions:
            await self._poll_while_subscribed()

    async def _poll_while_subscribed(self) -> None:
        listener = asyncio.create_task(self._listen())
        try:
            async with ThreadSensitiveContext(executor=self._thread):
                while self._subscriptions:
                    await self._poll_once()
                    await asyncio.sleep(GAP_S)
                    await self._wait_for_news()
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)

    async def _wait_for_news(self) -> None:
        poll_s = settings.LIVE_POLL_S
        wait_s = max(poll_s, FALLBACK_POLL_S) if self._listens else poll_s
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), max(0, wait_s - GAP_S))

    async def _poll_once(self) -> None:
        self._woken.clear()
        wanted = {job_id for each in self._subscriptions for job_id in each.positions}
        self._after = {pk: seq for pk, seq in self._after.items() if pk in wanted}
        was_active = {pk for pk, card in self._cards.items() if card.is_active}
        snapshot = database_sync_to_async(queries.snapshot)
        try:
            found = await snapshot(wanted | was_active, dict(self._after))
        except (DatabaseError, InterfaceError) as exc:
            logger.warning("The jobs could not be looked at: %s", exc)
            await asyncio.sleep(RETRY_S)
        else:
            self._push(found)

    def _push(self, found: JobsSnapshot) -> None:
        for job_id, line in found.events:
            self._after[job_id] = max(line.seq, self._after.get(job_id, 0))
            for subscription in self._subscriptions:
                subscription.push_line(job_id, line)
        self._push_cards(found.cards)
        counts = found.counts, found.newest_id
        if counts != self._counts:
            self._counts = counts
            for subscription in self._subscriptions:
                subscription.push_counts(counts)

    def _push_cards(self, cards: Iterable[JobCard]) -> None:
        known, self._cards = self._cards, {card.job_id: card for card in cards}
        for job_id, card in self._cards.items():
            if known.get(job_id) != card:
                for subscription in self._subscriptions:
                    subscription.push_card(card)

    async def _listen(self) -> None:
        """Wake the poller at each notification; on PostgreSQL alone."""
        while connection.vendor == "postgresql":
            try:
                await self._hear()
            except psycopg.Error as exc:
                logger.warning("No notifications of jobs for a while: %s", exc)
            self._listens = False
            await asyncio.sleep(RETRY_S)

    async def _hear(self) -> None:
        connect = psycopg.AsyncConnection.connect
        async with await connect(**connect_params(), autocommit=True) as own:
            await own.execute(f"LISTEN {CHANNEL}")
            self._listens = True
            async for _ in own.notifies():
                self._woken.set()


poller = Poller()
