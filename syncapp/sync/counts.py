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

from syncapp.models import StreamState
from syncapp.models.keys import row_range
from syncapp.stash.batches import batches
from syncapp.sync.run import Lag, Run
from syncapp.sync.stream import Stream
from syncapp.sync.upserts import set_columns

FIRST_LOOK, NEXT_LOOK = 5_000, 4  # records; then at four times as many, and so on
BATCH = 500


@contextmanager
def counted_at_the_end(run: Run, stream: Stream) -> Iterator[None]:
    """Let pages leave the counts alone if `stream` is read for the first time."""
    if not _counted(stream) or _was_read(run, stream):
        yield
        return
    run.uncounted[stream.name] = Lag(FIRST_LOOK, buried=_has_buried(run, stream))
    yield
    lag = run.uncounted.pop(stream.name)
    _recount(run, stream, buried=lag.buried)


def count_meanwhile(run: Run, stream: Stream) -> None:
    """Set the counts when much more was read than the last time: people look on."""
    lag, seen = run.uncounted.get(stream.name), run.tally(stream).seen
    if lag is not None and seen >= lag.next_look:
        _recount(run, stream, buried=lag.buried)
        lag.next_look = NEXT_LOOK * seen


def recount(run: Run, stream: Stream) -> None:
    """Set the counts of all that live rows of `stream` link to."""
    _recount(run, stream, buried=_has_buried(run, stream))


def _was_read(run: Run, stream: Stream) -> bool:
    """Return whether the stream was ever read whole, with whatever fields."""
    rows = StreamState.objects.filter(source_id=run.source_id, stream=stream.name)
    return rows.filter(full_at__isnull=False).exists()


def _has_buried(run: Run, stream: Stream) -> bool:
    low, end = row_range(run.source_id)
    rows = stream.model.objects.filter(id__gte=low, id__lt=end)
    return bool(rows.filter(deleted_at__isnull=False).exists())


def _recount(run: Run, stream: Stream, *, buried: bool) -> None:
    """Set the counts; without `buried` rows an index alone tells them.

    Counted outside a transaction, for it takes a while: nobody else writes rows of this
    source while the run has it.
    """
    low, end = row_range(run.source_id)
    for to, rows, column, alive in _counted(stream, low, end):
        live = rows.filter(**{alive: None}) if buried else rows
        found = dict(live.order_by().values_list(column).annotate(n=Count("*")))
        model = run.streams[to].model
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
