"""What becomes of the jobs of workers that died, and of jobs that stand still."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now

from jobs.enums import Status
from jobs.models import Job, MetricCounter, WorkerNode
from jobs.moments import expired
from jobs.queue import suspects
from jobs.queue.endings import end_by_death
from jobs.queue.leases import Note, update_job
from jobs.units import length

LEASE_LOST, RECOVERED, REPLACED = "lease_losses", "recoveries", "replacements"
DROPPED = "dropped_messages"


def reap() -> int:
    """Take back the jobs whose lease has run out; returns how many."""
    suspects.note(expired())
    taken = _take_back(expired(), blame=None)
    add_to_counter(LEASE_LOST, taken)
    return taken


def abandon(worker_id: str, *, blame: Collection[int] | None) -> int:
    """Take back the jobs of a worker whose processes are known to be dead.

    The attempt counts for the jobs of the processes in `blame`, or for all where it is
    None: nobody knows then whose fault it was. The others get their attempt back.
    """
    return _take_back(Q(worker_id=worker_id), blame=blame)


def _take_back(where: Q, *, blame: Collection[int] | None) -> int:
    jobs = Job.objects.running().filter(where).values_list("pk", "fence")
    taken: Counter[str] = Counter()
    for job_id, fence in list(jobs):
        same = Q(where, status=Status.RUNNING, fence=fence)
        taken[end_by_death(job_id, same, blame=blame)] += 1
    add_to_counter(RECOVERED, taken[Status.QUEUED])
    return taken.total() - taken[""]


def note_stalls() -> int:
    """Tell in the log of each job that it has stopped moving; returns of how many.

    Once for each standstill: the job itself goes on, or is cancelled by a person.
    """
    still = timedelta(seconds=settings.JOB_STALL_S)
    told = Q(stalled_at__gte=F("progressed_at"))
    stalled = Q(~told | Q(stalled_at=None), progressed_at__lt=Now() - still)
    ahead = Q(progressed_at__gt=Now() + still)  # by a clock that was
    Job.objects.running().filter(ahead).update(progressed_at=Now())
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
