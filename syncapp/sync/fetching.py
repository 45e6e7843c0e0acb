"""Fetches pages of a stream ahead of the writer; passes over records that fail."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial

from syncapp.models.keys import row_id
from syncapp.stash.shapes import Fetched, Page
from syncapp.sync.ahead import ahead
from syncapp.sync.run import Run
from syncapp.sync.stream import Stream


def pages(
    run: Run, stream: Stream, start: int = 0
) -> AbstractContextManager[Iterator[Page]]:
    """Open the pages of all records, from the place `start` on, in their order."""
    spans = run.reader.spans(stream.entity, start)
    return ahead(run, spans, partial(run.reader.read, stream.entity))


def listed(
    run: Run, stream: Stream, batches: Iterable[Sequence[int]]
) -> AbstractContextManager[Iterator[Fetched]]:
    """Open the records of these ids, a batch after the other."""
    return ahead(run, batches, partial(run.reader.by_ids, stream.entity))


def skip(run: Run, stream: Stream, failed: Mapping[int, str]) -> None:
    """Name the records that the source could not tell, and see that they are retried.

    A row that is there already stays as it is, marked to be read again.
    """
    if not failed:
        return
    tally = run.tally(stream)
    tally.seen += len(failed)
    tally.skipped += len(failed)
    for number, reason in failed.items():
        run.reporter.log(
            "warning",
            "record_skipped",
            f"{stream.entity.type_name} {number} could not be read: {reason} "
            "It was left as it is; the next sync tries again.",
        )
    keys = [row_id(run.source_id, number) for number in failed]
    run.skipped.update((stream.name, key) for key in keys)
    mark_again(run, stream, keys)


def untried(run: Run, stream: Stream, ids: Iterable[int]) -> list[int]:
    """Return the remote ids that did not fail in this run; the others wait."""
    source_id = run.source_id
    return [n for n in ids if (stream.name, row_id(source_id, n)) not in run.skipped]


def mark_again(run: Run, stream: Stream, keys: Sequence[int]) -> None:
    """Mark rows to be read again by the next sync, whatever the index says of them."""
    rows = stream.model.objects.filter(id__in=keys, deleted_at=None)
    if rows.exclude(content_hash=0).exists():
        with run.reporter.atomic():
            rows.update(content_hash=0)
