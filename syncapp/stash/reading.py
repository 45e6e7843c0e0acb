"""Reads records and lists of them, so that nothing is missed or taken for gone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from syncapp.stash import bounds, documents
from syncapp.stash.by_id import ById, Load
from syncapp.stash.client import StashClient
from syncapp.stash.documents import Entity
from syncapp.stash.errors import BadAnswer, BrokenAnswer, QueryFailed, StashError
from syncapp.stash.sense import Listed, Sense
from syncapp.stash.shapes import Confirmed, Fetched, IndexRow, Page, Probed, Span

INDEX_SIZE = 1000
PAGE_SIZE = 250
NEWEST = 250  # rows of a probe
MOST = 1000  # records of one span
PARTS = (2, 5)  # that a page can be parted into: both sizes are made of these
# So many more than twice what the server counts may be listed: they are added all the
# time. A list that is longer has no end.
ADDED_MEANWHILE = 10_000


class Reader:
    """Reads from one server, in the ways that Stash answers reliably.

    Always sorted by id: unsorted or by a time, pages shift while they are read, and
    records are missed.
    """

    def __init__(self, client: StashClient) -> None:
        self.client = client
        self.nameless = 0  # rows without a usable id in the index that was read last
        self._load = Load(PAGE_SIZE)
        self._by_id = ById(client, self._load)
        self._sense = Sense(client.url)
        self._counted: dict[str, int] = {}  # by entity, where the server told
        self._is_awake = False  # the server's database was asked for something

    def count(self, entity: Entity) -> int | None:
        """Return how many records the server says it has; None if that cannot be."""
        answer = self.client.ask(documents.count(entity), {"filter": {"per_page": 0}})
        raw = self._sense.part(answer, entity.list_root, "count")
        return self._note_count(entity, self._sense.count(raw))

    def _note_count(self, entity: Entity, told: int | None) -> int | None:
        if told is not None:
            self._counted[entity.name] = told
        return told

    def probe(self, entity: Entity) -> Probed:
        """Return the count, the greatest id and the records updated last."""
        self._wake(entity)
        down = {"direction": "DESC"}
        asked = {
            "newest": {"per_page": NEWEST, "sort": "updated_at", **down},
            "last": {"per_page": 1, "sort": "id", **down},
        }
        try:
            answer = self.client.ask(documents.probe(entity), asked)
        except QueryFailed:
            return self._probe_without_times(entity, asked["last"])
        count = self._sense.count(self._sense.part(answer, "newest", "count"))
        last = self._sense.records(self._sense.part(answer, "last", entity.name))
        newest = self._sense.part(answer, "newest", entity.name)
        return Probed(
            self._note_count(entity, count),
            max((number for number, _ in last.rows), default=0),
            self._sense.index_rows(newest).rows[:NEWEST],
            answer.at,
        )

    def _probe_without_times(self, entity: Entity, last: dict[str, Any]) -> Probed:
        """Return what is told although a time of the newest records cannot be."""
        answer = self.client.ask(documents.ids(entity), {"filter": last})
        rows = self._sense.ids(self._sense.part(answer, entity.list_root, entity.name))
        greatest = max((row.remote_id for row in rows.rows), default=0)
        return Probed(self.count(entity), greatest, (), None)

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
        self.nameless, listed = 0, 0
        while listed <= self._most_listed(entity):
            rows, told = self._rows(entity, place, INDEX_SIZE)
            last = self._sense.ascending(entity, last, [row.remote_id for row in rows])
            self.nameless += told - len(rows)
            listed += told
            if rows:
                yield rows
            if told < INDEX_SIZE:
                return
            place = _after(entity, place, last)
        msg = f"Stash at {self.client.url} lists {entity.name} without end; we gave up."
        raise BadAnswer(msg)

    def _most_listed(self, entity: Entity) -> int:
        counted = self._counted.get(entity.name, bounds.RECORDS)
        return min(bounds.RECORDS, 2 * counted + ADDED_MEANWHILE)

    def _rows(self, entity: Entity, place: int, size: int) -> Listed:
        try:
            raw = self._index_page(documents.index(entity), entity, place, size)
        except QueryFailed:
            return self._rows_in_parts(entity, place, size)
        return self._sense.some(self._sense.index_rows(raw))

    def _rows_in_parts(self, entity: Entity, place: int, size: int) -> Listed:
        """Return rows of a page in which a record has a time that cannot be told.

        It fails the whole page (seen with Stash 0.30), so parts of it are asked for.
        The record itself is told without times: it is read, and named if that fails.
        """
        parts = next((number for number in PARTS if size % number == 0), None)
        if parts is None:
            raw = self._index_page(documents.ids(entity), entity, place, size)
            return self._sense.some(self._sense.ids(raw))
        rows: list[Any] = []
        told, part = 0, size // parts
        for number in range(parts):
            begin = place if entity.keyset else parts * place + number
            listed = self._rows(entity, begin, part)
            rows += listed.rows
            told += listed.told
            if listed.told < part:
                break
            if not listed.rows:  # nothing tells where the next part begins
                self._sense.refuse("in a form that Stash does not use")
            place = listed.rows[-1].remote_id if entity.keyset else place
        return Listed(rows, told)

    def _index_page(
        self, document: str, entity: Entity, place: int, size: int
    ) -> msgspec.Raw:
        answer = self.client.ask(document, _place(entity, place, size))
        return self._sense.part(answer, entity.list_root, entity.name)

    def spans(self, entity: Entity, start: int = 0) -> Iterator[Span]:
        """Yield the pages from the place `start` on, of 250 records each.

        Their limits come out of the index, whatever the server counts. With a keyset
        they are ids, so that no record slips from one page to another.
        """
        if not entity.keyset:
            yield from self._numbered(entity, start)
            return
        place = start
        for rows in self.index(entity, start):
            for row in [*rows[PAGE_SIZE - 1 : -1 : PAGE_SIZE], rows[-1]]:
                yield Span(place, row.remote_id)
                place = row.remote_id

    def _numbered(self, entity: Entity, start: int) -> Iterator[Span]:
        """Yield pages by number; those of records that are added meanwhile are not."""
        number, listed = start, 0
        for rows in self.index(entity):
            listed += len(rows)
            while (number + 1) * PAGE_SIZE < listed + self.nameless:
                yield Span(number, number + 1)
                number += 1
        yield Span(number, None)

    def read(self, entity: Entity, span: Span) -> Page:
        """Return the whole records of `span`; never fails for one bad record.

        A page that the server cannot tell is read in smaller parts, down to the record
        that is to blame; one that it cannot tell in time, down to 25 records. One that
        is large is read in part: the ids that are left stand in it.
        """
        if self._load.most >= PAGE_SIZE:
            try:
                page = self._read_whole(entity, span)
                if not page.nameless:  # else the ids tell which they are
                    return page
            except (QueryFailed, BrokenAnswer):
                pass
            except StashError as exc:
                self._load.lessen(exc, PAGE_SIZE)
        found = self.by_ids(entity, list(self._ids(entity, span)))
        return Page(found.records, found.at, span.next, found.failed, found.left)

    def _read_whole(self, entity: Entity, span: Span) -> Page:
        page = self.page(entity, span.place, PAGE_SIZE)
        self._load.see(page.records)
        if not entity.keyset or span.next is None or page.nameless:
            return replace(page, next=span.next)
        at, records, until = page.at, list(page.records), span.next
        # Records that came back (a restored backup) may have made the page too short.
        # So many that they fill pages are left to the index, which lists them anew.
        while page.next is not None and page.next < until and len(records) < MOST:
            page = self.page(entity, page.next, PAGE_SIZE)
            records += page.records
        while records and (self._sense.id_of(records[-1]) or 0) > until:
            records.pop()  # something before it was deleted: the next page has it too
        return Page(records, at, until)

    def _ids(self, entity: Entity, span: Span) -> Iterator[int]:
        place: int | None = span.place
        for _ in range(MOST // PAGE_SIZE):
            if place is None:
                return
            rows, told = self._rows(entity, place, PAGE_SIZE)
            ids = [row.remote_id for row in rows]
            if not entity.keyset or span.next is None:
                yield from ids
                return
            self._sense.ascending(entity, place, ids)
            yield from (number for number in ids if number <= span.next)
            more = told == PAGE_SIZE and ids[-1] < span.next
            place = ids[-1] if more else None

    def page(self, entity: Entity, place: int = 0, size: int = PAGE_SIZE) -> Page:
        """Return the whole records from `place` on, ids ascending.

        `place` is the last id seen (entities with a keyset) or the number of pages of
        `size` before; both begin with 0.
        """
        document = documents.page(entity, self.client.server)
        asked = _place(entity, place, size)
        answer = self.client.ask(document, asked, most_bytes=bounds.PAGE_BYTES)
        raw = self._sense.part(answer, entity.list_root, entity.name)
        rows, told = self._sense.some(self._sense.records(raw))
        ids = [number for number, _ in rows]
        last = self._sense.ascending(entity, place if entity.keyset else 0, ids)
        more = _after(entity, place, last) if told >= size else None
        records = [record for _, record in rows]
        return Page(records, answer.at, more, nameless=told - len(rows))

    def by_ids(self, entity: Entity, ids: Sequence[int]) -> Fetched:
        """Return these records, in no certain order; ids may be gone or repeated."""
        return self._by_id.read(entity, ids)

    def confirm(self, entity: Entity, ids: Sequence[int]) -> Confirmed:
        """Say which of these still exist; see `ById.confirm`."""
        return self._by_id.confirm(entity, ids)


def _place(entity: Entity, place: int, size: int) -> dict[str, Any]:
    """Return the variables that read on from `place`."""
    filter_: dict[str, Any] = {"per_page": size, "sort": "id", "direction": "ASC"}
    if not entity.keyset:
        return {"filter": filter_ | {"page": place + 1}}
    after = {"id": {"value": place, "modifier": "GREATER_THAN"}}
    return {"filter": filter_, "scene_filter": after}


def _after(entity: Entity, place: int, last: int) -> int:
    return last if entity.keyset else place + 1
