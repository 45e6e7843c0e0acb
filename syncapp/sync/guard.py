"""Stands between a listing and the mirror: so much gone, or another library.

An empty or half-read listing must never empty the mirror. What is a lot is asked for by
a sample first; what is confirmed then waits for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import blake2b

from syncapp.models import StreamState
from syncapp.models.keys import remote_id, row_range
from syncapp.stash.shapes import Confirmed
from syncapp.sync import memory
from syncapp.sync.errors import SyncStopped
from syncapp.sync.index import Difference, compare
from syncapp.sync.probe import Probe, replaced
from syncapp.sync.run import Run
from syncapp.sync.stream import Stream

# More than this gone at once, and more than this share, asks a person.
GUARD_ROWS, GUARD_SHARE = 20, 0.10
SAMPLE = 200
DIGEST_BYTES = 16


class Verdict(Enum):
    """What to do about the rows that are no longer listed."""

    BURY = "confirm each, and mark those that are gone"
    LEAVE = "leave them alone, and sync the rest of the stream"
    HOLD = "leave the stream alone until a person decides"


@dataclass(frozen=True, slots=True)
class Sample:
    """What the source says of some of the rows that it does not list."""

    answer: Confirmed
    gone: int  # of all, as far as the sample tells


def is_too_much(gone: int, of: int) -> bool:
    """Return whether so much of a stream is asked about before it is believed."""
    return gone > GUARD_ROWS and gone > GUARD_SHARE * of


def too_many_gone(difference: Difference) -> bool:
    """Return whether the deletions are so many that a person has to confirm them."""
    if difference.listed == 0:
        return difference.mirrored > 0
    return is_too_much(len(difference.gone), difference.mirrored)


def judge(run: Run, stream: Stream, difference: Difference, probe: Probe) -> Verdict:
    """Decide about the rows that are no longer listed; a stream that is held says so.

    "Accept" is asked for with the run, and has every single one confirmed.
    """
    if run.accept_deletions or not too_many_gone(difference):
        return Verdict.BURY
    mark = _mark(difference.gone)
    if _is_kept(run, stream, mark):
        run.left.add(stream.name)
        return Verdict.LEAVE
    sample = _sampled(run, stream, difference.gone)
    if not _bears_out(sample, difference):
        _distrust_listing(run, stream, sample, difference)
        run.left.add(stream.name)
        return Verdict.LEAVE
    _hold(run, stream, difference, (sample, mark, probe))
    return Verdict.HOLD


def others_are_gone(run: Run, stream: Stream, difference: Difference) -> bool:
    """Return whether other rows are gone than those that were held back, or kept.

    Some of those may be listed again. They never died, so none revives: but what was
    read meanwhile was read without them.
    """
    states = StreamState.objects.filter(source_id=run.source_id, stream=stream.name)
    marks = {
        mark for pair in states.values_list("held_mark", "kept_mark") for mark in pair
    }
    return bool(marks - {"", _mark(difference.gone)})


def _is_kept(run: Run, stream: Stream, mark: str) -> bool:
    return StreamState.objects.filter(
        source_id=run.source_id, stream=stream.name, kept_mark=mark
    ).exists()


def _sampled(run: Run, stream: Stream, gone: Sequence[int]) -> Sample:
    """Ask about rows spread over all that are missing."""
    run.reporter.check()
    step = -(-len(gone) // SAMPLE)
    ids = [remote_id(key) for key in gone[::step]]
    answer = run.reader.confirm(stream.entity, ids)
    answered = len(answer.gone) + len(answer.alive)
    share = len(answer.gone) / answered if answered else 0.0
    return Sample(answer, round(share * len(gone)))


def _bears_out(sample: Sample, difference: Difference) -> bool:
    if difference.listed == 0:
        return bool(sample.answer.gone) and not sample.answer.alive
    return is_too_much(sample.gone, difference.mirrored)


def _distrust_listing(
    run: Run, stream: Stream, sample: Sample, difference: Difference
) -> None:
    missing, asked = len(difference.gone), sample.answer
    if asked.alive:
        run.reporter.log(
            "warning",
            "listing_incomplete",
            f"The source listed {difference.listed} {stream.name} and left out "
            f"{missing} that we know, but of {len(asked.alive | asked.gone)} that we "
            f"asked for {len(asked.alive)} are there. So none was marked as deleted; "
            "the next sync looks again.",
        )
    else:
        say_unconfirmed(run, stream, missing)


def say_unconfirmed(run: Run, stream: Stream, count: int) -> None:
    """Say that rows were left alone, for the source did not tell."""
    run.left.add(stream.name)
    run.reporter.log(
        "warning",
        "deletion_unconfirmed",
        f"{count} {stream.name} are no longer listed, but the source did not confirm "
        "that they are gone. They were left alone.",
    )


def _hold(
    run: Run, stream: Stream, difference: Difference, found: tuple[Sample, str, Probe]
) -> None:
    """Leave the stream as it is and ask a person, once."""
    sample, mark, probe = found
    state = StreamState.objects.filter(
        source_id=run.source_id, stream=stream.name
    ).first()
    since = state.held_since if state else None
    run.held[stream.name] = sample.gone
    held = {
        "held_deletions": sample.gone,
        "held_ids": sorted(sample.answer.gone),
        "held_since": since or datetime.now(UTC),
        "held_mark": mark,
        "kept_mark": "",
    }
    memory.note_held(run, stream, probe, held)
    what = (
        f"{sample.gone} of {difference.mirrored} {stream.name} are no longer listed by "
        "the source"
    )
    if since:
        run.reporter.log(
            "info",
            "deletions_still_held",
            f"{what}; as before, none was marked as deleted and this stream was not "
            f"synced. It waits for a decision since {since:%Y-%m-%d %H:%M} UTC.",
        )
        return
    run.reporter.log(
        "warning",
        "deletions_held",
        f"{what}, and it confirmed {len(sample.answer.gone)} that we asked for as "
        "gone. None was marked as deleted and this stream was not synced. If they are "
        "really gone, sync again and accept the deletions.",
    )


def _mark(gone: Sequence[int]) -> str:
    """Return a digest of these ids, to know them again."""
    text = ",".join(map(str, sorted(gone)))
    return blake2b(text.encode(), digest_size=DIGEST_BYTES).hexdigest()


def refuse_another_library(stream: Stream, known: int, others: int) -> None:
    """Raise SyncStopped if ids that we know were made at other times than ours."""
    if not is_too_much(others, known):
        return
    msg = (
        f"{others} of {known} {stream.name} with ids that we know were created at "
        "other times than ours: this looks like another library behind the same "
        "address. Nothing was changed. If it is meant, remove this source and add it "
        "again."
    )
    raise SyncStopped(msg, code="another_library")


def refuse_by_probe(run: Run, stream: Stream, probe: Probe) -> None:
    """Refuse another library before a single record of it is read.

    Its newest may be none that we know, if it is the larger one: the index is looked at
    then, for this alone. Small streams tell nothing, and are written after this.
    """
    known, others = replaced(run, stream, probe)
    refuse_another_library(stream, known, others)
    if (others or known <= GUARD_ROWS) and _holds_more(run, stream):
        listed = compare(stream.model, run.source_id, run.reader.index(stream.entity))
        refuse_another_library(stream, listed.known, listed.replaced)


def _holds_more(run: Run, stream: Stream) -> bool:
    """Return whether the mirror has so many rows that the guard would speak."""
    low, end = row_range(run.source_id)
    rows = stream.model.objects.filter(id__gte=low, id__lt=end, deleted_at=None)
    return rows.order_by().values("id")[: GUARD_ROWS + 1].count() > GUARD_ROWS
