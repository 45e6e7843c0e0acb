"""Wakes workers for jobs that wait: never more than could start at once."""

import logging

from django.db import transaction
from django.db.models import Q

from jobs.models import Job
from jobs.queue import q2, recovery, registry

logger = logging.getLogger(__name__)


def announce_on_commit(job_id: int, lane: str) -> None:
    """Announce a new job once it is stored; nothing that fails then reaches the caller.

    The job is there by then, and the sweep announces it again.
    """

    def announce_stored_job() -> None:
        try:
            announce(job_id, lane)
        except q2.AWAY as exc:
            logger.warning("No worker could be woken for job %d: %s", job_id, exc)

    # A named function, for Django's log of what else may go wrong wants its name.
    transaction.on_commit(announce_stored_job, robust=True)


def announce(job_id: int, lane: str) -> None:
    """Send the wake-up of a new job, to where most processes are free.

    The queues are those of the workers that there are: which lanes they put together
    may differ from what is set here. Without a worker it waits in ours.
    """
    free = recovery.free_processes()
    serving = [lanes for lanes in free if lane in lanes]
    best = max(serving, key=free.__getitem__, default=())
    q2.send(job_id, "+".join(best) or q2.queue_of(lane))


def wake(which: Q | None = None) -> int:
    """Send wake-ups for jobs that wait and are as `which` says; returns how many."""
    sent = 0
    for lanes, free in recovery.free_processes().items():
        for job_id in _waiting(lanes, which or Q(), limit=free):
            if not q2.send(job_id, "+".join(lanes)):
                return sent  # nor would the next one be
            sent += 1
    return sent


def wake_next() -> None:
    """Send a wake-up for each lane that has work, a free process and no message.

    To be called where a job made room: its key is free, and its process.
    """
    for lanes, free in recovery.free_processes().items():
        queue = "+".join(lanes)
        if free and not q2.has_messages(queue):
            for job_id in _waiting(lanes, Q(), limit=1):
                q2.send(job_id, queue)


def _waiting(lanes: tuple[str, ...], which: Q, *, limit: int) -> tuple[int, ...]:
    due = Job.objects.due(registry.kinds()).unpaused().filter(which, lane__in=lanes)
    return tuple(due.values_list("pk", flat=True)[:limit])
