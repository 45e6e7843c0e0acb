"""Makes the mirror equal to the source: quick, full, or chosen scenes.

After a pull that starts when the last remote change is over, mirror and source are
equal. One that runs among changes, is cancelled or dies leaves a mirror that the next
one makes equal: no clock and no watermark is kept, so none can be wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from syncapp.models.keys import row_id
from syncapp.stash.batches import batches
from syncapp.sync.context import SyncContext
from syncapp.sync.counts import count_meanwhile, counted_at_the_end
from syncapp.sync.dirty import dirty_ids
from syncapp.sync.distrust import distrust, distrust_what_revived
from syncapp.sync.fetching import every, listed, pages, skip, untried
from syncapp.sync.guard import (
    Verdict,
    judge,
    note_shortcomings,
    others_are_gone,
)
from syncapp.sync.index import diff_index
from syncapp.sync.probe import Probe, is_unchanged, outcome_of, take_probe, take_probes
from syncapp.sync.same_library import refuse_another_library
from syncapp.sync.session import SyncSession
from syncapp.sync.side_probe import mark_unlisted, take_side_probe
from syncapp.sync.stream import Stream
from syncapp.sync.stream_state import (
    greatest_id_decreased,
    invalidate_probe,
    needs_full_read,
    note_end,
    note_unchanged,
)
from syncapp.sync.tombstones import confirm_and_mark

PAGE = 250


def pull(
    session: SyncSession,
    streams: Sequence[Stream],
    *,
    everything: bool,
    force_index: bool = False,
    from_start: bool = False,
) -> dict[str, Any]:
    """Sync `streams`, in foreign-key order; returns counts per stream.

    With `everything` each record is read, whatever its `updated_at`; without, only what
    differs from the index, except in a stream that was never read whole with the fields
    that are selected now. A stream whose probe tells of no change is left at that,
    unless `force_index`. A run that was interrupted goes on where its checkpoint says,
    unless `from_start`.
    """
    context = session.context
    place = {} if from_start else dict(context.reporter.resume_from or {})
    wanted = _from_place(context, streams, place)
    whole_ones = {s.name for s in wanted if everything or _is_new(context, s)}
    probes = _look_from_afar(context, wanted)
    for stream in wanted:
        probe, start = probes[stream.name], _start(context, stream, place)
        if start == 0:
            context.tallies.pop(stream.name, None)  # of what is read again now
        whole = stream.name in whole_ones
        if not whole:
            mark_unlisted(context, stream)
        elif start == 0 and stream.has_files:
            context.side_probes[stream.name] = take_side_probe(context)
        if whole or force_index or not is_unchanged(context, stream, probe):
            _sync(session, stream, probe, start=start, whole=whole)
        else:
            context.report(stream, 0, 0)
            note_unchanged(context.source_id, stream, context.reporter)
    _read_again(session, streams)
    return context.result()


def pull_scenes(
    session: SyncSession, stream: Stream, ids: Sequence[int]
) -> dict[str, Any]:
    """Read these records of `stream` again, by remote id; returns counts."""
    context = session.context
    refuse_another_library(context, {stream.name: take_probe(context, stream)})
    invalidate_probe(context.source_id, stream, context.reporter)
    missing: set[int] = set()
    for number, batch in enumerate(batches(ids, PAGE)):
        context.report(stream, number * PAGE, len(ids))
        missing.update(_read_ids(session, stream, batch))
    if missing:
        keys = [row_id(context.source_id, number) for number in sorted(missing)]
        confirm_and_mark(session, stream, keys)
    distrust_what_revived(context)
    context.report(stream, len(ids), len(ids))
    return context.result()


# Before anything is read


def _from_place(
    context: SyncContext, streams: Sequence[Stream], place: Mapping[str, Any]
) -> list[Stream]:
    """Return the streams that are still to do, with the counts of the others back."""
    names = [stream.name for stream in streams]
    if place.get("stream") not in names:
        return list(streams)
    context.resume(place)
    return list(streams[names.index(place["stream"]) :])


def _start(
    context: SyncContext, stream: Stream, place: Mapping[str, Any]
) -> int | None:
    """Return where reading begins: 0, after an id, or None (all was read already)."""
    if place.get("stream") != stream.name:
        return 0
    if place.get("selection") != context.selection(stream):
        return 0  # what was read lacks fields that are selected now
    saved = place.get("place", 0)
    # Pages by number shift when a record is deleted meanwhile: those start again.
    return saved if saved is None or stream.entity.keyset else 0


def _is_new(context: SyncContext, stream: Stream) -> bool:
    selection = context.selection(stream)
    return needs_full_read(context.source_id, stream, selection)


def _look_from_afar(
    context: SyncContext, streams: Sequence[Stream]
) -> dict[str, Probe]:
    """Take the probes of all streams, before a record of one is read or written."""
    probes = take_probes(context, streams)
    refuse_another_library(context, probes)
    for stream in streams:
        greatest = probes[stream.name].greatest
        if greatest_id_decreased(context.source_id, stream, greatest):
            distrust(context, stream, f"The newest of the {stream.name} are gone.")
    return probes


# One stream


def _sync(
    session: SyncSession,
    stream: Stream,
    probe: Probe,
    *,
    whole: bool,
    start: int | None = 0,
) -> None:
    """Read the stream, whole from `start` on or by its index, and settle the rest."""
    context = session.context
    invalidate_probe(context.source_id, stream, context.reporter)
    if whole:
        with counted_at_the_end(session, stream):
            _read_whole(session, stream, start)
        context.read_whole.add(stream.name)
    else:
        context.report(stream, 0, None)
    if _reconcile(session, stream, probe, report=not whole):
        outcome = outcome_of(context, stream, probe)
        note_end(context.source_id, stream, context.reporter, outcome)
    distrust_what_revived(context)
    context.attribute_cost(stream)


def _read_again(session: SyncSession, streams: Sequence[Stream]) -> None:
    """Read whole what was synced before the run had a reason to distrust the source."""
    context = session.context
    if not context.distrusted:
        return
    for stream in [s for s in streams if s.name not in context.read_whole]:
        _sync(session, stream, take_probe(context, stream), whole=True)


def _read_whole(session: SyncSession, stream: Stream, start: int | None) -> None:
    """Read every record, a page and a checkpoint per transaction."""
    if start is None:
        return
    context = session.context
    total = context.reader.count(stream.entity)
    context.report(stream, context.tally(stream).seen, total)
    with pages(context, stream, start) as whole:
        for page in whole:
            skip(context, stream, page.failed)
            place = {
                "stream": stream.name,
                "place": page.next,
                "selection": context.selection(stream),
            }
            session.writer(stream).write(page.records, page.at, place)
            count_meanwhile(session, stream)
            context.report(stream, context.tally(stream).seen, total)


def _reconcile(
    session: SyncSession, stream: Stream, probe: Probe, *, report: bool
) -> bool:
    """Compare the index with the mirror and settle the difference.

    Returns False if the guard stopped the stream. With `report`, what is read here is
    the stream's progress.
    """
    context = session.context
    context.reporter.check()
    index = context.reader.index(stream.entity)
    diff = diff_index(stream.model, context.source_id, index)
    note_shortcomings(context, stream, diff, probe)
    if others_are_gone(context, stream, diff):
        distrust(context, stream, f"Other {stream.name} are gone than were before.")
    verdict = judge(context, stream, diff, probe)
    if verdict is Verdict.HOLD:
        return False
    gone = diff.gone if verdict is Verdict.MARK else []
    alive = confirm_and_mark(session, stream, gone)
    if alive:  # their list left them out, and will look the same once they are gone
        context.incomplete.add(stream.name)
    again = dirty_ids(stream.model, context.source_id)
    differing = dict.fromkeys([*diff.to_read, *alive, *again])
    wanted = untried(context, stream, differing)
    if stream.all_or_none and (wanted or gone):
        _read_pages(session, stream)
    else:
        _read_listed(session, stream, wanted, report=report)
    if report:
        context.report(stream, len(wanted), len(wanted))
    session.references.resolve_self_links(stream)
    return True


def _read_pages(session: SyncSession, stream: Stream) -> None:
    with pages(session.context, stream) as whole:
        for page in whole:
            session.write_page(stream, page.records, page.at)
            skip(session.context, stream, page.failed)


def _read_listed(
    session: SyncSession, stream: Stream, ids: Sequence[int], *, report: bool
) -> None:
    context = session.context
    with listed(context, stream, batches(ids, PAGE)) as answers:
        for number, fetched in enumerate(answers):
            if report:
                context.report(stream, number * PAGE, len(ids))
            session.write_page(stream, fetched.records, fetched.at)
            skip(context, stream, fetched.failed)


def _read_ids(session: SyncSession, stream: Stream, ids: Sequence[int]) -> set[int]:
    """Read and write records by id; returns the ids that the source does not have."""
    missing: set[int] = set()
    context = session.context
    for fetched in every(context, stream, ids):
        session.write_page(stream, fetched.records, fetched.at)
        skip(context, stream, fetched.failed)
        missing |= fetched.missing
    return missing
