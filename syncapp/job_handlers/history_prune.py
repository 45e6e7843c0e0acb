"""Clears away what changed longer ago than it is kept; the rows themselves stay."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from jobs.queue.context import JobContext
from jobs.queue.registry import Handler, Params
from syncapp.job_handlers.params import HistoryParams
from syncapp.models import ChangeSet, HistoryEntry

SETS, ENTRIES = 200, 1_000  # of one transaction: others wait no longer for it


def run(ctx: JobContext, _params: Params) -> dict[str, Any]:
    """Delete batch by batch; returns how many entries, and of how many jobs."""
    done: dict[str, Any] = {"entries": 0, "jobs": 0}
    done |= ctx.resume_from or {}
    if not settings.HISTORY_DAYS:
        return done
    total = done["jobs"] + _old_sets().count()
    while job_ids := list(_old_sets().values_list("job_id", flat=True)[:SETS]):
        for job_id in job_ids:
            _drop_entries(ctx, HistoryEntry.objects.filter(job_id=job_id), done)
        with ctx.atomic():
            done["jobs"] += ChangeSet.objects.filter(job_id__in=job_ids).delete()[0]
            ctx.checkpoint(done, (done["jobs"],))
        ctx.progress("jobs", done["jobs"], total)
    nobodys = HistoryEntry.objects.filter(job_id=None, at__lt=_before())
    _drop_entries(ctx, nobodys, done)
    return done


def _before() -> Any:
    return Now() - timedelta(days=settings.HISTORY_DAYS)


def _old_sets() -> "QuerySet[ChangeSet, ChangeSet]":
    return ChangeSet.objects.filter(at__lt=_before()).order_by("at")


def _drop_entries(
    ctx: JobContext, entries: "QuerySet[Any, Any]", done: dict[str, Any]
) -> None:
    """Delete these, so many at a time that a sync hardly waits, and count them."""
    # A limit within a DELETE would be lost: Django writes its subquery as EXISTS.
    columns = ("stream", "what", "row_id")
    first = entries.order_by(*columns).values_list("stream", "row_id")
    while batch := list(first[:ENTRIES]):
        ctx.check()
        stream = batch[0][0]
        row_ids = {row_id for named, row_id in batch if named == stream}
        with ctx.atomic():
            rows = entries.filter(stream=stream, row_id__in=row_ids)
            done["entries"] += rows.order_by().delete()[0]


HISTORY_PRUNE = Handler(
    kind="history.prune",
    title="Clear away old history",
    run=run,
    params=HistoryParams,
    dedupe="history.prune",
    lane="system",
)
