"""Sees to it that what a record links to is in the mirror before the record is."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from syncapp.models.keys import remote_id, row_range
from syncapp.stash.batches import batches
from syncapp.sync.difference import HASH, OWN, Incoming
from syncapp.sync.memory import forget_probe
from syncapp.sync.stream import Stream

if TYPE_CHECKING:
    from syncapp.sync.run import Run

BATCH = 250


class References:
    """The live row ids of each stream, as far as this run has had to know them.

    Rows of a stream may refer forward to others of the same stream (a tag to a parent
    with a greater id); those are checked once, at the stream's end: `mend`.
    """

    def __init__(self, run: "Run") -> None:
        self.run = run
        self._known: dict[str, set[int]] = {}

    def learn(self, stream: Stream, keys: Iterable[int]) -> None:
        """Note rows that were just written."""
        if stream.name in self._known:
            self._known[stream.name].update(keys)

    def forget(self, stream: Stream, keys: Iterable[int]) -> None:
        """Note rows that were just tombstoned."""
        if stream.name in self._known:
            self._known[stream.name].difference_update(keys)

    def supply(
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
                missing |= self._fetch(self.run.streams[name], keys, foreign=True)
        if not missing:
            return incoming
        return {key: _without(stream, r, missing) for key, r in incoming.items()}

    def mend(self, stream: Stream) -> None:
        """Fetch what rows of `stream` refer to in the stream itself and lack there.

        What the source lacks as well is marked: the rows that refer to it are dirty.
        """
        # What was fetched may refer to more; what is dirty is no longer listed, so
        # every round has fewer.
        while dangling := _dangling(stream, self.run.source_id):
            missing = self._fetch(stream, dangling)
            with self.run.reporter.atomic():
                mark_dirty(stream, stream, missing)

    def _live(self, stream: Stream) -> set[int]:
        if stream.name not in self._known:
            low, end = row_range(self.run.source_id)
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
        unknown = sorted(keys - self._live(stream))
        for batch in batches(unknown, BATCH):
            self.run.reporter.check()
            ids = [remote_id(key) for key in batch]
            fetched = self.run.reader.by_ids(stream.entity, ids)
            with self.run.reporter.atomic():
                if foreign:
                    forget_probe(self.run, stream)
                self.run.writer(stream).write(fetched.records, fetched.at)
                if foreign and stream.all_or_none:
                    stream.model.objects.filter(id__in=batch).update(content_hash=0)
        return set(unknown) - self._live(stream)


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
    row[HASH] = 0
    return Incoming(tuple(row), replace(record.parsed, links=links))


def _dangling(stream: Stream, source_id: int) -> set[int]:
    """Return ids that rows of `stream` refer to in `stream`, where no live row is."""
    low, end = row_range(source_id)
    found: set[int] = set()
    live = stream.model.objects.filter(deleted_at=None)
    for table in stream.links:
        if table.to == stream.name:
            rows = table.model.objects.filter(
                ~Exists(live.filter(id=OuterRef(table.target))),
                Exists(live.filter(id=OuterRef(table.owner)).exclude(content_hash=0)),
                **{f"{table.owner}__gte": low, f"{table.owner}__lt": end},
            )
            found.update(rows.values_list(table.target, flat=True))
    for column in stream.to_one:
        if column.to == stream.name:
            rows = live.filter(
                ~Exists(live.filter(id=OuterRef(column.column))),
                id__gte=low,
                id__lt=end,
                **{f"{column.column}__isnull": False},
            ).exclude(content_hash=0)
            found.update(rows.values_list(column.column, flat=True))
    return found


def mark_dirty(owner: Stream, target: Stream, keys: Iterable[int]) -> None:
    """Mark live rows of `owner` that link to rows `keys` of `target` to be read again.

    Stash rewrites the links of a scene when a tag is merged or deleted, and leaves the
    scene's `updated_at` as it was: without this mark nobody would look at it.
    """
    live = owner.model.objects.filter(deleted_at=None)
    for table in owner.links:
        if table.to == target.name:
            owners = table.model.objects.filter(**{f"{table.target}__in": keys})
            live.filter(id__in=owners.values(table.owner)).update(content_hash=0)
    for column in owner.to_one:
        if column.to == target.name:
            live.filter(**{f"{column.column}__in": keys}).update(content_hash=0)
