"""Decodes pages: raw records to the rows, links and files that they are here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import msgspec

from syncapp.models.keys import row_id
from syncapp.stash.errors import BadRecord
from syncapp.sync.context import SyncContext
from syncapp.sync.record_diff import Incoming
from syncapp.sync.settling import is_unsettled
from syncapp.sync.stream import Stream
from syncapp.sync.streams.fields import moment

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


@dataclass(slots=True)
class DecodedPage:
    """What records say, by row id; sentences about those that could not be read."""

    incoming: dict[int, Incoming] = field(default_factory=dict)
    bad: dict[int, str] = field(default_factory=dict)
    mended: list[str] = field(default_factory=list)  # sentences


class PageDecoder:
    """Decodes pages of one stream within a run."""

    def __init__(self, context: SyncContext, stream: Stream) -> None:
        self.context = context
        self.stream = stream
        self._seed = context.selection(stream).to_bytes(8, "big", signed=True)

    def raw_records(self, records: Sequence[msgspec.Raw]) -> dict[int, RawRecord]:
        """Return records by row id, each with the hash of its JSON."""
        raw_records: dict[int, RawRecord] = {}
        for record in records:
            raw = bytes(record)
            key = row_id(self.context.source_id, remote_id_of(record))
            digest = blake2b(raw, digest_size=8, key=self._seed).digest()
            content_hash = int.from_bytes(digest, "big", signed=True) or NOT_DIRTY
            raw_records[key] = RawRecord(key, raw, content_hash)
        return raw_records

    def decode(
        self, raw_records: Iterable[RawRecord], at: datetime | None
    ) -> DecodedPage:
        """Return what records say, and which make no sense."""
        page = DecodedPage()
        for part in raw_records:
            try:
                self._add(page, part, at)
            except BadRecord as exc:
                page.bad[part.key] = str(exc)
        return page

    def _add(self, page: DecodedPage, part: RawRecord, at: datetime | None) -> None:
        record, mended = self.stream.decode(part.raw)
        page.incoming[part.key] = self._incoming(part, record, at)
        if mended:
            name = f"{self.stream.entity.type_name} {record.id}"
            page.mended.append(f"{name} was mended: {'; '.join(mended)}.")

    def _incoming(self, part: RawRecord, record: Any, at: datetime | None) -> Incoming:
        made, edited = moment(record.created_at), moment(record.updated_at)
        created, updated = made or edited, edited or made
        if created is None or updated is None:
            msg = (
                f"{self.stream.entity.type_name} {record.id} has no usable time stamps "
                f"({record.created_at!r}, {record.updated_at!r}); it was left as it is."
            )
            raise BadRecord(msg)
        parsed = self.stream.parse(record, self.context.source_id)
        now, job_id = datetime.now(UTC), self.context.reporter.job_id
        shared = (
            part.key,
            self.context.source_id,
            int(record.id),
            record.created_at,
            record.updated_at,
            created,
            updated,
            part.content_hash,
            # Without a time of its last edit, none would show that it was edited.
            edited is None or is_unsettled(edited, at),
            now,
            None,
            job_id,
            None,
            now,
            job_id,
        )
        return Incoming((*shared, *parsed.values), parsed)


def remote_id_of(record: msgspec.Raw) -> int:
    return int(_head.decode(record).id)
