"""Counts how many scenes a tag, a performer, a studio has: anew, not page by page.

While a stream is read for the first time nearly every page changes nearly every count,
and a row that changes leaves a dead one behind (two fifths of the time of a first load
on PostgreSQL). So those pages leave the counts alone; they are set now and then, and at
the end. Until a stream was read whole once, its counts may lag behind: a run that dies
leaves it unread, and the next one sets them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

from django.db.models import Count

from syncapp.models import StreamState
from syncapp.models.keys import row_range
from syncapp.stash.batches import batches
from syncapp.sync.run import Run
from syncapp.sync.stream import Stream
from syncapp.sync.upserts import set_columns

FIRST_LOOK = 1_000  # records; then at twice as many, and so on
BATCH = 500


@contextmanager
def counted_at_the_end(run: Run, stream: Stream) -> Iterator[None]:
    """Let pages leave the counts alone if `stream` is read for the first time."""
    if not _counted(stream) or _was_read(run, stream):
        yield
        return
    run.uncounted[stream.name] = FIRST_LOOK
    yield
    del run.uncounted[stream.name]
    recount(run, stream)


def _was_read(run: Run, stream: Stream) -> bool:
    """Return whether the stream was ever read whole, with whatever fields."""
    rows = StreamState.objects.filter(source_id=run.source_id, stream=stream.name)
    return rows.filter(full_at__isnull=False).exists()


def count_meanwhile(run: Run, stream: Stream) -> None:
    """Set the counts when twice as much was read as the last time: people look on."""
    look = run.uncounted.get(stream.name, inf)
    if run.tally(stream).seen >= look:
        recount(run, stream)
        run.uncounted[stream.name] = 2 * run.tally(stream).seen


def recount(run: Run, stream: Stream) -> None:
    """Set the counts of all that rows of `stream` link to.

    Counted outside a transaction, for it takes a while: nobody else writes rows of this
    source while the run has it.
    """
    low, end = row_range(run.source_id)
    for to, rows, column in _counted(stream, low, end):
        model = run.streams[to].model
        found = dict(rows.order_by().values_list(column).annotate(n=Count("*")))
        held = model.objects.filter(id__gte=low, id__lt=end)
        changes = [
            (key, found.get(key, 0))
            for key, count in held.values_list("id", "scene_count")
            if found.get(key, 0) != count
        ]
        for batch in batches(changes, BATCH):
            run.rest.wait()
            with run.reporter.atomic():
                set_columns(model, ("scene_count",), batch)


def _counted(stream: Stream, low: int = 0, end: int = 0) -> list[tuple[str, Any, str]]:
    """Return what is counted: the stream it belongs to, the rows, their column."""
    span = {"gte": low, "lt": end}
    live = stream.model.objects.filter(id__gte=low, id__lt=end, deleted_at=None)
    found: list[tuple[str, Any, str]] = []
    for table in stream.links:
        if table.counted:
            owners = {f"{table.owner}__{how}": key for how, key in span.items()}
            alive = {f"{table.owner.removesuffix('_id')}__deleted_at": None}
            rows = table.model.objects.filter(**owners, **alive)
            found.append((table.to, rows, table.target))
    ones = (column for column in stream.to_one if column.counted)
    found.extend((column.to, live, column.column) for column in ones)
    return found
