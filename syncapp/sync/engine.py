"""Makes the mirror equal to the source: quick, full, or chosen scenes.

After a pull that starts when the last remote change is over, mirror and source are
equal. One that runs among changes, is cancelled or dies leaves a mirror that the next
one makes equal: no clock and no watermark is kept, so none can be wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from syncapp.models.keys import remote_id, row_id
from syncapp.stash.batches import batches
from syncapp.sync.activity import mark_played
from syncapp.sync.counts import count_meanwhile, counted_at_the_end
from syncapp.sync.fetching import listed, pages, skip, untried
from syncapp.sync.guard import (
    Verdict,
    judge,
    others_are_gone,
    refuse_another_library,
    refuse_by_probe,
    say_unconfirmed,
)
from syncapp.sync.index import compare, dirty
from syncapp.sync.memory import (
    distrust,
    fell,
    forget_probe,
    never_read,
    note_end,
    note_unchanged,
)
from syncapp.sync.probe import Probe, is_unchanged, take_probe
from syncapp.sync.run import Run
from syncapp.sync.stream import Stream
from syncapp.sync.tally import Tally
from syncapp.sync.tombstones import bury

PAGE = 250


def pull(
    run: Run,
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
    place = {} if from_start else dict(run.reporter.resume_from or {})
    wanted = _from_place(run, streams, place)
    whole_ones = {s.name for s in wanted if everything or never_read(run, s)}
    probes = _look(run, wanted)
    for stream in wanted:
        probe, start = probes[stream.name], _start(run, stream, place)
        whole = stream.name in whole_ones
        if not whole:
            mark_played(run, stream)
        if whole or force_index or not is_unchanged(run, stream, probe):
            _sync(run, stream, probe, start=start, whole=whole)
        else:
            run.tell(stream, 0, 0)
            note_unchanged(run, stream)
    _read_again(run, streams)
    return run.result()


def _look(run: Run, streams: Sequence[Stream]) -> dict[str, Probe]:
    """Take the probes of all streams, before a record of one is read or written."""
    probes = {}
    for stream in streams:
        run.reporter.check()
        probes[stream.name] = take_probe(run, stream)
        probe = probes[stream.name]
        refuse_by_probe(run, stream, probe)
        run.charge(stream)
    for stream in streams:
        if fell(run, stream, probes[stream.name]):
            distrust(run, stream, f"The newest of the {stream.name} are gone.")
    return probes


def _sync(
    run: Run, stream: Stream, probe: Probe, *, whole: bool, start: int | None = 0
) -> None:
    """Read the stream, whole from `start` on or by its index, and settle the rest."""
    forget_probe(run, stream)
    if whole:
        with counted_at_the_end(run, stream):
            _read_whole(run, stream, start)
        run.read_whole.add(stream.name)
    else:
        run.tell(stream, 0, None)
    if _reconcile(run, stream, probe, report=not whole):
        note_end(run, stream, probe)
    _distrust_what_revived(run)
    run.charge(stream)


def _distrust_what_revived(run: Run) -> None:
    """Distrust the source if a row came back, also as what another one links to."""
    for name, tally in run.tallies.items():
        if tally.revived:
            distrust(run, run.streams[name], f"Deleted {name} are back.")


def _read_again(run: Run, streams: Sequence[Stream]) -> None:
    """Read whole what was synced before the run had a reason to distrust the source."""
    again = [s for s in streams if run.distrusted and s.name not in run.read_whole]
    for stream in again:
        before = run.tallies.pop(stream.name, Tally())
        _sync(run, stream, take_probe(run, stream), whole=True)
        run.tally(stream).add(before)


def pull_scenes(run: Run, stream: Stream, ids: Sequence[int]) -> dict[str, Any]:
    """Read these records of `stream` again, by remote id; returns counts."""
    forget_probe(run, stream)
    missing: set[int] = set()
    for number, batch in enumerate(batches(ids, PAGE)):
        run.tell(stream, number * PAGE, len(ids))
        missing.update(_read_ids(run, stream, batch))
    if missing:
        _confirm_and_bury(
            run, stream, [row_id(run.source_id, number) for number in sorted(missing)]
        )
    _distrust_what_revived(run)
    run.tell(stream, len(ids), len(ids))
    return run.result()


def _from_place(
    run: Run, streams: Sequence[Stream], place: Mapping[str, Any]
) -> list[Stream]:
    """Return the streams that are still to do, with the counts of the others back."""
    names = [stream.name for stream in streams]
    if place.get("stream") not in names:
        return list(streams)
    run.go_on_from(place)
    return list(streams[names.index(place["stream"]) :])


def _start(run: Run, stream: Stream, place: Mapping[str, Any]) -> int | None:
    """Return where reading begins: 0, after an id, or None (all was read already)."""
    if place.get("stream") != stream.name:
        return 0
    if place.get("selection") != run.selection(stream):
        return 0  # what was read lacks fields that are selected now
    saved = place.get("place", 0)
    # Pages by number shift when a record is deleted meanwhile: those start again.
    return saved if saved is None or stream.entity.keyset else 0


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
            place = {
                "stream": stream.name,
                "place": page.next,
                "selection": run.selection(stream),
            }
            run.writer(stream).write(page.records, page.at, place)
            count_meanwhile(run, stream)
            run.tell(stream, run.tally(stream).seen, total)


def _reconcile(run: Run, stream: Stream, probe: Probe, *, report: bool) -> bool:
    """Compare the index with the mirror and settle the difference.

    Returns False if the guard stopped the stream. With `report`, what is read here is
    the stream's progress.
    """
    run.reporter.check()
    difference = compare(stream.model, run.source_id, run.reader.index(stream.entity))
    refuse_another_library(stream, difference.known, difference.replaced)
    if others_are_gone(run, stream, difference):
        distrust(run, stream, f"Other {stream.name} are gone than were before.")
    verdict = judge(run, stream, difference, probe)
    if verdict is Verdict.HOLD:
        return False
    gone = difference.gone if verdict is Verdict.BURY else []
    alive = _confirm_and_bury(run, stream, gone)
    again = dirty(stream.model, run.source_id)
    differing = dict.fromkeys([*difference.to_read, *alive, *again])
    wanted = untried(run, stream, differing)
    if stream.all_or_none and (wanted or gone):
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
    with listed(run, stream, batches(ids, PAGE)) as answers:
        for number, fetched in enumerate(answers):
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
    for batch in batches(keys, PAGE):
        run.reporter.check()
        ids = [remote_id(key) for key in batch]
        answer = run.reader.confirm(stream.entity, ids)
        bury(run, stream, [row_id(run.source_id, n) for n in sorted(answer.gone)])
        alive.extend(sorted(answer.alive))
        if answer.unknown:
            say_unconfirmed(run, stream, len(answer.unknown))
    return alive
