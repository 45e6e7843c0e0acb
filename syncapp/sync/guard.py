"""Stands between a listing and the mirror where so much is gone.

An empty or half-read listing must never empty the mirror. What is a lot is asked for by
a sample first; what is confirmed then waits for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import blake2b

from syncapp.models.keys import remote_id
from syncapp.stash.shapes import Confirmed
from syncapp.sync.context import SyncContext
from syncapp.sync.index import IndexDiff
from syncapp.sync.probe import Probe, outcome_of
from syncapp.sync.stream import Stream
from syncapp.sync.stream_state import note_held, state_of

# More than this gone at once, and more than this share, asks a person.
GUARD_ROWS, GUARD_SHARE = 20, 0.10
SAMPLE = 200
DIGEST_BYTES = 16


class Verdict(Enum):
    """What to do about the rows that are no longer listed."""

    MARK = "confirm each, and mark those that are gone"
    LEAVE = "leave them alone, and sync the rest of the stream"
    HOLD = "leave the stream alone until a person decides"


@dataclass(frozen=True, slots=True)
class DeletionSample:
    """What the source says of some of the rows that it does not list."""

    answer: Confirmed
    gone: int  # of all, as far as the sample tells


def is_too_much(gone: int, of: int) -> bool:
    """Return whether so much of a stream is asked about before it is believed."""
    return gone > GUARD_ROWS and gone > GUARD_SHARE * of


def too_many_gone(diff: IndexDiff) -> bool:
    """Return whether the deletions are so many that a person has to confirm them."""
    if diff.listed == 0:
        return diff.mirrored > 0
    return is_too_much(len(diff.gone), diff.mirrored)


def judge(
    context: SyncContext, stream: Stream, diff: IndexDiff, probe: Probe
) -> Verdict:
    """Decide about the rows that are no longer listed; a stream that is held says so.

    "Accept" is asked for with the run, and has every single one confirmed.
    """
    if context.accept_deletions or not too_many_gone(diff):
        return Verdict.MARK
    mark = _mark(diff.gone)
    if _is_kept(context, stream, mark):
        context.incomplete.add(stream.name)
        return Verdict.LEAVE
    sample = _sampled(context, stream, diff.gone)
    if not _bears_out(sample, diff):
        _distrust_listing(context, stream, sample, diff)
        context.incomplete.add(stream.name)
        return Verdict.LEAVE
    _hold_back(context, stream, diff, (sample, mark, probe))
    return Verdict.HOLD


def note_shortcomings(
    context: SyncContext, stream: Stream, diff: IndexDiff, probe: Probe
) -> None:
    """Say what the index left out; the next sync looks again."""
    if nameless := context.reader.nameless:
        context.incomplete.add(stream.name)
        tally = context.tally(stream)
        tally.seen += nameless
        tally.skipped += nameless
        context.reporter.log(
            "warning",
            "record_skipped",
            f"{nameless} of the {stream.name} have no usable id. They were left out; "
            "the next sync tries again.",
        )
    missing = (probe.count or 0) - diff.listed - nameless
    if missing > 0:  # perhaps deleted since the probe was taken
        context.incomplete.add(stream.name)
    if is_too_much(missing, probe.count or 0):
        context.reporter.log(
            "warning",
            "listing_incomplete",
            f"The source counts {probe.count} {stream.name} and listed {diff.listed}. "
            "The next sync looks again.",
        )


def others_are_gone(context: SyncContext, stream: Stream, diff: IndexDiff) -> bool:
    """Return whether other rows are gone than those that were held back, or kept.

    Some of those may be listed again. They never died, so none revives: but what was
    read meanwhile was read without them.
    """
    states = state_of(context.source_id, stream)
    marks = {
        mark for pair in states.values_list("held_mark", "kept_mark") for mark in pair
    }
    return bool(marks - {"", _mark(diff.gone)})


def _is_kept(context: SyncContext, stream: Stream, mark: str) -> bool:
    return state_of(context.source_id, stream).filter(kept_mark=mark).exists()


def _sampled(
    context: SyncContext, stream: Stream, gone: Sequence[int]
) -> DeletionSample:
    """Ask about rows spread over all that are missing."""
    context.reporter.check()
    step = -(-len(gone) // SAMPLE)
    ids = [remote_id(key) for key in gone[::step]]
    answer = context.reader.confirm(stream.entity, ids)
    answered = len(answer.gone) + len(answer.alive)
    share = len(answer.gone) / answered if answered else 0.0
    return DeletionSample(answer, round(share * len(gone)))


def _bears_out(sample: DeletionSample, diff: IndexDiff) -> bool:
    if diff.listed == 0:
        return bool(sample.answer.gone) and not sample.answer.alive
    return is_too_much(sample.gone, diff.mirrored)


def _distrust_listing(
    context: SyncContext, stream: Stream, sample: DeletionSample, diff: IndexDiff
) -> None:
    missing, asked = len(diff.gone), sample.answer
    if asked.alive:
        context.reporter.log(
            "warning",
            "listing_incomplete",
            f"The source listed {diff.listed} {stream.name} and left out "
            f"{missing} that we know, but of {len(asked.alive | asked.gone)} that we "
            f"asked for {len(asked.alive)} are there. So none was marked as deleted; "
            "the next sync looks again.",
        )
    else:
        say_unconfirmed(context, stream, missing)


def say_unconfirmed(context: SyncContext, stream: Stream, count: int) -> None:
    """Say that rows were left alone, for the source did not tell."""
    context.incomplete.add(stream.name)
    context.reporter.log(
        "warning",
        "deletion_unconfirmed",
        f"{count} {stream.name} are no longer listed, but the source did not confirm "
        "that they are gone. They were left alone.",
    )


def _hold_back(
    context: SyncContext,
    stream: Stream,
    diff: IndexDiff,
    found: tuple[DeletionSample, str, Probe],
) -> None:
    """Leave the stream as it is and ask a person, once."""
    sample, mark, probe = found
    state = state_of(context.source_id, stream).first()
    since = state.held_since if state else None
    context.held[stream.name] = sample.gone
    held = {
        "held_deletions": sample.gone,
        "held_ids": sorted(sample.answer.gone),
        "held_since": since or datetime.now(UTC),
        "held_mark": mark,
        "kept_mark": "",
    }
    outcome = outcome_of(context, stream, probe)
    note_held(context.source_id, stream, context.reporter, outcome, held)
    what = (
        f"{sample.gone} of {diff.mirrored} {stream.name} are no longer listed by "
        "the source"
    )
    if since:
        context.reporter.log(
            "info",
            "deletions_still_held",
            f"{what}; as before, none was marked as deleted and this stream was not "
            f"synced. It waits for a decision since {since:%Y-%m-%d %H:%M} UTC.",
        )
        return
    context.reporter.log(
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
