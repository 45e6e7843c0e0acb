"""What becomes of the jobs of workers that died, and of jobs that stand still."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now

from jobs.enums import Status
from jobs.models import Job, MetricCounter, WorkerNode
from jobs.queue import suspects
from jobs.queue.leases import Note, ended, queued, update_job
from jobs.units import length

LEASE_LOST, RECOVERED, REPLACED = "lease_losses", "recoveries", "replacements"
DROPPED = "dropped_messages"


def reap() -> int:
    """Take back the jobs whose lease has run out; returns how many."""
    suspects.note(Q(lease_until__lt=Now()))
    taken = _take_back(Q(lease_until__lt=Now()), blame=None)
    add_to_counter(LEASE_LOST, taken)
    return taken


def abandon(worker_id: str, *, blame: Collection[int] | None) -> int:
    """Take back the jobs of a worker whose processes are known to be dead.

    The attempt counts for the jobs of the processes in `blame`, or for all where it is
    None: nobody knows then whose fault it was. The others get their attempt back.
    """
    return _take_back(Q(worker_id=worker_id), blame=blame)


def _take_back(where: Q, *, blame: Collection[int] | None) -> int:
    columns = ("fence", "attempt", "max_attempts", "cancel_requested_at", "pid")
    taken = again = 0
    for job in Job.objects.running().filter(where).only(*columns):
        counts = blame is None or job.pid in blame
        note, fields = _after_death(job, counts=counts)
        same = Q(where, status=Status.RUNNING, fence=job.fence)
        if update_job(job.pk, same, note, **fields):
            taken += 1
            again += fields["status"] == Status.QUEUED
    add_to_counter(RECOVERED, again)
    return taken


def _after_death(job: Job, *, counts: bool) -> tuple[Note, dict[str, Any]]:
    if job.cancel_requested_at is not None:
        note = Note("info", "cancelled", "The job was cancelled with its worker.")
        return note, ended(Status.CANCELLED)
    if not counts:
        text = "Its worker stopped, not because of this job, which goes on later."
        return Note("info", "drained", text), queued(attempt=F("attempt") - 1)
    if job.attempt >= job.max_attempts:
        text = (
            f"The worker died {job.attempt} times in a row while it ran this job. Its "
            "log may say why; the job can be retried."
        )
        fields = {"error_code": "worker_died", "error_text": text}
        return Note("error", "worker_died", text), fields | ended(Status.FAILED)
    text = "The worker died; the job goes on from its checkpoint."
    return Note("warning", "worker_died", text), queued()


def note_stalls() -> int:
    """Tell in the log of each job that it has stopped moving; returns of how many.

    Once for each standstill: the job itself goes on, or is cancelled by a person.
    """
    still = timedelta(seconds=settings.JOB_STALL_S)
    told = Q(stalled_at__gte=F("progressed_at"))
    stalled = Q(~told | Q(stalled_at=None), progressed_at__lt=Now() - still)
    stood = length(settings.JOB_STALL_S)
    text = f"Nothing was counted for {stood}. If it stays so, cancel the job."
    note = Note("warning", "stalled", text)
    job_ids = Job.objects.running().filter(stalled).values_list("pk", flat=True)
    where = Q(stalled, status=Status.RUNNING)
    changed = [update_job(pk, where, note, stalled_at=Now()) for pk in job_ids]
    return len([state for state in changed if state is not None])


def free_processes() -> dict[tuple[str, ...], int]:
    """Return how many jobs could start now, by the lanes that share the processes."""
    mine = Job.objects.running().filter(worker_id=OuterRef("pk")).order_by()
    busy = mine.values("worker_id").annotate(n=Count("pk")).values("n")
    nodes = WorkerNode.objects.working().annotate(busy=Coalesce(Subquery(busy), 0))
    free: Counter[tuple[str, ...]] = Counter()
    for lanes, processes, jobs in nodes.values_list("lanes", "processes", "busy"):
        free[tuple(lanes.split("+"))] += max(0, processes - jobs)
    return dict(free)


def add_to_counter(name: str, times: int = 1) -> None:
    """Add to a tally; rare things alone, for each is one row that writers share."""
    if not times:
        return
    with transaction.atomic():
        MetricCounter.objects.get_or_create(name=name)
        MetricCounter.objects.filter(name=name).update(count=F("count") + times)
