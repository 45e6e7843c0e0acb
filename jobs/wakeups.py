"""Wakes workers for jobs that wait: never more than could start at once."""

from django.db.models import Q

from jobs import backend, registry, repairs
from jobs.models import Job


def wake(which: Q | None = None) -> int:
    """Send wake-ups for jobs that wait and are as `which` says; returns how many."""
    sent = 0
    for lanes, free in repairs.free_processes().items():
        for job_id, lane in _waiting(lanes, which or Q(), limit=free):
            backend.send(job_id, lane)
            sent += 1
    return sent


def wake_next() -> None:
    """Send a wake-up for each lane that has work, a free process and no message.

    To be called where a job made room: its key is free, and its process.
    """
    for lanes, free in repairs.free_processes().items():
        if free and not backend.has_messages(lanes[0]):
            for job_id, lane in _waiting(lanes, Q(), limit=1):
                backend.send(job_id, lane)


def _waiting(
    lanes: tuple[str, ...], which: Q, *, limit: int
) -> tuple[tuple[int, str], ...]:
    due = Job.objects.due(registry.kinds()).unpaused().filter(which, lane__in=lanes)
    return tuple(due.values_list("pk", "lane")[:limit])
