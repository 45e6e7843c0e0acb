"""What is kept of a stream between two syncs: reads and writes `StreamState`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from syncapp.models import StreamState
from syncapp.sync.reporter import Reporter
from syncapp.sync.stream import Stream

NOTHING_HELD: dict[str, Any] = {
    "held_deletions": 0,
    "held_ids": [],
    "held_since": None,
    "held_mark": "",
    "kept_mark": "",
}


@dataclass(frozen=True, slots=True)
class StreamOutcome:
    """How far a run has come with a stream."""

    greatest_id: int  # that the source had; 0: none, or not known
    selection: int | None  # of the fields that were read whole; None: not read whole
    probe: str  # its digest, where nothing was left undone; else ""
    complete: bool  # no deletion waits, none is in doubt
    side_probe: Mapping[str, Any] = field(default_factory=dict)  # {}: not taken


def state_of(source_id: int, stream: Stream) -> "QuerySet[StreamState, StreamState]":
    """Return the one row of this stream, if there is one already."""
    return StreamState.objects.filter(source_id=source_id, stream=stream.name)


def needs_full_read(source_id: int, stream: Stream, selection: int) -> bool:
    """Return whether the records were never read whole with this selection."""
    rows = state_of(source_id, stream)
    return not rows.filter(selection_version=selection).exists()


def was_ever_read(source_id: int, stream: Stream) -> bool:
    """Return whether the records were ever read whole, with whatever fields."""
    return state_of(source_id, stream).filter(full_at__isnull=False).exists()


def greatest_id_decreased(source_id: int, stream: Stream, greatest: int) -> bool:
    """Return whether the greatest id is less than it was: ids are never used twice.

    The newest record may have been deleted, or a backup restored, after which links may
    be as they were without a trace. An empty stream tells nothing; the guard sees it.
    """
    if not greatest:
        return False
    return state_of(source_id, stream).filter(greatest_id__gt=greatest).exists()


def require_full_reads(
    source_id: int, reporter: Reporter, *, but: Collection[str]
) -> None:
    """Have every stream read whole next time, except those named."""
    rows = StreamState.objects.filter(source_id=source_id)
    with reporter.atomic():
        rows.exclude(stream__in=but).update(selection_version=0)


def invalidate_probe(source_id: int, stream: Stream, reporter: Reporter) -> None:
    """Have the index read next time; before anything of the stream is written.

    Else a source that went back to what it was would look unchanged to us.
    """
    known = state_of(source_id, stream).exclude(probe="")
    if known.exists():
        with reporter.atomic():
            known.update(probe="")


def side_probe_of(source_id: int, stream: Stream) -> dict[str, Any]:
    """Return what the source told beside when we knew all of it; {} if never."""
    kept = state_of(source_id, stream).values_list("side_probe", flat=True).first()
    return kept or {}


def note_side_probe(source_id: int, stream: Stream, probe: Mapping[str, Any]) -> None:
    """Keep it, in the transaction that marks what it showed."""
    state_of(source_id, stream).update(side_probe=probe)


def note_unchanged(source_id: int, stream: Stream, reporter: Reporter) -> None:
    """Note that the stream was looked at, and needed nothing."""
    _save(source_id, stream, reporter, {"synced_at": datetime.now(UTC)})


def note_end(
    source_id: int, stream: Stream, reporter: Reporter, outcome: StreamOutcome
) -> None:
    """Note that mirror and source agree, as far as this run could make them."""
    now = datetime.now(UTC)
    values = {"synced_at": now, **_read(outcome, now)}
    if outcome.complete:
        values |= NOTHING_HELD
        if outcome.probe:
            values |= {"probe": outcome.probe, "indexed_at": now}
    _save(source_id, stream, reporter, values)


def note_held(
    source_id: int,
    stream: Stream,
    reporter: Reporter,
    outcome: StreamOutcome,
    held: dict[str, Any],
) -> None:
    """Note what the guard holds back; what was read whole was read all the same."""
    values = {**held, **_read(outcome, datetime.now(UTC))}
    _save(source_id, stream, reporter, values)


def _read(outcome: StreamOutcome, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if outcome.selection is not None:
        values = {
            "full_at": now,
            "selection_version": outcome.selection,
            "side_probe": outcome.side_probe,
        }
    if outcome.greatest_id:
        values["greatest_id"] = outcome.greatest_id
    return values


def _save(
    source_id: int, stream: Stream, reporter: Reporter, values: dict[str, Any]
) -> None:
    with reporter.atomic():
        StreamState.objects.update_or_create(
            source_id=source_id, stream=stream.name, defaults=values
        )
