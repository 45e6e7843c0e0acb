"""Writes one page of records: what is new or changed, in one short transaction.

Three passes, the cheap ones first. The raw JSON of a record is hashed; an equal hash
ends it there, undecoded. Changed ones are decoded and compared with the stored row and
links; only what differs is written. Everything is read, fetched and decoded before the
transaction begins: inside it is nothing but SQL.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import msgspec

from syncapp.models.keys import row_id
from syncapp.models.library import DIRTY, SceneFile
from syncapp.stash.errors import BadRecord
from syncapp.sync.context import SyncContext
from syncapp.sync.history import history_statements
from syncapp.sync.record_diff import (
    MIRRORED_COLUMNS,
    Incoming,
    Stored,
    Writes,
    diff_records,
)
from syncapp.sync.references import References
from syncapp.sync.settling import has_settled, is_unsettled
from syncapp.sync.statements import (
    Statements,
    add_to_counts,
    delete,
    delete_pairs,
    execute_together,
    set_columns,
    upsert,
)
from syncapp.sync.stream import FILE_COLUMNS, Stream
from syncapp.sync.streams.fields import moment
from syncapp.sync.throttle import WriteThrottle

NOT_DIRTY = 1  # for a record whose hash happens to be DIRTY


class _Head(msgspec.Struct):
    id: str


_head = msgspec.json.Decoder(_Head)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as it came: its row id, its JSON, the hash of it."""

    key: int
    raw: bytes
    content_hash: int


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
        self.seed = context.selection(stream).to_bytes(8, "big", signed=True)

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
            self._write_batch(remaining[:size], at, None)
            remaining = remaining[size:]
        self._write_batch(remaining, at, place)

    def _write_batch(
        self,
        records: Sequence[msgspec.Raw],
        at: datetime | None,
        place: Mapping[str, Any] | None,
    ) -> None:
        cost = self.context.cost(self.stream)
        with cost.decoding():
            raw_records = self._raw_records(records)
        with cost.writing():
            stored = self._stored(raw_records)
        with cost.decoding():
            changed, settled = self._changed(raw_records, stored, at)
            incoming, bad = self._decode(changed, at)
        incoming = self.references.ensure_targets(self.stream, incoming)
        with cost.writing():
            writes = diff_records(self.stream, incoming, stored)
        writes.hashes.extend(settled)
        # A record that makes no sense is read again by the next sync.
        for key in bad:
            row = stored.get(key)
            if row is not None and row.alive and row.content_hash != DIRTY:
                writes.hashes.append((key, DIRTY, row.unsettled))
        self._count(raw_records, writes, stored)
        if writes or (place is not None and self.throttle.is_idle):
            self._commit(writes, place)
        self.references.learn(self.stream, [row[0] for row in writes.rows])

    def decoded(
        self, records: Sequence[msgspec.Raw], at: datetime | None
    ) -> dict[int, Incoming]:
        """Return what `records` say, by row id, whatever is here; writes nothing."""
        with self.context.cost(self.stream).decoding():
            return self._decode(list(self._raw_records(records).values()), at)[0]

    def _raw_records(self, records: Sequence[msgspec.Raw]) -> dict[int, RawRecord]:
        raw_records: dict[int, RawRecord] = {}
        for record in records:
            raw = _without_nul(bytes(record))
            remote_id = int(_head.decode(raw).id)
            key = row_id(self.context.source_id, remote_id)
            digest = blake2b(raw, digest_size=8, key=self.seed).digest()
            content_hash = int.from_bytes(digest, "big", signed=True) or NOT_DIRTY
            raw_records[key] = RawRecord(key, raw, content_hash)
        return raw_records

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

    def _decode(
        self, raw_records: Sequence[RawRecord], at: datetime | None
    ) -> tuple[dict[int, Incoming], list[int]]:
        """Return what makes sense, and the keys of what does not."""
        incoming, bad = {}, []
        for part in raw_records:
            try:
                incoming[part.key] = self._incoming(part, at)
            except BadRecord as exc:
                bad.append(part.key)
                self.context.skipped.add((self.stream.name, part.key))
                self.context.tally(self.stream).skipped += 1
                self.context.reporter.log("warning", "record_skipped", str(exc))
        return incoming, bad

    def _incoming(self, part: RawRecord, at: datetime | None) -> Incoming:
        record = self.stream.decode(msgspec.Raw(part.raw))
        created, updated = moment(record.created_at), moment(record.updated_at)
        if created is None or updated is None:
            msg = (
                f"{self.stream.entity.type_name} {record.id} has no usable time stamps "
                f"({record.created_at!r}, {record.updated_at!r}); it was left as it is."
            )
            raise BadRecord(msg)
        parsed = self.stream.parse(record, self.context.source_id)
        shared = (
            part.key,
            self.context.source_id,
            int(record.id),
            record.created_at,
            record.updated_at,
            created,
            updated,
            part.content_hash,
            is_unsettled(updated, at),
            datetime.now(UTC),
            None,
            self.context.reporter.job_id,
        )
        return Incoming((*shared, *parsed.values), parsed)

    def _count(
        self,
        raw_records: Mapping[int, RawRecord],
        writes: Writes,
        stored: Mapping[int, Stored],
    ) -> None:
        tally = self.context.tally(self.stream)
        tally.seen += len(raw_records)
        for row in writes.rows:
            before = stored.get(row[0])
            tally.new += before is None
            tally.revived += before is not None and not before.alive
            tally.changed += before is not None and before.alive
        tally.unchanged = tally.seen - (
            tally.new + tally.revived + tally.changed + tally.skipped
        )

    def _commit(self, writes: Writes, place: Mapping[str, Any] | None) -> None:
        context, cost = self.context, self.context.cost(self.stream)
        with cost.writing():  # the values are encoded here, where no lock is held
            statements = self._statements(writes)
        self.throttle.wait()
        with cost.writing(), context.reporter.atomic():
            began = time.monotonic()
            execute_together(statements)
            if place is not None:
                saved = {**place, **context.result()}
                context.reporter.checkpoint(saved, context.reached(place))
        self.throttle.after(began)

    def _statements(self, writes: Writes) -> Statements:
        stream = self.stream
        statements = [
            *delete(SceneFile, sorted(writes.lost_files)),
            *upsert(stream.model, (*MIRRORED_COLUMNS, *stream.columns), writes.rows),
        ]
        for number, table in enumerate(stream.links):
            columns = (table.owner, table.target)
            statements += delete_pairs(
                table.model, columns, sorted(writes.removed[number])
            )
            statements += upsert(table.model, columns, sorted(writes.added[number]))
        statements += upsert(SceneFile, FILE_COLUMNS, writes.files)
        if stream.name not in self.context.deferred_counts:
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
        ]


def _without_nul(raw: bytes) -> bytes:
    """Return the JSON without NUL characters, which PostgreSQL cannot store."""
    if b"\\u0000" not in raw:
        return raw
    return msgspec.json.encode(_stripped(msgspec.json.decode(raw)))


def _stripped(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    if isinstance(value, dict):
        return {name: _stripped(item) for name, item in value.items()}
    return value
