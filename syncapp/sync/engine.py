"""Makes the mirror equal to the source: quick, full, or chosen scenes.

After a pull that starts when the last remote change is over, mirror and source are
equal. One that runs among changes, is cancelled or dies leaves a mirror that the next
one makes equal: no clock and no watermark is kept, so none can be wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from syncapp.models import StreamState
from syncapp.models.keys import remote_id, row_id
from syncapp.sync.errors import SyncStopped
from syncapp.sync.fetching import listed, pages, skip, untried
from syncapp.sync.index import Difference, compare, dirty
from syncapp.sync.run import Run
from syncapp.sync.stream import Stream
from syncapp.sync.tally import Tally
from syncapp.sync.tombstones import bury, is_another_library, too_many_gone

PAGE = 250


def pull(run: Run, streams: Sequence[Stream], *, everything: bool) -> dict[str, Any]:
    """Sync `streams`, in foreign-key order; returns counts per stream.

    With `everything` each record is read, whatever its `updated_at`; without, only what
    differs from the index, except in a stream that was never read whole with the fields
    that are selected now. A run that was interrupted goes on where its checkpoint says.
    """
    place = dict(run.reporter.resume_from or {})
    for stream in _from_place(run, streams, place):
        whole = everything or _never_read(run, stream)
        if whole:
            _read_whole(run, stream, _start(stream, place))
        else:
            run.tell(stream, 0, None)
        if _reconcile(run, stream, report=not whole):
            _note_end(run, stream, whole=whole)
    return run.result()


def pull_scenes(run: Run, stream: Stream, ids: Sequence[int]) -> dict[str, Any]:
    """Read these records of `stream` again, by remote id; returns counts."""
    missing: set[int] = set()
    for number, batch in enumerate(_batches(ids)):
        run.tell(stream, number * PAGE, len(ids))
        missing.update(_read_ids(run, stream, batch))
    if missing:
        _confirm_and_bury(
            run, stream, [row_id(run.source_id, number) for number in sorted(missing)]
        )
    run.tell(stream, len(ids), len(ids))
    return run.result()


def _from_place(
    run: Run, streams: Sequence[Stream], place: Mapping[str, Any]
) -> list[Stream]:
    """Return the streams that are still to do, with the counts of the others back."""
    names = [stream.name for stream in streams]
    if place.get("stream") not in names:
        return list(streams)
    for name, saved in place.get("tallies", {}).items():
        run.tallies[name] = Tally.of(saved)
    return list(streams[names.index(place["stream"]) :])


def _start(stream: Stream, place: Mapping[str, Any]) -> int | None:
    """Return where reading begins: 0, after an id, or None (all was read already)."""
    if place.get("stream") != stream.name:
        return 0
    saved = place.get("place", 0)
    # Pages by number shift when a record is deleted meanwhile: those start again.
    return saved if saved is None or stream.entity.keyset else 0


def _never_read(run: Run, stream: Stream) -> bool:
    return not StreamState.objects.filter(
        source_id=run.source_id,
        stream=stream.name,
        selection_version=run.selection(stream),
    ).exists()


def _read_whole(run: Run, stream: Stream, start: int | None) -> None:
    """Read every record, a page and a checkpoint per transaction."""
    if start is None:
        return
    if start == 0:
        run.tallies[stream.name] = Tally()
    total = run.reader.count(stream.entity)
    run.tell(stream, run.tally(stream).seen, total)
    with pages(run, stream, start) as whole:
        for page in whole:
            skip(run, stream, page.failed)
            place = {"stream": stream.name, "place": page.next}
            run.writer(stream).write(page.records, page.at, place)
            run.tell(stream, run.tally(stream).seen, total)


def _reconcile(run: Run, stream: Stream, *, report: bool) -> bool:
    """Compare the index with the mirror and settle the difference.

    Returns False if the guard stopped the stream. With `report`, what is read here is
    the stream's progress.
    """
    run.reporter.check()
    difference = compare(stream.model, run.source_id, run.reader.index(stream.entity))
    _refuse_another_library(stream, difference)
    if too_many_gone(difference) and not run.accept_deletions:
        _hold(run, stream, difference)
        return False
    alive = _confirm_and_bury(run, stream, difference.gone)
    again = dirty(stream.model, run.source_id)
    differing = dict.fromkeys([*difference.to_read, *alive, *again])
    wanted = untried(run, stream, differing)
    if stream.all_or_none and (wanted or difference.gone):
        _read_pages(run, stream)
    else:
        _read_listed(run, stream, wanted, report=report)
    if report:
        run.tell(stream, len(wanted), len(wanted))
    run.references.mend(stream)
    return True


def _read_pages(run: Run, stream: Stream) -> None:
    with pages(run, stream) as whole:
        for page in whole:
            run.writer(stream).write(page.records, page.at)
            skip(run, stream, page.failed)


def _read_listed(run: Run, stream: Stream, ids: Sequence[int], *, report: bool) -> None:
    with listed(run, stream, _batches(ids)) as batches:
        for number, fetched in enumerate(batches):
            if report:
                run.tell(stream, number * PAGE, len(ids))
            run.writer(stream).write(fetched.records, fetched.at)
            skip(run, stream, fetched.failed)


def _read_ids(run: Run, stream: Stream, ids: Sequence[int]) -> frozenset[int]:
    """Read and write records by id; returns the ids that the source does not have."""
    run.reporter.check()
    fetched = run.reader.by_ids(stream.entity, ids)
    run.writer(stream).write(fetched.records, fetched.at)
    skip(run, stream, fetched.failed)
    return fetched.missing


def _confirm_and_bury(run: Run, stream: Stream, keys: Sequence[int]) -> list[int]:
    """Tombstone what the source confirms to be gone; returns remote ids still alive.

    An index may miss a live record (rows shift while it is read by page number), so
    each id is asked for alone before its row is marked.
    """
    alive: list[int] = []
    for batch in _batches(keys):
        run.reporter.check()
        ids = [remote_id(key) for key in batch]
        answer = run.reader.confirm(stream.entity, ids)
        bury(run, stream, [row_id(run.source_id, n) for n in sorted(answer.gone)])
        alive.extend(sorted(answer.alive))
        if answer.unknown:
            run.reporter.log(
                "warning",
                "deletion_unconfirmed",
                f"{len(answer.unknown)} {stream.name} are no longer listed, but the "
                "source did not confirm that they are gone. They were left alone.",
            )
    return alive


def _refuse_another_library(stream: Stream, difference: Difference) -> None:
    if is_another_library(difference):
        msg = (
            f"{difference.replaced} of {difference.known} {stream.name} with ids that "
            "we know were created at other times than ours: this looks like another "
            "library behind the same address. Nothing was changed. If it is meant, "
            "remove this source and add it again."
        )
        raise SyncStopped(msg, code="another_library")


def _hold(run: Run, stream: Stream, difference: Difference) -> None:
    """Leave the stream as it is and ask a person."""
    gone = len(difference.gone)
    run.held[stream.name] = gone
    state, _ = StreamState.objects.get_or_create(
        source_id=run.source_id, stream=stream.name
    )
    with run.reporter.atomic():
        StreamState.objects.filter(pk=state.pk).update(held_deletions=gone)
    run.reporter.log(
        "warning",
        "deletions_held",
        f"{gone} of {difference.mirrored} {stream.name} are no longer listed by the "
        "source. None was marked as deleted and this stream was not synced. If they "
        "are really gone, sync again and accept the deletions.",
    )


def _note_end(run: Run, stream: Stream, *, whole: bool) -> None:
    now = datetime.now(UTC)
    values: dict[str, Any] = {"synced_at": now, "held_deletions": 0}
    if whole:
        values |= {"full_at": now, "selection_version": run.selection(stream)}
    with run.reporter.atomic():
        StreamState.objects.update_or_create(
            source_id=run.source_id, stream=stream.name, defaults=values
        )


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))
