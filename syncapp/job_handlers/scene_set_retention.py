"""Drops sets of scenes that no job names any more, when old jobs are cleared away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from jobs.queue import retention
from jobs.queue.context import JobContext
from jobs.queue.registry import Params
from syncapp.job_handlers.analysis_run import ANALYSIS
from syncapp.job_handlers.sync_scene_set import SCENE_SET_SYNC
from syncapp.models import SceneSet, SceneSetPart

# A set is made with its job, in one transaction: a younger one may be about to be used.
KEPT_FOR = timedelta(days=1)
SETS = 20  # of one transaction


def run(ctx: JobContext, params: Params) -> dict[str, Any]:
    """Clear away old jobs, then the sets that they alone named; returns how many."""
    done = dict(retention.run(ctx, params))
    dropped = drop_unnamed_sets(ctx)
    return {**done, "scene sets": dropped} if dropped else done


def drop_unnamed_sets(ctx: JobContext) -> int:
    """Delete sets that no job names; one that can be retried keeps its own."""
    count = 0
    while some := list(_unnamed().values_list("pk", flat=True)[:SETS]):
        with ctx.atomic():
            # Asked anew, under a lock: one may have been chosen again meanwhile.
            rows = _unnamed().filter(pk__in=some).select_for_update()
            ids = list(rows.values_list("pk", flat=True))
            SceneSetPart.objects.filter(scene_set_id__in=ids).order_by().delete()
            SceneSet.objects.filter(pk__in=ids).order_by().delete()
        count += len(ids)
        if not ids:
            break
    return count


def _unnamed() -> "QuerySet[SceneSet, SceneSet]":
    named = [
        set_id
        for handler in (SCENE_SET_SYNC, ANALYSIS)
        for set_id in retention.named_in_params(handler.kind, "scene_set")
    ]
    old = SceneSet.objects.filter(used_at__lt=datetime.now(UTC) - KEPT_FOR)
    return old.exclude(pk__in=named)


PRUNE = replace(retention.PRUNE, run=run)
