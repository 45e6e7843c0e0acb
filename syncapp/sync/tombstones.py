"""Marks rows whose remote object is gone; never drops one."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import Count

from syncapp.models.library import SceneChange
from syncapp.stash.batches import batches
from syncapp.sync.changes import COLUMNS, KEPT, REMOVED
from syncapp.sync.references import mark_dirty
from syncapp.sync.run import Run
from syncapp.sync.stream import Stream
from syncapp.sync.upserts import add_to_counts, keep_newest, put

BATCH = 500
LOST = {REMOVED: [False, True]}


def bury(run: Run, stream: Stream, keys: Sequence[int]) -> None:
    """Tombstone rows, and mark in the same transaction all that linked to them.

    Ids that are tombstoned already, or were never mirrored, are passed over.
    """
    for batch in batches(keys, BATCH):
        rows = stream.model.objects.filter(id__in=batch)
        alive = list(rows.filter(deleted_at=None).values_list("id", flat=True))
        if not alive:
            continue
        with run.reporter.atomic():
            _uncount(run, stream, alive)
            now = datetime.now(UTC)
            rows.filter(id__in=alive).update(
                deleted_at=now,
                synced_at=now,
                unsettled=False,
                changed_by_job=run.reporter.job_id,
            )
            if stream.has_history:
                history = [(key, now, run.reporter.job_id, LOST) for key in alive]
                keep_newest(SceneChange, COLUMNS[:2], alive, KEPT - 1)
                put(SceneChange, COLUMNS, history)
            for owner in run.streams.values():
                mark_dirty(owner, stream, alive)
        run.tally(stream).gone += len(alive)
    run.references.forget(stream, keys)


def _uncount(run: Run, stream: Stream, keys: Sequence[int]) -> None:
    """Take rows that are about to be tombstoned out of the counts of their targets."""
    for table in stream.links:
        if table.counted:
            rows = table.model.objects.filter(**{f"{table.owner}__in": keys})
            found = rows.values_list(table.target).annotate(n=Count(table.owner))
            target = run.streams[table.to].model
            add_to_counts(target, [(to, -n) for to, n in found.order_by()])
    for column in stream.to_one:
        if column.counted:
            held = stream.model.objects.filter(id__in=keys, deleted_at=None)
            counter = Counter(held.values_list(column.column, flat=True))
            counter.pop(None, None)
            target = run.streams[column.to].model
            add_to_counts(target, [(to, -n) for to, n in counter.items()])
