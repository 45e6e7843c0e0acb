"""Reads the scenes of a set again, however many they are: part by part, in their order.

A checkpoint goes with the pages that are written, so a run that was killed goes on
behind them. One part of the set is held in memory, and one page of records.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import count
from typing import Any

from syncapp.models import SceneSet, SceneSetPart
from syncapp.models.keys import remote_id, row_id, row_range
from syncapp.models.packed_ids import unpacked
from syncapp.stash.batches import batches
from syncapp.stash.shapes import Fetched
from syncapp.sync.dirty import mark_dirty_by_key
from syncapp.sync.distrust import distrust_what_revived
from syncapp.sync.errors import SyncStopped
from syncapp.sync.fetching import listed, skip
from syncapp.sync.guard import is_too_much
from syncapp.sync.probe import take_probe
from syncapp.sync.same_library import refuse_another_library
from syncapp.sync.session import SyncSession
from syncapp.sync.stream import Stream
from syncapp.sync.stream_state import invalidate_probe
from syncapp.sync.tombstones import confirm_and_mark

PAGE = 250


def pull_set(session: SyncSession, stream: Stream, set_id: int) -> dict[str, Any]:
    """Read the scenes of this set again; returns counts.

    A run that was interrupted goes on where its checkpoint says.
    """
    context = session.context
    total = _count_of(set_id, context.source_id)
    place = dict(context.reporter.resume_from or {})
    context.resume(place)
    refuse_another_library(context, {stream.name: take_probe(context, stream)})
    invalidate_probe(context.source_id, stream, context.reporter)
    reading = SetReading(session, stream, total)
    for ids in _parts(set_id):
        reading.read(ids, after=place.get("place", -1))
    reading.say_held()
    distrust_what_revived(context)
    context.report(stream, reading.done, total)
    return context.result()


def _count_of(set_id: int, source_id: int) -> int:
    rows = SceneSet.objects.filter(pk=set_id, source_id=source_id)
    found = rows.values_list("count", flat=True).first()
    if found is None:
        msg = "The scenes that were chosen are not known any more: choose them again."
        raise SyncStopped(msg, code="set_gone")
    return found


def _parts(set_id: int) -> Iterator[list[int]]:
    """Yield the remote ids of a set, ascending; one part at a time is read."""
    for number in count():
        rows = SceneSetPart.objects.filter(scene_set_id=set_id, number=number)
        packed = rows.values_list("ids", flat=True).first()
        if packed is None:
            return
        yield [remote_id(key) for key in unpacked(bytes(packed))]


class SetReading:
    """How far the reading of a set is."""

    def __init__(self, session: SyncSession, stream: Stream, total: int) -> None:
        self.done = 0
        self._session, self._stream, self._total = session, stream, total
        self._live: int | None = None  # rows of the mirror, as this run began

    def read(self, ids: Sequence[int], *, after: int) -> None:
        """Read those of these records that lie behind the place `after`."""
        context = self._session.context
        rest = ids[bisect_right(ids, after) :]
        self.done += len(ids) - len(rest)
        ends = batches(rest, PAGE)
        with listed(context, self._stream, batches(rest, PAGE)) as answers:
            for fetched in answers:
                context.report(self._stream, self.done, self._total)
                # Of a page that comes in parts, the last one alone is a place.
                page = () if fetched.left else next(ends)
                self._write(fetched, page)
                self.done += len(page)

    def _write(self, fetched: Fetched, page: Sequence[int]) -> None:
        context, stream = self._session.context, self._stream
        self._mark_gone(fetched.missing)
        skip(context, stream, fetched.failed)
        place = {"stream": stream.name, "place": page[-1]} if page else None
        self._session.writer(stream).write(fetched.records, fetched.at, place)

    def _mark_gone(self, missing: Collection[int]) -> None:
        """Tombstone what the source does not have, unless that is a lot of the stream.

        Of a lot nothing more is marked: the next sync sees it in the index, and asks.
        """
        context, stream = self._session.context, self._stream
        wanted = [row_id(context.source_id, number) for number in missing]
        rows = stream.model.objects.filter(id__in=wanted, deleted_at=None)
        live = sorted(rows.values_list("id", flat=True)) if wanted else []
        if not live:
            return
        gone = context.tally(stream).gone + len(live)
        if is_too_much(gone, self._mirrored()) and not context.accept_deletions:
            held = context.held.get(stream.name, 0)
            context.held[stream.name] = held + len(live)
            return
        alive = confirm_and_mark(self._session, stream, live)
        again = [row_id(context.source_id, number) for number in alive]
        mark_dirty_by_key(stream, again, context.reporter)

    def _mirrored(self) -> int:
        """Return how many live rows there were when the set began to be read."""
        context, stream = self._session.context, self._stream
        if self._live is None:
            low, end = row_range(context.source_id)
            rows = stream.model.objects.filter(id__gte=low, id__lt=end, deleted_at=None)
            self._live = rows.count() + context.tally(stream).gone
        return self._live

    def say_held(self) -> None:
        """Say what was not marked as removed, if there is any."""
        context, name = self._session.context, self._stream.name
        if held := context.held.get(name):
            context.reporter.log(
                "warning",
                "deletions_held",
                f"{held:,} more of the chosen {name} are not there any more. That is a "
                "lot, so they were left as they are; the next quick sync asks you.",
            )
