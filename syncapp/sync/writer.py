"""Writes one page of records: what is new or changed, in one short transaction.

Three passes, the cheap ones first. The raw JSON of a record is hashed; an equal hash
ends it there, undecoded. Changed ones are decoded and compared with the stored row and
links; only what differs is written. Everything is read, fetched and decoded before the
transaction begins: inside it is nothing but SQL.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db import DatabaseError

from syncapp.models.library import DIRTY, SceneFile
from syncapp.sync.context import SyncContext
from syncapp.sync.decoding import DecodedPage, PageDecoder, RawRecord, remote_id_of
from syncapp.sync.fetching import skip
from syncapp.sync.history import history_statements
from syncapp.sync.record_diff import (
    FIRST_SEEN,
    MIRRORED_COLUMNS,
    Incoming,
    Stored,
    Writes,
    diff_records,
)
from syncapp.sync.references import References
from syncapp.sync.search_rows import document_statements
from syncapp.sync.settling import has_settled
from syncapp.sync.statements import (
    Statements,
    add_to_counts,
    delete_pairs,
    execute_together,
    is_refusal,
    set_columns,
    upsert,
)
from syncapp.sync.stream import FILE_COLUMNS, FILE_KEY, Stream
from syncapp.sync.throttle import WriteThrottle

REFUSAL = "the database does not take what it holds."


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A page that is about to be written."""

    keys: Sequence[int] = ()  # row ids of all its records
    stored: Mapping[int, Stored] = field(default_factory=dict)
    decoded: DecodedPage = field(default_factory=DecodedPage)
    writes: Writes = field(default_factory=Writes)


class PageWriter:
    """Writes pages of one stream within a run."""

    def __init__(
        self,
        context: SyncContext,
        stream: Stream,
        references: References,
        throttle: WriteThrottle,
    ) -> None:
        self.context = context
        self.stream = stream
        self.references = references
        self.throttle = throttle
        self.decoder = PageDecoder(context, stream)

    def write(
        self,
        records: Sequence[msgspec.Raw],
        at: datetime | None,
        place: Mapping[str, Any] | None = None,
    ) -> None:
        """Make the mirror equal to `records`; `at` is the server's time of answering.

        With a `place`, it is saved as the checkpoint in the same transaction; where
        nothing was to write, not at each page: those cost little to be read again.
        """
        remaining = list(records)
        while len(remaining) > (size := self.throttle.batch_size):
            part, remaining = remaining[:size], remaining[size:]
            self._write_batch(part, at, self._place_behind(part, remaining, place))
        self._write_batch(remaining, at, place)

    def _place_behind(
        self,
        part: Sequence[msgspec.Raw],
        remaining: Sequence[msgspec.Raw],
        place: Mapping[str, Any] | None,
    ) -> Mapping[str, Any] | None:
        """Return where to go on behind a part of a page; None if that is not known.

        It is where a place is an id, and no record that remains has a smaller one.
        """
        if place is None or not self.stream.entity.keyset:
            return None
        last = max(map(remote_id_of, part))
        if min(map(remote_id_of, remaining)) < last:
            return None
        return {**place, "place": last}

    def _write_batch(
        self,
        records: Sequence[msgspec.Raw],
        at: datetime | None,
        place: Mapping[str, Any] | None,
    ) -> None:
        """Write a page; one that the database refuses, in halves down to the record."""
        page = self._prepared(records, at)
        try:
            if page.writes or (place is not None and self.throttle.is_idle):
                self._commit(page, place)
            else:
                self._count(page)
        except (DatabaseError, OverflowError, UnicodeError) as exc:
            if not is_refusal(exc):
                raise
            self._write_halves(records, at, place)
        else:
            self._tell(page)

    def _write_halves(
        self,
        records: Sequence[msgspec.Raw],
        at: datetime | None,
        place: Mapping[str, Any] | None,
    ) -> None:
        if len(records) > 1:
            middle = len(records) // 2
            self._write_batch(records[:middle], at, None)
            self._write_batch(records[middle:], at, place)
            return
        failed = {remote_id_of(record): REFUSAL for record in records}
        skip(self.context, self.stream, failed)
        if place is not None:
            self._commit(PreparedPage(), place)

    def _prepared(
        self, records: Sequence[msgspec.Raw], at: datetime | None
    ) -> PreparedPage:
        """Find what a page changes; its targets are fetched and written."""
        cost = self.context.cost(self.stream)
        with cost.decoding():
            raw_records = self.decoder.raw_records(records)
        with cost.writing():
            stored = self._stored(raw_records)
        with cost.decoding():
            changed, settled = self._changed(raw_records, stored, at)
            decoded = self.decoder.decode(changed, at)
        incoming = self.references.ensure_targets(self.stream, decoded.incoming)
        with cost.writing():
            counted = self.stream.name not in self.context.deferred_counts
            writes = diff_records(self.stream, incoming, stored, counted=counted)
        writes.hashes.extend(settled)
        # A record that makes no sense is read again by the next sync.
        for key in decoded.bad:
            row = stored.get(key)
            if row is not None and row.alive and row.content_hash != DIRTY:
                writes.hashes.append((key, DIRTY, row.unsettled))
        return PreparedPage(list(raw_records), stored, decoded, writes)

    def _count(self, page: PreparedPage) -> None:
        keys = [row[0] for row in page.writes.rows]
        known = {key: page.stored[key].alive for key in keys if key in page.stored}
        self.context.count(
            self.stream,
            page.keys,
            new=[key for key in keys if key not in known],
            revived=[key for key, alive in known.items() if not alive],
            changed=[key for key, alive in known.items() if alive],
            skipped=page.decoded.bad.keys(),
        )

    def _tell(self, page: PreparedPage) -> None:
        """Say what was wrong with records of a page; its rows can be linked to now."""
        self.context.skipped.update((self.stream.name, key) for key in page.decoded.bad)
        for sentence in page.decoded.bad.values():
            self.context.say_of_record(self.stream, "record_skipped", sentence)
        for sentence in page.decoded.mended:
            self.context.say_of_record(self.stream, "record_mended", sentence)
        self.references.learn(self.stream, [row[0] for row in page.writes.rows])

    def decoded(
        self, records: Sequence[msgspec.Raw], at: datetime | None
    ) -> dict[int, Incoming]:
        """Return what `records` say, by row id, whatever is here; writes nothing."""
        with self.context.cost(self.stream).decoding():
            raw_records = self.decoder.raw_records(records)
            return self.decoder.decode(raw_records.values(), at).incoming

    def _stored(self, raw_records: Mapping[int, RawRecord]) -> dict[int, Stored]:
        rows = self.stream.model.objects.filter(id__in=list(raw_records)).values_list(
            "id", "content_hash", "unsettled", "deleted_at", "remote_updated_text"
        )
        return {
            key: Stored(content_hash, unsettled, deleted_at is None, updated)
            for key, content_hash, unsettled, deleted_at, updated in rows
        }

    def _changed(
        self,
        raw_records: Mapping[int, RawRecord],
        stored: Mapping[int, Stored],
        at: datetime | None,
    ) -> tuple[list[RawRecord], list[tuple[int, int, bool]]]:
        """Return what to decode, and the hashes of unchanged rows that have settled."""
        changed, settled = [], []
        for key, part in raw_records.items():
            row = stored.get(key)
            if (
                row is None
                or not row.alive
                or row.content_hash != part.content_hash
                or self.context.rewrite
            ):
                changed.append(part)
            elif row.unsettled and has_settled(row.updated_text, at):
                settled.append((key, row.content_hash, False))
        return changed, settled

    def _commit(self, page: PreparedPage, place: Mapping[str, Any] | None) -> None:
        context, cost = self.context, self.context.cost(self.stream)
        with cost.writing():  # the values are encoded here, where no lock is held
            statements = self._statements(page.writes) if page.writes else []
        self.throttle.wait()
        with cost.writing(), context.reporter.atomic():
            began = time.monotonic()
            execute_together(statements)
            self._count(page)
            if place is not None:
                saved = {**place, **context.result()}
                context.reporter.checkpoint(saved, context.reached(place))
        context.has_change_set |= bool(page.writes.rows)
        self.throttle.after(began)

    def _statements(self, writes: Writes) -> Statements:
        stream = self.stream
        statements = [
            *delete_pairs(SceneFile, FILE_KEY, sorted(writes.lost_files)),
            *upsert(
                stream.model,
                (*MIRRORED_COLUMNS, *stream.columns),
                writes.rows,
                kept=FIRST_SEEN,
            ),
        ]
        for number, table in enumerate(stream.links):
            columns = (table.owner, table.target)
            statements += delete_pairs(
                table.model, columns, sorted(writes.removed[number])
            )
            statements += upsert(table.model, columns, sorted(writes.added[number]))
        statements += upsert(SceneFile, FILE_COLUMNS, writes.files)
        for name, deltas in writes.counts.items():
            statements += add_to_counts(
                self.context.streams[name].model, deltas.items()
            )
        dirty = [(key, DIRTY) for key in sorted(writes.scenes_losing_files)]
        return [
            *statements,
            *set_columns(stream.model, ("content_hash", "unsettled"), writes.hashes),
            *set_columns(stream.model, ("content_hash",), dirty),
            *history_statements(writes.history),
            *(self.context.change_set() if writes.rows else ()),
            # Last: on SQLite each statement behind it would flush what it wrote.
            *document_statements(stream, writes.documents),
        ]
