"""Counts how many scenes a tag, a performer, a studio has: anew, not page by page.

While a stream is read for the first time nearly every page changes nearly every count,
and a row that changes leaves a dead one behind (two fifths of the time of a first load
on PostgreSQL). So those pages leave the counts alone; they are set now and then, and at
the end. Until a stream was read whole once, its counts may lag behind: a run that dies
leaves it unread, and the next one sets them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Count

from syncapp.models.keys import row_range
from syncapp.stash.batches import batches
from syncapp.sync.context import DeferredCounts
from syncapp.sync.session import SyncSession
from syncapp.sync.statements import execute, set_columns
from syncapp.sync.stream import Stream
from syncapp.sync.stream_state import was_ever_read
from syncapp.sync.tuning import refresh_meanwhile

FIRST_LOOK, NEXT_LOOK = 5_000, 4  # records; then at four times as many, and so on
BATCH = 500


@contextmanager
def counted_at_the_end(session: SyncSession, stream: Stream) -> Iterator[None]:
    """Let pages leave the counts alone if `stream` is read for the first time."""
    context = session.context
    if not _counted(stream) or was_ever_read(context.source_id, stream):
        yield
        return
    has_tombstones = _has_tombstones(context.source_id, stream)
    context.deferred_counts[stream.name] = DeferredCounts(FIRST_LOOK, has_tombstones)
    yield
    del context.deferred_counts[stream.name]
    _recount(session, stream, has_tombstones=has_tombstones)


def count_meanwhile(session: SyncSession, stream: Stream) -> None:
    """Set the counts when much more was read than the last time: people look on."""
    deferred = session.context.deferred_counts.get(stream.name)
    seen = session.context.tally(stream).seen
    if deferred is not None and seen >= deferred.next_recount:
        if deferred.next_recount == FIRST_LOOK:  # what it shows holds for more rows
            refresh_meanwhile(stream)
        _recount(session, stream, has_tombstones=deferred.has_tombstones)
        deferred.next_recount = NEXT_LOOK * seen


def recount(session: SyncSession, stream: Stream) -> None:
    """Set the counts of all that live rows of `stream` link to."""
    has_tombstones = _has_tombstones(session.context.source_id, stream)
    _recount(session, stream, has_tombstones=has_tombstones)


def _has_tombstones(source_id: int, stream: Stream) -> bool:
    low, end = row_range(source_id)
    rows = stream.model.objects.filter(id__gte=low, id__lt=end)
    return bool(rows.filter(deleted_at__isnull=False).exists())


def _recount(session: SyncSession, stream: Stream, *, has_tombstones: bool) -> None:
    """Set the counts; without tombstones an index alone tells them.

    Counted outside a transaction, for it takes a while: nobody else writes rows of this
    source while the run has it.
    """
    context = session.context
    low, end = row_range(context.source_id)
    for to, rows, column, alive in _counted(stream, low, end):
        live = rows.filter(**{alive: None}) if has_tombstones else rows
        found = dict(live.order_by().values_list(column).annotate(n=Count("*")))
        model = context.streams[to].model
        held = model.objects.filter(id__gte=low, id__lt=end)
        changes = [
            (key, found.get(key, 0))
            for key, count in held.values_list("id", "scene_count")
            if found.get(key, 0) != count
        ]
        for batch in batches(changes, BATCH):
            session.throttle.wait()
            with context.reporter.atomic():
                execute(set_columns(model, ("scene_count",), batch))


def _counted(
    stream: Stream, low: int = 0, end: int = 0
) -> list[tuple[str, Any, str, str]]:
    """Return what is counted: whose count it is, the rows, their column, if alive."""
    found: list[tuple[str, Any, str, str]] = []
    for table in stream.links:
        if table.counted:
            owners = {f"{table.owner}__gte": low, f"{table.owner}__lt": end}
            alive = f"{table.owner.removesuffix('_id')}__deleted_at"
            rows = table.model.objects.filter(**owners)
            found.append((table.to, rows, table.target, alive))
    own = stream.model.objects.filter(id__gte=low, id__lt=end)
    ones = (column for column in stream.to_one if column.counted)
    found.extend((column.to, own, column.column, "deleted_at") for column in ones)
    return found
