"""The socket of an open page: a snapshot first, then what changes.

Who comes here was let in by the door, which gave the socket its thread.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import Iterable
from contextlib import AsyncExitStack, suppress
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from jobs import outages, queries
from jobs.live import serializers
from jobs.live.poller import poller
from jobs.live.subscription import Subscription
from jobs.numbers import parse_id
from jobs.queries import MOST_EVENTS, JobCard, JobEventRow

logger = logging.getLogger(__name__)
VERSION = 1
SIGNED_OUT, REFUSED, BROKEN = 4401, 4403, 1011  # how a socket is closed
ALIVE_S = 20.0  # after so much silence a message says that all is well
MOST_TOPICS = 20
TOPIC = re.compile(r"jobs|job:[1-9][0-9]{0,17}", re.ASCII)


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Tells a page about the topics of its address: `jobs`, `job:42`.

    `since` is the number of the last line of the log that the page has.
    """

    _sender: "asyncio.Task[None] | None" = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._sender is not None:
                self._sender.cancel()
                await asyncio.gather(self._sender, return_exceptions=True)

    async def connect(self) -> None:
        # Accepted first, so that the page is sent by a code why it is closed.
        await self.accept()
        topics_and_since = _parse_query(self.scope["query_string"])
        if topics_and_since is None:
            await self.close(REFUSED)
            return
        self._sender = asyncio.create_task(self._serve(*topics_and_since))

    async def receive(self, **_said: Any) -> None:
        """Close the socket: a page says its topics in its address, and nothing here."""
        await self.close(REFUSED)

    async def _is_signed_in(self) -> bool:
        who = database_sync_to_async(queries.viewer_of_session)
        return await who(self.scope["session_key"]) is not None

    async def _serve(self, topics: frozenset[str], since: int) -> None:
        async with AsyncExitStack() as at_end:
            at_end.push_async_exit(self._close_after_error)
            await self._tell(topics, since)

    async def _close_after_error(
        self, _kind: object, error: BaseException | None, _trace: object
    ) -> None:
        """Let the page come again, which would wait for a word that never comes."""
        if not isinstance(error, Exception):
            return
        if not isinstance(error, OSError):  # that is a page which has gone
            passes = isinstance(error, outages.DATABASE_ERRORS) and outages.passes(
                error
            )
            logger.warning("A socket is closed: %s", error, exc_info=not passes)
        with suppress(OSError):
            await self.close(BROKEN)

    async def _tell(self, topics: frozenset[str], since: int) -> None:
        job_ids = [int(topic[4:]) for topic in topics if topic != "jobs"]
        subscription = Subscription(
            all_jobs="jobs" in topics, positions=dict.fromkeys(job_ids, since)
        )
        if not await self._send_snapshot(subscription, job_ids):
            await self.close(REFUSED)
            return
        poller.join(subscription)
        try:
            await self._send_changes(subscription)
        finally:
            poller.leave(subscription)

    async def _send_snapshot(
        self, subscription: Subscription, job_ids: list[int]
    ) -> bool:
        """Send the snapshot of each topic; False if a job is not there."""
        found = await database_sync_to_async(queries.snapshot)(job_ids)
        cards = {card.job_id: card for card in found.cards}
        if not cards.keys() >= set(job_ids):
            return False
        subscription.mark_sent((found.counts, found.newest_id), found.cards)
        if subscription.all_jobs:
            data = {
                "counts": serializers.of_counts(found.counts, found.newest_id),
                "rows": [serializers.of_row(card) for card in found.cards],
            }
            await self._send("jobs", "snapshot", data)
        for job_id in job_ids:
            await self._send_job(subscription, cards[job_id], "snapshot")
        return True

    async def _send_changes(self, subscription: Subscription) -> None:
        recheck_at = time.monotonic() + settings.LIVE_RECHECK_S
        self._sent_at = time.monotonic()
        while True:
            due_at = min(recheck_at, self._sent_at + ALIVE_S)
            await subscription.wait(max(0.0, due_at - time.monotonic()))
            now = time.monotonic()
            if now >= recheck_at:
                recheck_at = now + settings.LIVE_RECHECK_S
                if not await self._is_signed_in():
                    await self.close(SIGNED_OUT)
                    return
            await self._send_news(subscription)
            if time.monotonic() - self._sent_at >= ALIVE_S:
                await self._send("", "alive", {})

    async def _send_news(self, subscription: Subscription) -> None:
        counts, cards = subscription.drain()
        for card in cards:
            if card.job_id in subscription.positions:
                await self._send_job(subscription, card, "changed")
        if subscription.all_jobs and (counts or cards):
            data: dict[str, Any] = {
                "rows": [serializers.of_row(card) for card in cards]
            }
            if counts:
                data["counts"] = serializers.of_counts(*counts)
            await self._send("jobs", "changed", data)

    async def _send_job(
        self, subscription: Subscription, card: JobCard, kind: str
    ) -> None:
        """Send a job and the lines of its log that the page does not have."""
        lines = subscription.drain_lines(card)
        while lines is None or len(lines) >= MOST_EVENTS:
            lines = await self._lines_again(subscription, card, lines)
        await self._send_lines(subscription, card, kind, lines)

    async def _lines_again(
        self,
        subscription: Subscription,
        card: JobCard,
        lines: tuple[JobEventRow, ...] | None,
    ) -> tuple[JobEventRow, ...]:
        """Send what is a whole message already; return the lines after it."""
        if lines:
            await self._send_lines(subscription, card, "changed", lines)
        read = database_sync_to_async(queries.job_events)
        found = await read(card.job_id, after=subscription.positions[card.job_id])
        return tuple(found)

    async def _send_lines(
        self,
        subscription: Subscription,
        card: JobCard,
        kind: str,
        lines: Iterable[JobEventRow],
    ) -> None:
        sent = tuple(lines)
        seq = sent[-1].seq if sent else subscription.positions[card.job_id]
        data = {"job": serializers.of_job(card), "events": serializers.of_events(sent)}
        await self._send(f"job:{card.job_id}", kind, data, seq)
        subscription.positions[card.job_id] = seq

    async def _send(
        self, topic: str, kind: str, data: dict[str, Any], seq: int = 0
    ) -> None:
        message = {"v": VERSION, "topic": topic, "type": kind, "seq": seq, "data": data}
        await self.send(json.dumps(message))
        self._sent_at = time.monotonic()


def _parse_query(query: bytes) -> tuple[frozenset[str], int] | None:
    """Return topics and `since` of an address; None if it asks for what is not."""
    fields = parse_qs(query.decode("latin-1"))
    topics = frozenset(",".join(fields.get("topics", [])).split(","))
    since = parse_id(fields.get("since", ["0"])[-1])
    fits = all(TOPIC.fullmatch(topic) for topic in topics)
    if not fits or len(topics) > MOST_TOPICS or since is None:
        return None
    return topics, since
