"""What one socket has not been told yet: the latest of each job, and all log lines."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping

from jobs.queries import JobCard, JobCounts, JobEventRow

MOST_KEPT = 1_000  # lines kept for a socket that is slow; more are read again
Counts = tuple[JobCounts, int]  # with the greatest id of a job


class Subscription:
    """A queue for one socket: the poller pushes, the socket drains."""

    def __init__(self, *, all_jobs: bool, positions: Mapping[int, int]) -> None:
        self.all_jobs = all_jobs
        self.positions = dict(positions)  # the last line sent, by job
        self._news = asyncio.Event()
        self._cards: dict[int, JobCard] = {}
        self._lines: dict[int, list[JobEventRow]] = {}
        self._counts: Counts | None = None
        self._sent: dict[int, JobCard] = {}
        self._sent_counts: Counts | None = None

    async def wait(self, timeout_s: float) -> None:
        """Return when there is news, or when the time is over."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), timeout_s)

    def push_card(self, card: JobCard) -> None:
        if self.all_jobs or card.job_id in self.positions:
            self._cards[card.job_id] = card
            self._news.set()

    def push_line(self, job_id: int, line: JobEventRow) -> None:
        if job_id not in self.positions:
            return
        lines = self._lines.setdefault(job_id, [])
        if len(lines) < MOST_KEPT:
            lines.append(line)

    def push_counts(self, counts: Counts) -> None:
        if self.all_jobs:
            self._counts = counts
            self._news.set()

    def drain(self) -> tuple[Counts | None, tuple[JobCard, ...]]:
        """Return the counts and the jobs that differ from what was sent last."""
        sent = self._sent
        cards = [card for pk, card in self._cards.items() if sent.get(pk) != card]
        counts = self._counts if self._counts != self._sent_counts else None
        self._counts, self._cards = None, {}
        self._news.clear()
        self.mark_sent(counts, cards)
        return counts, tuple(cards)

    def mark_sent(self, counts: Counts | None, cards: Iterable[JobCard]) -> None:
        """Remember what is sent; of an ended job no more comes, unless it is asked."""
        self._sent_counts = counts or self._sent_counts
        for card in cards:
            self._sent[card.job_id] = card
            if not card.is_active and card.job_id not in self.positions:
                del self._sent[card.job_id]

    def drain_lines(self, card: JobCard) -> tuple[JobEventRow, ...] | None:
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
