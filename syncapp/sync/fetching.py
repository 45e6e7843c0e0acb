"""Fetches pages of a stream ahead of the writer; passes over records that fail."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from syncapp.models.keys import row_id
from syncapp.stash.shapes import Fetched, Page
from syncapp.sync.context import SyncContext
from syncapp.sync.dirty import mark_dirty_by_key
from syncapp.sync.prefetch import prefetch
from syncapp.sync.stream import Stream


@contextmanager
def pages(
    context: SyncContext, stream: Stream, start: int = 0
) -> Iterator[Iterator[Page]]:
    """Open the pages of all records, from the place `start` on, in their order.

    One that is too large comes in parts. Until its last part is written, the place to
    go on from is its beginning.
    """
    spans = context.reader.spans(stream.entity, start)
    read = partial(context.reader.read, stream.entity)
    with prefetch(context, spans, read) as whole:
        yield _in_parts(context, stream, whole, start)


def _in_parts(
    context: SyncContext, stream: Stream, whole: Iterable[Page], start: int
) -> Iterator[Page]:
    beginning: int | None = start
    for page in whole:
        part = page
        while part.left:
            yield replace(part, next=beginning)
            some = _some_of(context, stream, part.left)
            part = Page(some.records, some.at, page.next, some.failed, some.left)
        yield part
        beginning = page.next


@contextmanager
def listed(
    context: SyncContext, stream: Stream, batches: Iterable[Sequence[int]]
) -> Iterator[Iterator[Fetched]]:
    """Open the records of these ids, a batch after the other, or parts of one."""
    ask = partial(context.reader.by_ids, stream.entity)
    with prefetch(context, batches, ask) as answers:
        yield (part for one in answers for part in _with_rest(context, stream, one))


def _some_of(context: SyncContext, stream: Stream, ids: Sequence[int]) -> Fetched:
    """Read some of these records; those that are left are in the answer."""
    context.reporter.check()
    return context.reader.by_ids(stream.entity, ids)


def every(
    context: SyncContext, stream: Stream, ids: Sequence[int]
) -> Iterator[Fetched]:
    """Read these records, in as many parts as their size asks for."""
    return _with_rest(context, stream, _some_of(context, stream, ids))


def _with_rest(
    context: SyncContext, stream: Stream, first: Fetched
) -> Iterator[Fetched]:
    part = first
    yield part
    while part.left:
        part = _some_of(context, stream, part.left)
        yield part


def skip(context: SyncContext, stream: Stream, failed: Mapping[int, str]) -> None:
    """Name the records that the source could not tell, and see that they are retried.

    A row that is there already stays as it is, marked to be read again.
    """
    if not failed:
        return
    for number, reason in failed.items():
        context.say_of_record(
            stream,
            "record_skipped",
            f"{stream.entity.type_name} {number} could not be read: {reason} "
            "It was left as it is; the next sync tries again.",
        )
    keys = [row_id(context.source_id, number) for number in failed]
    context.count(stream, keys, skipped=keys)
    context.skipped.update((stream.name, key) for key in keys)
    mark_dirty_by_key(stream, keys, context.reporter)


def untried(context: SyncContext, stream: Stream, ids: Iterable[int]) -> list[int]:
    """Return the remote ids that did not fail in this run; the others wait."""
    source_id = context.source_id
    return [
        n for n in ids if (stream.name, row_id(source_id, n)) not in context.skipped
    ]
