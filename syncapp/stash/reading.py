"""Reads records and lists of them, so that nothing is missed or taken for gone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn, TypeVar

import msgspec

from syncapp.stash import documents
from syncapp.stash.answers import Answer
from syncapp.stash.batches import batches
from syncapp.stash.client import StashClient
from syncapp.stash.documents import Entity
from syncapp.stash.errors import (
    AnswerTooLarge,
    BadAnswer,
    QueryFailed,
    StashError,
    StashTimedOut,
    StashUnreachable,
)
from syncapp.stash.records import Head, Id, Stamp
from syncapp.stash.server import UNREADABLE
from syncapp.stash.shapes import Confirmed, Fetched, IndexRow, Page, Probed, Span

T = TypeVar("T")

_NOTHING = msgspec.Raw(b"null")
INDEX_SIZE = 1000
PAGE_SIZE = 250
TOGETHER = 50  # aliases in one request
NEWEST = 250  # rows of a probe
LEAST_TOGETHER = 25  # a server that is too slow for these is left until later
MOST_PAGES = 20_000  # of an index: 20 million records
# What asking for less may help against: 5xx, a broken or a slow answer. Not their kin:
# a server that is not there at all.
TOO_MUCH = (StashUnreachable, StashTimedOut, AnswerTooLarge)


class _Listed(msgspec.Struct):
    id: Id
    created_at: Stamp
    updated_at: Stamp


class Reader:
    """Reads from one server, in the ways that Stash answers reliably.

    Always sorted by id: unsorted or by a time, pages shift while they are read, and
    records are missed.
    """

    def __init__(self, client: StashClient) -> None:
        self.client = client
        self._bearable = PAGE_SIZE  # records in one answer, as far as we have seen
        self._is_awake = False  # the server's database was asked for something

    def count(self, entity: Entity) -> int:
        """Return how many records the server has."""
        answer = self.client.ask(documents.count(entity), {"filter": {"per_page": 0}})
        raw = self._listing(answer, entity.list_root, "count")
        return self._decoded(raw, int)

    def probe(self, entity: Entity) -> Probed:
        """Return the count, the greatest id and the records updated last."""
        self._wake(entity)
        down = {"direction": "DESC"}
        asked = {
            "newest": {"per_page": NEWEST, "sort": "updated_at", **down},
            "last": {"per_page": 1, "sort": "id", **down},
        }
        answer = self.client.ask(documents.probe(entity), asked)
        last = self._listing(answer, "last", entity.name)
        return Probed(
            self._decoded(self._listing(answer, "newest", "count"), int),
            max((int(head.id) for head in self._decoded(last, list[Head])), default=0),
            self._stamps(self._listing(answer, "newest", entity.name)),
            answer.at,
        )

    def _wake(self, entity: Entity) -> None:
        """Ask one small thing before two at once.

        Stash closes its database when it is idle. Two questions in one request then
        open it twice, and one of them finds it locked (seen with 3 of 4 quick syncs).
        """
        if not self._is_awake:
            self.count(entity)
            self._is_awake = True

    def index(self, entity: Entity, place: int = 0) -> Iterator[list[IndexRow]]:
        """Yield ids and time stamps of all records, ids ascending, 1,000 at a time.

        Those from `place` on, if it is given; see `Span`.
        """
        last = place if entity.keyset else 0
        for _ in range(MOST_PAGES):
            rows = self._rows(entity, place, INDEX_SIZE)
            last = self._ascending(entity, last, [row.remote_id for row in rows])
            if rows:
                yield rows
            if len(rows) < INDEX_SIZE:
                return
            place = _after(entity, place, last)
        msg = f"Stash at {self.client.url} lists {entity.name} without end; we gave up."
        raise BadAnswer(msg)

    def _rows(self, entity: Entity, place: int, size: int) -> list[IndexRow]:
        answer = self.client.ask(documents.index(entity), _place(entity, place, size))
        return self._stamps(self._listing(answer, entity.list_root, entity.name))

    def spans(self, entity: Entity, start: int = 0) -> Iterator[Span]:
        """Yield the pages from the place `start` on, of 250 records each.

        With a keyset their limits are ids out of the index, so that no record slips
        from one to another. Without, records that are added meanwhile are left out.
        """
        if not entity.keyset:
            pages = max(1, -(-self.count(entity) // PAGE_SIZE))
            for number in range(start, pages):
                yield Span(number, number + 1 if number + 1 < pages else None)
            return
        place = start
        for rows in self.index(entity, start):
            for row in [*rows[PAGE_SIZE - 1 : -1 : PAGE_SIZE], rows[-1]]:
                yield Span(place, row.remote_id)
                place = row.remote_id

    def read(self, entity: Entity, span: Span) -> Page:
        """Return the whole records of `span`; never fails for one bad record.

        A page that the server cannot tell, or not in time, is read in smaller parts,
        down to the record that is to blame.
        """
        if self._bearable >= PAGE_SIZE:
            try:
                return self._read_whole(entity, span)
            except QueryFailed:
                pass
            except StashError as exc:
                self._bear_less(exc, PAGE_SIZE)
        found = self.by_ids(entity, list(self._ids(entity, span)))
        return Page(found.records, found.at, span.next, found.failed)

    def _read_whole(self, entity: Entity, span: Span) -> Page:
        page = self.page(entity, span.place, PAGE_SIZE)
        if not entity.keyset or span.next is None:
            return Page(page.records, page.at, span.next)
        at, records, until = page.at, list(page.records), span.next
        # Records that came back (a restored backup) may have made the page too short.
        while page.next is not None and page.next < until:
            page = self.page(entity, page.next, PAGE_SIZE)
            records += page.records
        while records and self._id(records[-1]) > until:
            records.pop()  # something before it was deleted: the next page has it too
        return Page(records, at, until)

    def _ids(self, entity: Entity, span: Span) -> Iterator[int]:
        place: int | None = span.place
        while place is not None:
            rows = self._rows(entity, place, PAGE_SIZE)
            ids = [row.remote_id for row in rows]
            if not entity.keyset or span.next is None:
                yield from ids
                return
            yield from (number for number in ids if number <= span.next)
            more = len(ids) == PAGE_SIZE and ids[-1] < span.next
            place = ids[-1] if more else None

    def page(self, entity: Entity, place: int = 0, size: int = PAGE_SIZE) -> Page:
        """Return the whole records from `place` on, ids ascending.

        `place` is the last id seen (entities with a keyset) or the number of pages of
        this size that were read before; `next` of a page is the place to go on from.
        """
        document = documents.page(entity, self.client.server)
        answer = self.client.ask(document, _place(entity, place, size))
        raw = self._listing(answer, entity.list_root, entity.name)
        records = self._decoded(raw, list[msgspec.Raw])
        ids = [self._id(record) for record in records]
        last = self._ascending(entity, place if entity.keyset else 0, ids)
        more = _after(entity, place, last) if len(ids) >= size else None
        return Page(records, answer.at, more)

    def _bear_less(self, exc: StashError, size: int) -> None:
        """Ask for fewer records from now on; raises `exc` if that cannot help."""
        if type(exc) not in TOO_MUCH or size <= LEAST_TOGETHER:
            raise exc
        self._bearable = min(self._bearable, (size + 1) // 2)

    def by_ids(self, entity: Entity, ids: Sequence[int]) -> Fetched:
        """Return these records, in no certain order; ids may be gone or repeated."""
        found = _Found()
        for batch in batches(list(dict.fromkeys(ids)), self._bearable):
            rest: Sequence[int] = batch
            if documents.takes_ids(entity, self.client.server):
                rest = self._listed(entity, batch, found)
            for part in batches(rest, min(TOGETHER, self._bearable)):
                self._one_by_one(entity, part, found)
        at = found.times[0] if found.times else None
        return Fetched(found.records, frozenset(found.missing), found.failed, at)

    def confirm(self, entity: Entity, ids: Sequence[int]) -> Confirmed:
        """Say which of these still exist.

        Gone is only what is null in an answer without any error: a record whose look-up
        failed is null as well. Those are asked for once more, alone.
        """
        known: dict[int, bool] = {}
        wanted = list(dict.fromkeys(ids))
        for batch in batches(wanted, TOGETHER):
            known |= self._existing(entity, batch)
        for number in [number for number in wanted if number not in known]:
            known |= self._existing(entity, [number])
        return Confirmed(
            alive=frozenset(number for number, alive in known.items() if alive),
            gone=frozenset(number for number, alive in known.items() if not alive),
            unknown=frozenset(wanted).difference(known),
        )

    def _existing(self, entity: Entity, batch: Sequence[int]) -> dict[int, bool]:
        """Return which of the batch exist; what did not answer is left out."""
        document = documents.existence(entity, len(batch))
        answer = self.client.ask(document, _variables(batch), partial=True)
        known = {}
        for n, number in enumerate(batch):
            raw = answer.data.get(f"r{n}")
            if raw is not None:
                known[number] = self._expected(raw, [number]) == number
            elif f"r{n}" in answer.data and not answer.errors:
                known[number] = False
        return known

    def _listed(
        self, entity: Entity, batch: Sequence[int], found: "_Found"
    ) -> Sequence[int]:
        """Ask for the batch as one list; returns the ids that are left to be asked for.

        Those are all, if one is missing: Stash then fails the whole request.
        """
        document = documents.by_ids(entity, self.client.server)
        try:
            answer = self.client.ask(document, {"ids": [str(n) for n in batch]})
        except QueryFailed:
            return batch
        except StashError as exc:
            self._bear_less(exc, len(batch))
            parts = batches(batch, self._bearable)
            return [n for part in parts for n in self._listed(entity, part, found)]
        found.times.append(answer.at)
        raw = self._listing(answer, entity.list_root, entity.name)
        got = set()
        for record in self._decoded(raw, list[msgspec.Raw]):
            got.add(self._expected(record, batch))
            found.records.append(record)
        return [number for number in batch if number not in got]

    def _one_by_one(
        self, entity: Entity, batch: Sequence[int], found: "_Found"
    ) -> None:
        """Ask for each alone, in one request; on an error halve it, to single out why.

        No part of an answer with errors is used: a field that failed is null, and would
        be taken for empty.
        """
        document = documents.one_by_one(entity, self.client.server, len(batch))
        try:
            answer = self.client.ask(document, _variables(batch))
        except QueryFailed as exc:
            if len(batch) == 1:
                found.failed[batch[0]] = exc.reason
                return
            self._in_halves(entity, batch, found)
            return
        except StashError as exc:
            self._bear_less(exc, len(batch))
            self._in_halves(entity, batch, found)
            return
        found.times.append(answer.at)
        for n, number in enumerate(batch):
            raw = answer.data.get(f"r{n}")
            if raw is None:
                found.missing.append(number)
            else:
                self._expected(raw, [number])
                found.records.append(raw)

    def _in_halves(self, entity: Entity, batch: Sequence[int], found: "_Found") -> None:
        for half in batches(batch, (len(batch) + 1) // 2):
            self._one_by_one(entity, half, found)

    # Answers that make sense, or BadAnswer

    def _listing(self, answer: Answer, root: str, name: str) -> msgspec.Raw:
        """Return the raw list (or count) out of one root of the answer."""
        raw = answer.data.get(root) or _NOTHING
        return self._decoded(raw, dict[str, msgspec.Raw]).get(name, _NOTHING)

    def _stamps(self, raw: msgspec.Raw) -> list[IndexRow]:
        return [
            IndexRow(int(row.id), row.created_at, row.updated_at)
            for row in self._decoded(raw, list[_Listed])
        ]

    def _decoded(self, raw: msgspec.Raw, shape: type[T]) -> T:
        try:
            return msgspec.json.decode(raw, type=shape)
        except UNREADABLE:
            self._refuse("in a form that Stash does not use")

    def _id(self, record: msgspec.Raw) -> int:
        return int(self._decoded(record, Head).id)

    def _expected(self, record: msgspec.Raw, wanted: Sequence[int]) -> int:
        number = self._id(record)
        if number not in wanted:
            self._refuse("with a record that we did not ask for")
        return number

    def _ascending(self, entity: Entity, last: int, ids: Sequence[int]) -> int:
        """Return the last of `ids`; out of order, reading on might never end."""
        for number in ids:
            if number <= last:
                self._refuse(f"with {entity.name} out of order or twice")
            last = number
        return last

    def _refuse(self, how: str) -> NoReturn:
        msg = (
            f"Stash at {self.client.url} answered {how}. Nothing of that answer was "
            "used. Check whether a proxy or a plugin changes its answers."
        )
        raise BadAnswer(msg)


@dataclass(slots=True)
class _Found:
    """What `by_ids` has so far."""

    records: list[msgspec.Raw] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    times: list[datetime | None] = field(default_factory=list)


def _place(entity: Entity, place: int, size: int) -> dict[str, Any]:
    """Return the variables that read on from `place`."""
    filter_: dict[str, Any] = {"per_page": size, "sort": "id", "direction": "ASC"}
    if not entity.keyset:
        return {"filter": filter_ | {"page": place + 1}}
    after = {"id": {"value": place, "modifier": "GREATER_THAN"}}
    return {"filter": filter_, "scene_filter": after}


def _after(entity: Entity, place: int, last: int) -> int:
    return last if entity.keyset else place + 1


def _variables(batch: Sequence[int]) -> dict[str, str]:
    return {f"i{n}": str(number) for n, number in enumerate(batch)}
