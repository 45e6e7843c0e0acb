"""For how long jobs have waited that could have started, and beside whom."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Max, Min, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Now

from jobs.enums import Status
from jobs.models import ALIVE_S, Job, JobQuerySet, WorkerNode
from jobs.queue import registry

MOST = 1_000  # rows that one look writes to
SEEN = Q(due_since__gte=F("updated_at"))  # since it was last queued


def could_start() -> JobQuerySet:
    """Return the jobs that nothing of their own keeps from starting."""
    return Job.objects.due(registry.kinds()).unpaused()


def note_waits() -> bool:
    """Write down since when each waiting job could start; returns whether any can.

    To be called every few seconds: that is how exact it is. A lane that is resumed, a
    key that is free and a kind that is known at last count alike.
    """
    queued = Job.objects.filter(status=Status.QUEUED)
    if not queued.exists():
        return False
    with transaction.atomic():
        # Locked in one order, for every supervisor does this.
        ordered = queued.select_for_update(skip_locked=True, of=("self",))
        can = could_start().values("pk")
        begins = ordered.filter(~SEEN | Q(due_since=None), pk__in=can)
        ends = ordered.exclude(due_since=None).exclude(pk__in=can)
        for jobs, since in ((begins, Now()), (ends, None)):
            found = list(jobs.order_by("pk").values_list("pk", flat=True)[:MOST])
            if found:
                queued.filter(pk__in=found).update(due_since=since)
    return could_start().exists()


def first_beside_free(
    worker_id: str, lanes: tuple[str, ...], processes: int
) -> int | None:
    """Return the announced job that a free process of this node would take next.

    None if there is no such job, or if its processes are busy.
    """
    if Job.objects.running().filter(worker_id=worker_id).count() >= processes:
        return None
    announced = could_start().filter(lane__in=lanes, message_sent_at__isnull=False)
    return announced.values_list("pk", flat=True).first()


def waited_s() -> dict[str, float]:
    """Return for how many seconds some job could have started, by lane.

    What no supervisor has seen yet cannot be older than the last look of any. Of one
    far ahead of now nobody knows when it was.
    """
    ahead = Now() + timedelta(seconds=ALIVE_S)
    looks = WorkerNode.objects.exclude(heartbeat_at__gt=ahead)
    looked = looks.aggregate(at=Max("heartbeat_at"))["at"]
    moments: list[Any] = ["updated_at", Coalesce("next_at", "updated_at")]
    if looked is not None:
        moments.append(Value(looked, DateTimeField()))
    since = Case(When(SEEN, then="due_since"), default=Greatest(*moments))
    rows = could_start().order_by().values("lane").annotate(at=Min(since), now=Now())
    waited = {row["lane"]: row["now"] - row["at"] for row in rows}
    # A clock that was put back leaves moments that are still to come.
    return {lane: max(0.0, each.total_seconds()) for lane, each in waited.items()}
