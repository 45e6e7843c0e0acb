"""What is remembered of a stream between two syncs: see `StreamState`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from syncapp.models import StreamState
from syncapp.sync.stream import Stream

if TYPE_CHECKING:
    from syncapp.sync.probe import Probe
    from syncapp.sync.run import Run

NOTHING_HELD: dict[str, Any] = {
    "held_deletions": 0,
    "held_ids": [],
    "held_since": None,
    "held_mark": "",
    "kept_mark": "",
}


def never_read(run: "Run", stream: Stream) -> bool:
    """Return whether the records were never read whole with the present selection."""
    return not StreamState.objects.filter(
        source_id=run.source_id,
        stream=stream.name,
        selection_version=run.selection(stream),
    ).exists()


def fell(run: "Run", stream: Stream, probe: "Probe") -> bool:
    """Return whether the greatest id is less than it was: ids are never used twice.

    The newest record may have been deleted, or a backup restored, after which links may
    be as they were without a trace. An empty stream tells nothing; the guard sees it.
    """
    if not probe.greatest:
        return False
    return StreamState.objects.filter(
        source_id=run.source_id, stream=stream.name, greatest_id__gt=probe.greatest
    ).exists()


def distrust(run: "Run", stream: Stream, why: str) -> None:
    """Have every stream read whole that was not in this run, however it may end."""
    if run.distrusted:
        return
    run.distrusted = True
    rows = StreamState.objects.filter(source_id=run.source_id)
    with run.reporter.atomic():
        rows.exclude(stream__in=run.read_whole).update(selection_version=0)
    run.reporter.log(
        "info",
        "read_whole",
        f"{why} The source may have been restored from a backup, so every record of "
        "it is read again.",
        stream=stream.name,
    )


def forget_probe(run: "Run", stream: Stream) -> None:
    """Have the index read next time; before anything of the stream is written.

    Else a source that went back to what it was would look unchanged to us.
    """
    rows = StreamState.objects.filter(source_id=run.source_id, stream=stream.name)
    known = rows.exclude(probe="")
    if known.exists():
        with run.reporter.atomic():
            known.update(probe="")


def note_unchanged(run: "Run", stream: Stream) -> None:
    """Note that the stream was looked at, and needed nothing."""
    _note(run, stream, {"synced_at": datetime.now(UTC)})


def note_end(run: "Run", stream: Stream, probe: "Probe") -> None:
    """Note that mirror and source agree, as far as this run could make them.

    The probe that was taken before the index is kept only if nothing was left undone.
    """
    now = datetime.now(UTC)
    values: dict[str, Any] = {"synced_at": now, **_read(run, stream, now)}
    if probe.greatest:
        values["greatest_id"] = probe.greatest
    if stream.name not in run.left:
        values |= NOTHING_HELD
        if probe.settled and not run.tally(stream).skipped:
            values |= {"probe": probe.digest, "indexed_at": now}
    _note(run, stream, values)


def note_held(run: "Run", stream: Stream, probe: "Probe", held: dict[str, Any]) -> None:
    """Note what the guard holds back; what was read whole was read all the same."""
    values = {**held, **_read(run, stream, datetime.now(UTC))}
    if probe.greatest:
        values["greatest_id"] = probe.greatest
    _note(run, stream, values)


def _read(run: "Run", stream: Stream, now: datetime) -> dict[str, Any]:
    if stream.name not in run.read_whole:
        return {}
    return {"full_at": now, "selection_version": run.selection(stream)}


def _note(run: "Run", stream: Stream, values: dict[str, Any]) -> None:
    with run.reporter.atomic():
        StreamState.objects.update_or_create(
            source_id=run.source_id, stream=stream.name, defaults=values
        )
