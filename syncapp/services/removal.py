"""Removes a source with all that was mirrored from it."""

from collections.abc import Mapping
from contextlib import suppress

from django.db import transaction
from django.db.models import Max

from jobs.errors import JobAlreadyEnded
from jobs.queries import active_jobs
from jobs.scheduling.services import delete_schedules_of
from jobs.services import cancel_job
from syncapp.models import (
    HistoryEntry,
    Performer,
    PerformerSearch,
    PerformerTag,
    Scene,
    SceneFile,
    ScenePerformer,
    SceneSearch,
    SceneTag,
    Source,
    Studio,
    StudioSearch,
    StudioTag,
    Tag,
    TagParent,
    TagSearch,
)
from syncapp.models.keys import row_range
from syncapp.models.library import Link, Mirrored
from syncapp.models.search import SearchRow
from syncapp.services.covers import forget_covers
from syncapp.services.errors import SourceBusy
from syncapp.services.plans import drop_analysis_of
from syncapp.services.sources import lock_source

BATCH = 1_000
# What goes with the rows of a table: (table, column that holds the row's id).
Dependants = tuple[tuple[type[Link | SceneFile | SearchRow], str], ...]
TABLES: Mapping[type[Mirrored], Dependants] = {
    Scene: (
        (SceneTag, "scene_id"),
        (ScenePerformer, "scene_id"),
        (SceneFile, "scene_id"),
        (SceneSearch, "id"),
    ),
    Performer: ((PerformerTag, "performer_id"), (PerformerSearch, "id")),
    Studio: ((StudioTag, "studio_id"), (StudioSearch, "id")),
    Tag: ((TagParent, "tag_id"), (TagSearch, "id")),
}


def remove_source(source_id: int) -> dict[str, int]:
    """Remove a source with all that is of it; returns how many rows were mirrored.

    It goes batch by batch, the source last: one that is interrupted is asked for again.

    Raises SourceNotFound, SourceBusy.
    """
    _refuse_if_busy(source_id)
    drop_analysis_of(source_id)
    removed = {}
    for model, dependants in TABLES.items():
        span = row_range(source_id)
        removed[_stream_of(model)] = _empty(model, dependants, span)
    with transaction.atomic():
        # None can be asked for from here on.
        lock_source(source_id)
        _refuse_if_busy(source_id)
        drop_analysis_of(source_id)  # of what was done since
        for model, dependants in TABLES.items():
            _empty(model, dependants, row_range(source_id))
        Source.objects.filter(pk=source_id).delete()
        delete_schedules_of({"source_id": source_id})
    forget_covers(source_id)
    return removed


def cancel_jobs_of(source_id: int, *, by: int | None = None) -> int:
    """Cancel what works on a source or waits to; returns how many jobs were asked.

    One that runs stops at its next checkpoint, so the source may be busy for a while.
    """
    asked = 0
    for job in active_jobs():
        if job.params.get("source_id") == source_id:
            with suppress(JobAlreadyEnded):  # it ended just now, as was wanted
                cancel_job(job.job_id, by=by)
                asked += 1
    return asked


def _refuse_if_busy(source_id: int) -> None:
    for job in active_jobs():
        if job.params.get("source_id") == source_id:
            msg = (
                f"Job {job.job_id} works on this source or is about to: cancel it, or "
                "wait until it has ended. Then remove the source."
            )
            raise SourceBusy(msg)


def _stream_of(model: type[Mirrored]) -> str:
    return str(model._meta.verbose_name_plural)


def _empty(model: type[Mirrored], dependants: Dependants, ids: tuple[int, int]) -> int:
    """Delete the rows of a range of ids, with their links; returns how many."""
    low, end = ids
    count = 0
    while True:
        batch = model.objects.filter(id__gte=low, id__lt=end).order_by("id")
        last = batch[:BATCH].aggregate(last=Max("id"))["last"]
        if last is None:
            return count
        with transaction.atomic():
            for table, column in dependants:
                span = {f"{column}__gte": low, f"{column}__lte": last}
                table.objects.filter(**span).delete()
            history = HistoryEntry.objects.filter(stream=_stream_of(model))
            history.filter(row_id__gte=low, row_id__lte=last).delete()
            deleted, _ = batch.filter(id__lte=last).order_by().delete()
        count += deleted
        low = last + 1
