"""Fetches pages of a stream ahead of the writer; passes over records that fail."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial

from syncapp.models.keys import row_id
from syncapp.stash.shapes import Fetched, Page
from syncapp.sync.context import SyncContext
from syncapp.sync.dirty import mark_dirty_by_key
from syncapp.sync.prefetch import prefetch
from syncapp.sync.stream import Stream


def pages(
    context: SyncContext, stream: Stream, start: int = 0
) -> AbstractContextManager[Iterator[Page]]:
    """Open the pages of all records, from the place `start` on, in their order."""
    spans = context.reader.spans(stream.entity, start)
    return prefetch(context, spans, partial(context.reader.read, stream.entity))


def listed(
    context: SyncContext, stream: Stream, batches: Iterable[Sequence[int]]
) -> AbstractContextManager[Iterator[Fetched]]:
    """Open the records of these ids, a batch after the other."""
    return prefetch(context, batches, partial(context.reader.by_ids, stream.entity))


def skip(context: SyncContext, stream: Stream, failed: Mapping[int, str]) -> None:
    """Name the records that the source could not tell, and see that they are retried.

    A row that is there already stays as it is, marked to be read again.
    """
    if not failed:
        return
    tally = context.tally(stream)
    tally.seen += len(failed)
    tally.skipped += len(failed)
    for number, reason in failed.items():
        context.reporter.log(
            "warning",
            "record_skipped",
            f"{stream.entity.type_name} {number} could not be read: {reason} "
            "It was left as it is; the next sync tries again.",
        )
    keys = [row_id(context.source_id, number) for number in failed]
    context.skipped.update((stream.name, key) for key in keys)
    mark_dirty_by_key(stream, keys, context.reporter)


def untried(context: SyncContext, stream: Stream, ids: Iterable[int]) -> list[int]:
    """Return the remote ids that did not fail in this run; the others wait."""
    source_id = context.source_id
    return [
        n for n in ids if (stream.name, row_id(source_id, n)) not in context.skipped
    ]
