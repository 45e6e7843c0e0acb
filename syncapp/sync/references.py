"""Sees to it that what a record links to is in the mirror before the record is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
from django.db.models import Exists, OuterRef

from syncapp.models.keys import remote_id, row_range
from syncapp.models.library import DIRTY
from syncapp.stash.batches import batches
from syncapp.stash.shapes import Fetched
from syncapp.sync.context import SyncContext
from syncapp.sync.dirty import clean, mark_dirty, mark_linking_dirty
from syncapp.sync.fetching import every
from syncapp.sync.record_diff import HASH, OWN, Incoming
from syncapp.sync.stream import Stream
from syncapp.sync.stream_state import invalidate_probe

BATCH = 250
WritePage = Callable[[Stream, Sequence[msgspec.Raw], datetime | None], None]


class References:
    """The live row ids of each stream, as far as this run has had to know them.

    Rows of a stream may refer forward to others of the same stream (a tag to a parent
    with a greater id): `resolve_self_links` checks those once, at the stream's end.
    """

    def __init__(self, context: SyncContext, write_page: WritePage) -> None:
        self.context = context
        self.write_page = write_page
        self._known: dict[str, set[int]] = {}

    def learn(self, stream: Stream, keys: Iterable[int]) -> None:
        """Note rows that were just written."""
        if stream.name in self._known:
            self._known[stream.name].update(keys)

    def forget(self, stream: Stream, keys: Iterable[int]) -> None:
        """Note rows that were just tombstoned."""
        if stream.name in self._known:
            self._known[stream.name].difference_update(keys)

    def ensure_targets(
        self, stream: Stream, incoming: dict[int, Incoming]
    ) -> dict[int, Incoming]:
        """Fetch and write what `incoming` refers to and the mirror does not have.

        Returns `incoming`; a record that refers to something that the source does not
        have either comes without that link, marked to be read again.
        """
        wanted: dict[str, set[int]] = {}
        for record in incoming.values():
            for name, keys in _targets(stream, record):
                wanted.setdefault(name, set()).update(keys)
        missing: set[int] = set()
        for name, keys in wanted.items():
            if name != stream.name:
                missing |= self._fetch(self.context.streams[name], keys, foreign=True)
        if not missing:
            return incoming
        return {key: _without(stream, r, missing) for key, r in incoming.items()}

    def resolve_self_links(self, stream: Stream) -> None:
        """Fetch what rows of `stream` refer to in the stream itself and lack there.

        What the source lacks as well is marked: the rows that refer to it are dirty.
        """
        # What was fetched may refer to more; what is dirty is no longer listed, so
        # every round has fewer.
        while dangling := _dangling(stream, self.context.source_id):
            missing = self._fetch(stream, dangling)
            with self.context.reporter.atomic():
                mark_linking_dirty(stream, stream, missing)

    def _live(self, stream: Stream) -> set[int]:
        if stream.name not in self._known:
            low, end = row_range(self.context.source_id)
            rows = stream.model.objects.filter(id__gte=low, id__lt=end, deleted_at=None)
            self._known[stream.name] = set(rows.values_list("id", flat=True))
        return self._known[stream.name]

    def _fetch(
        self, stream: Stream, keys: set[int], *, foreign: bool = False
    ) -> set[int]:
        """Read the unknown of `keys` from the source; returns those it lacks.

        What another stream has fetched here (`foreign`) must not look to the next sync
        of `stream` as if it had been seen: its index is read then, and where one new
        record has all read, it stays marked.
        """
        context = self.context
        unknown = sorted(keys - self._live(stream))
        for batch in batches(unknown, BATCH):
            for part in every(context, stream, [remote_id(key) for key in batch]):
                self._write(stream, part, batch, foreign=foreign)
        return set(unknown) - self._live(stream)

    def _write(
        self, stream: Stream, part: Fetched, keys: Sequence[int], *, foreign: bool
    ) -> None:
        context = self.context
        with context.reporter.atomic():
            if foreign:
                invalidate_probe(context.source_id, stream, context.reporter)
            self.write_page(stream, part.records, part.at)
            if foreign and stream.all_or_none:
                mark_dirty(stream.model.objects.filter(id__in=keys))


def _targets(stream: Stream, record: Incoming) -> Iterable[tuple[str, Iterable[int]]]:
    for table, keys in zip(stream.links, record.parsed.links, strict=True):
        yield table.to, keys
    for column in stream.to_one:
        key = record.row[OWN + stream.columns.index(column.column)]
        if key is not None:
            yield column.to, (key,)


def _without(stream: Stream, record: Incoming, missing: set[int]) -> Incoming:
    """Return `record` without its links to `missing`, dirty if it had any."""
    links = tuple(keys - missing for keys in record.parsed.links)
    row = list(record.row)
    for column in stream.to_one:
        place = OWN + stream.columns.index(column.column)
        if row[place] in missing:
            row[place] = None
    if links == record.parsed.links and tuple(row) == record.row:
        return record
    row[HASH] = DIRTY
    kept = replace(record.parsed, values=tuple(row[OWN:]), links=links)
    values = stream.derive(kept).values
    return Incoming((*row[:OWN], *values), replace(record.parsed, links=links))


def _dangling(stream: Stream, source_id: int) -> set[int]:
    """Return ids that rows of `stream` refer to in `stream`, where no live row is."""
    low, end = row_range(source_id)
    found: set[int] = set()
    live = stream.model.objects.filter(deleted_at=None)
    for table in stream.links:
        if table.to == stream.name:
            rows = table.model.objects.filter(
                ~Exists(live.filter(id=OuterRef(table.target))),
                Exists(clean(live.filter(id=OuterRef(table.owner)))),
                **{f"{table.owner}__gte": low, f"{table.owner}__lt": end},
            )
            found.update(rows.values_list(table.target, flat=True))
    for column in stream.to_one:
        if column.to == stream.name:
            rows = clean(live).filter(
                ~Exists(live.filter(id=OuterRef(column.column))),
                id__gte=low,
                id__lt=end,
                **{f"{column.column}__isnull": False},
            )
            found.update(rows.values_list(column.column, flat=True))
    return found
