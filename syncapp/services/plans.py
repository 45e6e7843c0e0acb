"""Deletes plans, and all else of analysis when its source goes: piece by piece."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from jobs.queries import active_jobs
from syncapp.models import (
    Change,
    Dismissal,
    KeptDateOrder,
    KeptMark,
    KeptRoots,
    KeptSpelling,
    NotADuplicate,
    Plan,
    SceneAnalysis,
)
from syncapp.models.keys import row_range
from syncapp.services.errors import PlanBusy, PlanNotFound

BATCH = 1_000  # rows of one transaction: others wait no longer for it
OF_SOURCE: Sequence[Any] = (
    *(Dismissal, KeptSpelling, KeptDateOrder, KeptMark, KeptRoots, NotADuplicate),
)


def delete_plan(plan_id: int) -> int:
    """Delete a plan with its changes; returns how many there were.

    It goes piece by piece, the plan last: one that is interrupted is asked for again.

    Raises PlanNotFound, PlanBusy.
    """
    job_ids = list(Plan.objects.filter(pk=plan_id).values_list("job_id", flat=True))
    if not job_ids:
        raise PlanNotFound(plan_id)
    for job in active_jobs():
        # The one that makes it, or one that applies it or waits to.
        if job.job_id == job_ids[0] or job.params.get("plan_id") == plan_id:
            msg = (
                f"Job {job.job_id} still works on this plan: cancel it, or wait until "
                "it has ended. Then delete the plan."
            )
            raise PlanBusy(msg)
    return _drop_plan(plan_id)


def drop_analysis_of(source_id: int) -> None:
    """Delete all that analysis and people keep of a source beside its mirror."""
    plan_ids = Plan.objects.filter(source_id=source_id).values_list("pk", flat=True)
    for plan_id in list(plan_ids):
        _drop_plan(plan_id)
    low, end = row_range(source_id)
    _drop(SceneAnalysis.objects.filter(scene_id__gte=low, scene_id__lt=end))
    for model in OF_SOURCE:
        _drop(model.objects.filter(source_id=source_id))


def _drop_plan(plan_id: int) -> int:
    count = _drop(Change.objects.filter(plan_id=plan_id))
    with transaction.atomic():
        Plan.objects.filter(pk=plan_id).delete()
    return count


def _drop(rows: "QuerySet[Any, Any]") -> int:
    """Delete these rows, some at a time; returns how many."""
    count = 0
    while row_ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            some = rows.filter(pk__gte=row_ids[0], pk__lte=row_ids[-1])
            count += some.order_by().delete()[0]
    return count
