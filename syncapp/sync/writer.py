"""Writes one page of records: what is new or changed, in one short transaction.

Three passes, the cheap ones first. The raw JSON of a record is hashed; an equal hash
ends it there, undecoded. Changed ones are decoded and compared with the stored row and
links; only what differs is written. Everything is read, fetched and decoded before the
transaction begins: inside it is nothing but SQL.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

from syncapp.models.keys import row_id
from syncapp.models.library import SceneChange, SceneFile
from syncapp.stash.errors import BadRecord
from syncapp.sync import changes
from syncapp.sync.difference import (
    MIRRORED_COLUMNS,
    Incoming,
    Stored,
    Writes,
    difference,
)
from syncapp.sync.stream import FILE_COLUMNS, Stream
from syncapp.sync.streams.fields import moment
from syncapp.sync.upserts import (
    add_to_counts,
    keep_newest,
    prepared,
    put,
    remove,
    remove_pairs,
    set_columns,
)

if TYPE_CHECKING:
    from syncapp.sync.run import Run

# An edit that waits for Stash's one writer may commit this late with an older stamp.
SETTLING = timedelta(seconds=120)


class _Head(msgspec.Struct):
    id: str


_head = msgspec.json.Decoder(_Head)


@dataclass(frozen=True, slots=True)
class Slice:
    """One record as it came: its row id, its JSON, the hash of it."""

    key: int
    raw: bytes
    content_hash: int


class PageWriter:
    """Writes pages of one stream within a run."""

    def __init__(self, run: "Run", stream: Stream) -> None:
        self.run = run
        self.stream = stream
        self.seed = run.selection(stream).to_bytes(8, "big", signed=True)

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
        rest = list(records)
        while len(rest) > self.run.rest.portion:
            portion = self.run.rest.portion
            self._write_portion(rest[:portion], at, None)
            rest = rest[portion:]
        self._write_portion(rest, at, place)

    def _write_portion(
        self,
        records: Sequence[msgspec.Raw],
        at: datetime | None,
        place: Mapping[str, Any] | None,
    ) -> None:
        cost = self.run.cost(self.stream)
        with cost.decoding():
            slices = self._slices(records)
        with cost.writing():
            stored = self._stored(slices)
        with cost.decoding():
            changed, settled = self._changed(slices, stored, at)
            incoming, bad = self._decode(changed, at)
        incoming = self.run.references.supply(self.stream, incoming)
        with cost.writing():
            writes = difference(self.stream, incoming, stored)
        writes.hashes.extend(settled)
        # A record that makes no sense is read again by the next sync.
        for key in bad:
            if (row := stored.get(key)) and row.alive and row.content_hash:
                writes.hashes.append((key, 0, row.unsettled))
        self._count(slices, writes, stored)
        if writes or (place is not None and self.run.rest.long):
            self._commit(writes, place)
        self.run.references.learn(self.stream, [row[0] for row in writes.rows])

    def decoded(
        self, records: Sequence[msgspec.Raw], at: datetime | None
    ) -> dict[int, Incoming]:
        """Return what `records` say, by row id, whatever is here; writes nothing."""
        with self.run.cost(self.stream).decoding():
            return self._decode(list(self._slices(records).values()), at)[0]

    def _slices(self, records: Sequence[msgspec.Raw]) -> dict[int, Slice]:
        slices: dict[int, Slice] = {}
        for record in records:
            raw = _without_nul(bytes(record))
            remote_id = int(_head.decode(raw).id)
            key = row_id(self.run.source_id, remote_id)
            digest = blake2b(raw, digest_size=8, key=self.seed).digest()
            # 0 stands for "dirty".
            content_hash = int.from_bytes(digest, "big", signed=True) or 1
            slices[key] = Slice(key, raw, content_hash)
        return slices

    def _stored(self, slices: Mapping[int, Slice]) -> dict[int, Stored]:
        rows = self.stream.model.objects.filter(id__in=list(slices)).values_list(
            "id", "content_hash", "unsettled", "deleted_at", "remote_updated_text"
        )
        return {
            key: Stored(content_hash, unsettled, deleted_at is None, updated)
            for key, content_hash, unsettled, deleted_at, updated in rows
        }

    def _changed(
        self,
        slices: Mapping[int, Slice],
        stored: Mapping[int, Stored],
        at: datetime | None,
    ) -> tuple[list[Slice], list[tuple[int, int, bool]]]:
        """Return what to decode, and the hashes of unchanged rows that have settled."""
        changed, settled = [], []
        for key, part in slices.items():
            row = stored.get(key)
            if (
                row is None
                or not row.alive
                or row.content_hash != part.content_hash
                or self.run.rewrite
            ):
                changed.append(part)
            elif row.unsettled and _settled(row.updated_text, at):
                settled.append((key, row.content_hash, False))
        return changed, settled

    def _decode(
        self, slices: Sequence[Slice], at: datetime | None
    ) -> tuple[dict[int, Incoming], list[int]]:
        """Return what makes sense, and the keys of what does not."""
        incoming, bad = {}, []
        for part in slices:
            try:
                incoming[part.key] = self._incoming(part, at)
            except BadRecord as exc:
                bad.append(part.key)
                self.run.skipped.add((self.stream.name, part.key))
                self.run.tally(self.stream).skipped += 1
                self.run.reporter.log("warning", "record_skipped", str(exc))
        return incoming, bad

    def _incoming(self, part: Slice, at: datetime | None) -> Incoming:
        record = self.stream.decode(msgspec.Raw(part.raw))
        created, updated = moment(record.created_at), moment(record.updated_at)
        if created is None or updated is None:
            msg = (
                f"{self.stream.entity.type_name} {record.id} has no usable time stamps "
                f"({record.created_at!r}, {record.updated_at!r}); it was left as it is."
            )
            raise BadRecord(msg)
        parsed = self.stream.parse(record, self.run.source_id)
        shared = (
            part.key,
            self.run.source_id,
            int(record.id),
            record.created_at,
            record.updated_at,
            created,
            updated,
            part.content_hash,
            _unsettled(updated, at),
            datetime.now(UTC),
            None,
            self.run.reporter.job_id,
        )
        return Incoming((*shared, *parsed.values), parsed)

    def _count(
        self,
        slices: Mapping[int, Slice],
        writes: Writes,
        stored: Mapping[int, Stored],
    ) -> None:
        tally = self.run.tally(self.stream)
        tally.seen += len(slices)
        for row in writes.rows:
            before = stored.get(row[0])
            tally.new += before is None
            tally.revived += before is not None and not before.alive
            tally.changed += before is not None and before.alive
        tally.unchanged = tally.seen - (
            tally.new + tally.revived + tally.changed + tally.skipped
        )

    def _commit(self, writes: Writes, place: Mapping[str, Any] | None) -> None:
        cost = self.run.cost(self.stream)
        with cost.writing(), prepared() as statements:
            self._prepare(writes)
        self.run.rest.wait()
        with cost.writing(), self.run.reporter.atomic():
            began = time.monotonic()
            statements.send()
            if place is not None:
                self.run.reporter.checkpoint({**place, **self.run.result()})
        self.run.rest.after(began)

    def _prepare(self, writes: Writes) -> None:
        stream = self.stream
        remove(SceneFile, sorted(writes.lost_files))
        put(stream.model, (*MIRRORED_COLUMNS, *stream.columns), writes.rows)
        for number, table in enumerate(stream.links):
            columns = (table.owner, table.target)
            remove_pairs(table.model, columns, sorted(writes.removed[number]))
            put(table.model, columns, sorted(writes.added[number]))
        put(SceneFile, FILE_COLUMNS, writes.files)
        if stream.name not in self.run.uncounted:
            for name, deltas in writes.counts.items():
                add_to_counts(self.run.streams[name].model, deltas.items())
        set_columns(stream.model, ("content_hash", "unsettled"), writes.hashes)
        dirty = [(key, 0) for key in sorted(writes.robbed)]
        set_columns(stream.model, ("content_hash",), dirty)
        # What is put down now is not seen by the statement that makes room for it.
        scenes = [row[0] for row in writes.history]
        keep_newest(SceneChange, changes.COLUMNS[:2], scenes, changes.KEPT - 1)
        put(SceneChange, changes.COLUMNS, writes.history)


def _settled(updated_text: str, at: datetime | None) -> bool:
    updated = moment(updated_text)
    return updated is not None and not _unsettled(updated, at)


def _unsettled(updated_at: datetime, at: datetime | None) -> bool:
    return at is None or at - updated_at < SETTLING


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
