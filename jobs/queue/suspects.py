"""Processes that may be frozen: they live, and the lease of their job ran out."""

from collections.abc import Collection

from django.db.models import Q

from jobs.models import Job, WorkerNode


def note(expired: Q) -> None:
    """Write down whose leases have run out: the supervisor of each may be another's.

    To be called before their jobs are taken back.
    """
    lost = Job.objects.running().filter(expired).exclude(pid=None)
    for worker_id, pid in list(lost.values_list("worker_id", "pid")):
        WorkerNode.objects.filter(pk=worker_id).update(suspect_pid=pid)


def clear(worker_id: str, pid: int) -> None:
    """Forget what was noted of this process: it asks for work, so it goes on."""
    WorkerNode.objects.filter(pk=worker_id, suspect_pid=pid).update(suspect_pid=None)


def take(worker_ids: Collection[str]) -> dict[str, int]:
    """Return what was noted of these nodes, by node; it is told once."""
    nodes = WorkerNode.objects.filter(pk__in=worker_ids).exclude(suspect_pid=None)
    rows = nodes.values_list("pk", "suspect_pid")
    found = {worker_id: pid for worker_id, pid in rows if pid is not None}
    if found:
        nodes.filter(pk__in=found).update(suspect_pid=None)
    return found
