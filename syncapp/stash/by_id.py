"""Reads records by their ids, down to the one that is to blame for a failure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from syncapp.stash import bounds, documents
from syncapp.stash.batches import batches
from syncapp.stash.client import StashClient
from syncapp.stash.documents import Entity
from syncapp.stash.errors import (
    AnswerTooLarge,
    BrokenAnswer,
    QueryFailed,
    StashError,
    StashTimedOut,
    StashUnreachable,
)
from syncapp.stash.sense import Sense
from syncapp.stash.shapes import Confirmed, Fetched

TOGETHER = 50  # aliases in one request
LEAST_TOGETHER = 25  # a server that is too slow for these is left until later
MOST_BYTES = 4 * 2**20  # of the records of one reading; the others are left
ROOMY = 2 * 2**20  # of an answer; after a larger one fewer records are asked for
# What asking for less may help against: 5xx, a broken or a slow answer. Not their kin:
# a server that is not there at all.
TOO_MUCH = (StashUnreachable, StashTimedOut, AnswerTooLarge)


class Load:
    """How many records a server can tell in one answer, as far as we have seen."""

    def __init__(self, most: int) -> None:
        self.most = most

    def lessen(self, exc: StashError, size: int) -> None:
        """Ask for fewer from now on; raises `exc` if that cannot help."""
        if type(exc) not in TOO_MUCH:
            raise exc
        if size <= LEAST_TOGETHER and not isinstance(exc, AnswerTooLarge):
            raise exc
        self._halve(size)

    def see(self, records: Sequence[msgspec.Raw]) -> int:
        """Note an answer that came; returns its size in bytes."""
        size = sum(memoryview(record).nbytes for record in records)
        if size > ROOMY:
            self._halve(len(records))
        return size

    def _halve(self, size: int) -> None:
        self.most = min(self.most, max(LEAST_TOGETHER, (size + 1) // 2))


@dataclass(slots=True)
class _Found:
    """What a reading has so far."""

    records: list[msgspec.Raw] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    times: list[datetime | None] = field(default_factory=list)
    size: int = 0  # of the records, in bytes


class ById:
    """Asks one server for records by id."""

    def __init__(self, client: StashClient, load: Load) -> None:
        self._client = client
        self._load = load
        self._sense = Sense(client.url)

    def read(self, entity: Entity, ids: Sequence[int]) -> Fetched:
        """Return these records, in no certain order; ids may be gone or repeated."""
        found = _Found()
        wanted = list(dict.fromkeys(ids))
        done = 0
        while done < len(wanted) and found.size < MOST_BYTES:
            batch = wanted[done : done + self._load.most]
            self._read(entity, batch, found)
            done += len(batch)
        return Fetched(
            found.records,
            frozenset(found.missing),
            found.failed,
            found.times[0] if found.times else None,
            wanted[done:],
        )

    def _read(self, entity: Entity, batch: Sequence[int], found: _Found) -> None:
        rest = batch
        if documents.takes_ids(entity, self._client.server):
            rest = self._listed(entity, batch, found)
        for part in batches(rest, min(TOGETHER, self._load.most)):
            self._one_by_one(entity, part, found)

    def confirm(self, entity: Entity, ids: Sequence[int]) -> Confirmed:
        """Say which of these still exist.

        Gone is only what is null in an answer without any error: a record whose look-up
        failed is null as well. Those are asked for once more, alone. A record without a
        usable id is there, and says nothing of what was asked for.
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
        answer = self._client.ask(document, _variables(batch), partial=True)
        known = {}
        for n, number in enumerate(batch):
            raw = answer.data.get(f"r{n}")
            if raw is not None and self._sense.id_of(raw) is not None:
                known[number] = self._sense.expected(raw, [number]) == number
            elif raw is None and f"r{n}" in answer.data and not answer.errors:
                known[number] = False
        return known

    def _listed(
        self, entity: Entity, batch: Sequence[int], found: _Found
    ) -> Sequence[int]:
        """Ask for the batch as one list; returns the ids that are left to be asked for.

        Those are all, if one is missing: Stash then fails the whole request.
        """
        document = documents.by_ids(entity, self._client.server)
        answer = None
        try:
            answer = self._client.ask(
                document, {"ids": [str(n) for n in batch]}, most_bytes=_most(batch)
            )
        except (QueryFailed, BrokenAnswer):
            return batch
        except StashError as exc:
            self._load.lessen(exc, len(batch))
            if len(batch) == 1:
                return batch
        if answer is None:  # and the error is gone, with all that its frames held
            halves = batches(batch, (len(batch) + 1) // 2)
            return [n for half in halves for n in self._listed(entity, half, found)]
        raw = self._sense.part(answer, entity.list_root, entity.name)
        records = [record for _, record in self._sense.records(raw).rows]
        got = {self._sense.expected(record, batch) for record in records}
        if len(got) < len(records):
            self._sense.refuse("with a record twice")
        self._keep(records, answer.at, found)
        return [number for number in batch if number not in got]

    def _keep(
        self, records: list[msgspec.Raw], at: datetime | None, found: _Found
    ) -> None:
        found.times.append(at)
        found.records += records
        found.size += self._load.see(records)

    def _one_by_one(self, entity: Entity, batch: Sequence[int], found: _Found) -> None:
        """Ask for each alone, in one request; on an error halve it, to single out why.

        No part of an answer with errors is used: a field that failed is null, and would
        be taken for empty.
        """
        document = documents.one_by_one(entity, self._client.server, len(batch))
        answer = None
        try:
            answer = self._client.ask(
                document, _variables(batch), most_bytes=_most(batch)
            )
        except StashError as exc:
            if not isinstance(exc, QueryFailed | BrokenAnswer):
                self._load.lessen(exc, len(batch))
            if len(batch) == 1:
                self._fail(batch[0], exc, found)
                return
        if answer is None:
            for half in batches(batch, (len(batch) + 1) // 2):
                self._one_by_one(entity, half, found)
            return
        roots = {number: answer.data.get(f"r{n}") for n, number in enumerate(batch)}
        found.missing += [number for number, raw in roots.items() if raw is None]
        records = {n: raw for n, raw in roots.items() if raw is not None}
        for number, raw in records.items():
            if self._sense.id_of(raw) is None:
                found.failed[number] = "its answer has no usable id."
            else:
                self._sense.expected(raw, [number])
        good = [raw for n, raw in records.items() if n not in found.failed]
        self._keep(good, answer.at, found)

    def _fail(self, number: int, exc: StashError, found: _Found) -> None:
        """Note why a record cannot be read; raises `exc` if it is not the record."""
        is_stashs = isinstance(exc, QueryFailed)
        if not is_stashs and not found.records and len(found.failed) >= LEAST_TOGETHER:
            raise exc  # nothing at all comes through
        found.failed[number] = exc.reason if isinstance(exc, QueryFailed) else str(exc)


def _most(batch: Sequence[int]) -> int | None:
    """Return how large an answer about these may be; one record alone may be larger."""
    return bounds.PAGE_BYTES if len(batch) > 1 else None


def _variables(batch: Sequence[int]) -> dict[str, str]:
    return {f"i{n}": str(number) for n, number in enumerate(batch)}
