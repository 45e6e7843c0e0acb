"""Watches the jobs for all open pages: one poller a process, one look for all.

It begins with the first socket and ends with the last. On PostgreSQL a notification
wakes it; looking now and then is the net below, and the only way on SQLite.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from asgiref.sync import ThreadSensitiveContext
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from jobs import queries
from jobs.leases import CHANNEL
from jobs.queries import JobCard, JobCounts, JobEventRow, Look

logger = logging.getLogger(__name__)
GAP_S = 0.25  # between two looks: a socket gets no more than four messages a second
NET_S = 2.0  # between two looks while notifications come
AGAIN_S = 5.0  # until listening or looking is tried again
MOST_KEPT = 1_000  # lines kept for a socket that is slow; more are read again


class Watch:
    """What one socket has not been told yet: the latest of each job, all lines."""

    def __init__(self, *, all_jobs: bool, positions: Mapping[int, int]) -> None:
        self.all_jobs = all_jobs
        self.positions = dict(positions)  # the last line told, by job
        self._news = asyncio.Event()
        self._cards: dict[int, JobCard] = {}
        self._lines: dict[int, list[JobEventRow]] = {}
        self._counts: tuple[JobCounts, int] | None = None
        self._told: dict[int, JobCard] = {}
        self._told_counts: tuple[JobCounts, int] | None = None

    async def wait(self, timeout_s: float) -> None:
        """Return when there is news, or when the time is over."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), timeout_s)

    def offer_card(self, card: JobCard) -> None:
        if self.all_jobs or card.job_id in self.positions:
            self._cards[card.job_id] = card
            self._news.set()

    def offer_line(self, job_id: int, line: JobEventRow) -> None:
        if job_id not in self.positions:
            return
        lines = self._lines.setdefault(job_id, [])
        if len(lines) < MOST_KEPT:
            lines.append(line)

    def offer_counts(self, counts: JobCounts, newest_id: int) -> None:
        if self.all_jobs:
            self._counts = counts, newest_id
            self._news.set()

    def take(self) -> tuple[tuple[JobCounts, int] | None, tuple[JobCard, ...]]:
        """Return the counts and the jobs that differ from what was told last."""
        told = self._told
        cards = [card for pk, card in self._cards.items() if told.get(pk) != card]
        counts = self._counts if self._counts != self._told_counts else None
        self._counts, self._cards = None, {}
        self._news.clear()
        self.note(counts, cards)
        return counts, tuple(cards)

    def note(
        self, counts: tuple[JobCounts, int] | None, cards: Iterable[JobCard]
    ) -> None:
        """Remember what is told; of an ended job no more comes, unless it is asked."""
        self._told_counts = counts or self._told_counts
        for card in cards:
            self._told[card.job_id] = card
            if not card.is_active and card.job_id not in self.positions:
                del self._told[card.job_id]

    def take_lines(self, card: JobCard) -> tuple[JobEventRow, ...] | None:
        """Return the lines after the position; None if some are not here.

        The numbers have no gaps, so a line that is missing shows.
        """
        position = self.positions[card.job_id]
        kept = self._lines.pop(card.job_id, [])
        lines = tuple(line for line in kept if line.seq > position)
        wanted = range(position + 1, max(card.last_seq, position) + 1)
        numbers = [line.seq for line in lines]
        if numbers[: len(wanted)] != list(wanted):
            return None
        return lines


class Poller:
    """Looks for news and hands them to every watch."""

    def __init__(self) -> None:
        self._watches: set[Watch] = set()
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._cards: dict[int, JobCard] = {}
        self._counts: tuple[JobCounts, int] | None = None
        self._after: dict[int, int] = {}
        self._listens = False

    def join(self, watch: Watch) -> None:
        self._watches.add(watch)
        for job_id, seq in watch.positions.items():
            self._after[job_id] = min(seq, self._after.get(job_id, seq))
            self._cards.pop(job_id, None)  # told anew: it may have changed meanwhile
        if watch.all_jobs:
            self._counts, self._cards = None, {}
        self._woken.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def leave(self, watch: Watch) -> None:
        self._watches.discard(watch)
        self._woken.set()  # the last one ends the task

    async def _run(self) -> None:
        # Asked again at the very end: a page that comes while the last one's look is
        # put away finds this task at work, and starts none.
        while self._watches:
            await self._look_while_watched()

    async def _look_while_watched(self) -> None:
        listener = asyncio.create_task(self._listen())
        try:
            # A thread of its own: a slow look holds up nobody's page.
            async with ThreadSensitiveContext():
                while self._watches:
                    await self._look_once()
                    await asyncio.sleep(GAP_S)
                    await self._rest()
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)

    async def _rest(self) -> None:
        poll_s = settings.LIVE_POLL_S
        rest_s = max(poll_s, NET_S) if self._listens else poll_s
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), max(0, rest_s - GAP_S))

    async def _look_once(self) -> None:
        self._woken.clear()
        watched = {job_id for watch in self._watches for job_id in watch.positions}
        self._after = {pk: seq for pk, seq in self._after.items() if pk in watched}
        was_active = {pk for pk, card in self._cards.items() if card.is_active}
        look = database_sync_to_async(queries.look)
        try:
            found = await look(watched | was_active, dict(self._after))
        except (DatabaseError, InterfaceError) as exc:
            logger.warning("The jobs could not be looked at: %s", exc)
            await asyncio.sleep(AGAIN_S)
        else:
            self._hand_out(found)

    def _hand_out(self, found: Look) -> None:
        for job_id, line in found.events:
            self._after[job_id] = max(line.seq, self._after.get(job_id, 0))
            for watch in self._watches:
                watch.offer_line(job_id, line)
        self._hand_out_cards(found.cards)
        counts = found.counts, found.newest_id
        if counts != self._counts:
            self._counts = counts
            for watch in self._watches:
                watch.offer_counts(*counts)

    def _hand_out_cards(self, cards: Iterable[JobCard]) -> None:
        known, self._cards = self._cards, {card.job_id: card for card in cards}
        for job_id, card in self._cards.items():
            if known.get(job_id) != card:
                for watch in self._watches:
                    watch.offer_card(card)

    async def _listen(self) -> None:
        """Wake the poller at each notification; on PostgreSQL alone."""
        while connection.vendor == "postgresql":
            try:
                await self._hear()
            except psycopg.Error as exc:
                logger.warning("No notifications of jobs for a while: %s", exc)
            self._listens = False
            await asyncio.sleep(AGAIN_S)

    async def _hear(self) -> None:
        connect = psycopg.AsyncConnection.connect
        async with await connect(**_address(), autocommit=True) as own:
            await own.execute(f"LISTEN {CHANNEL}")
            self._listens = True
            async for _ in own.notifies():
                self._woken.set()


def _address() -> dict[str, Any]:
    """Return how to connect beside Django: a pool lends nothing for that long."""
    given = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    names |= {"host": "HOST", "port": "PORT"}
    plain = {k: v for k, v in given["OPTIONS"].items() if isinstance(v, str | int)}
    return {**plain, **{k: given[name] for k, name in names.items() if given[name]}}


poller = Poller()
