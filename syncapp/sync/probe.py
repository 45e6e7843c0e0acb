"""Asks one small question per stream, that may spare the reading of its index.

A probe may be wrong for a while, for it sees the newest records alone, and "newest" by
a text in the server's own zone. So it is believed for six hours at most, and not at all
near a change of the zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from syncapp.models.keys import row_range
from syncapp.stash.reading import NEWEST
from syncapp.stash.shapes import IndexRow, Probed
from syncapp.sync.context import SyncContext
from syncapp.sync.dirty import dirty_rows
from syncapp.sync.settling import ZONES_APART, has_settled
from syncapp.sync.stream import Stream
from syncapp.sync.stream_state import StreamOutcome, state_of
from syncapp.sync.streams.fields import moment

BELIEVED = timedelta(hours=6)
DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Probe:
    """What a stream looked like from afar, before anything of it was read."""

    count: int | None  # None: the source told a number that cannot be
    greatest: int
    newest: tuple[IndexRow, ...]
    digest: str
    at: datetime | None  # the server's clock

    @property
    def settled(self) -> bool:
        """Whether no edit can still commit with a stamp as old as these."""
        if self.at is None:
            return False
        return all(has_settled(row.updated_at, self.at) for row in self.newest)

    @property
    def shows_every_edit(self) -> bool:
        """Whether an edit made now could not sort below all that the probe tells.

        It could where the clock or the zone was changed lately, or may have been since
        the oldest of a full list. Records of the far future tell nothing of that, but
        they sort above all others and fill the list.
        """
        at = self.at
        if at is None:
            return False
        recent = [row for row in self.newest if not _is_before(row, at - ZONES_APART)]
        present = [row for row in recent if _is_before(row, at + ZONES_APART)]
        zones = {_zone(row.updated_at) for row in present}
        return len(zones) <= 1 and len(recent) < NEWEST


def take_probe(context: SyncContext, stream: Stream) -> Probe:
    """Ask the source; one request."""
    probed = context.reader.probe(stream.entity)
    newest = tuple(probed.newest)
    return Probe(probed.count, probed.greatest, newest, _digest(probed), probed.at)


def take_probes(context: SyncContext, streams: Sequence[Stream]) -> dict[str, Probe]:
    """Ask about each of these streams; returns the probes by the stream's name."""
    probes = {}
    for stream in streams:
        context.reporter.check()
        probes[stream.name] = take_probe(context, stream)
        context.attribute_cost(stream)
    return probes


def is_unchanged(context: SyncContext, stream: Stream, probe: Probe) -> bool:
    """Return whether nothing tells that the stream differs from the mirror."""
    state = state_of(context.source_id, stream).filter(held_deletions=0).first()
    if state is None or state.indexed_at is None:
        return False
    # Our clock may have been set back: then the time that passed is not known.
    age = datetime.now(UTC) - state.indexed_at
    return (
        state.probe == probe.digest
        and timedelta(0) <= age < BELIEVED
        and probe.shows_every_edit
        and not _to_read_again(context, stream)
    )


def _to_read_again(context: SyncContext, stream: Stream) -> bool:
    low, end = row_range(context.source_id)
    unsettled = stream.model.objects.filter(
        source_id=context.source_id,
        id__gte=low,
        id__lt=end,
        deleted_at=None,
        unsettled=True,
    )
    dirty = dirty_rows(stream.model, context.source_id)
    return dirty.exists() or unsettled.exists()


def outcome_of(context: SyncContext, stream: Stream, probe: Probe) -> StreamOutcome:
    """Return how far the run has come with a stream that it began with this probe.

    The probe was taken before the index, and is kept only if nothing was left undone.
    """
    whole = stream.name in context.read_whole
    believable = probe.settled and not context.tally(stream).skipped
    return StreamOutcome(
        greatest_id=probe.greatest,
        selection=context.selection(stream) if whole else None,
        probe=probe.digest if believable else "",
        complete=stream.name not in context.incomplete,
        side_probe=context.side_probes.get(stream.name, {}),
    )


def _digest(probed: Probed) -> str:
    """Return a digest that is equal for equal probes, whatever the order of equals.

    Records of the oldest second among the newest are left out if there may be more of
    them: which of them are told is chance.
    """
    rows, edge = sorted(probed.newest), ""
    if len(rows) >= NEWEST:
        edge = min(row.updated_at for row in rows)
        rows = [row for row in rows if row.updated_at != edge]
    told = repr((probed.count, probed.greatest, edge, [tuple(row) for row in rows]))
    return blake2b(told.encode(), digest_size=DIGEST_BYTES).hexdigest()


def _is_before(row: IndexRow, at: datetime) -> bool:
    stamp = moment(row.updated_at)
    return stamp is not None and stamp <= at


def _zone(text: str) -> str:
    return "Z" if text.endswith("Z") else text[-6:]
