"""Compares the mirror with the source, whatever hashes and times say; repairs it.

It shares the decoding of records with the engine, and none of its short cuts. Nothing
is written but with `repair`, and then what differs is marked and left to the engine:
there is one way in which rows are made right.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec

from syncapp.models.keys import row_id, row_range
from syncapp.models.library import DIRTY
from syncapp.stash.batches import batches
from syncapp.sync import engine
from syncapp.sync.context import SyncContext
from syncapp.sync.counts import recount
from syncapp.sync.dirty import mark_dirty_by_key
from syncapp.sync.fetching import listed, pages
from syncapp.sync.field_diff import FieldDiff, diff_fields, json_value
from syncapp.sync.findings import Findings
from syncapp.sync.index import side_by_side
from syncapp.sync.probe import take_probes
from syncapp.sync.record_diff import (
    HASH,
    MIRRORED_COLUMNS,
    OWN,
    REMOTE_TIMES,
    Incoming,
    load_stored,
)
from syncapp.sync.same_library import refuse_another_library
from syncapp.sync.session import SyncSession
from syncapp.sync.stream import Stream
from syncapp.sync.structure import check_structure, repair_links

BATCH = 250
CREATED_TEXT, UPDATED_TEXT = REMOTE_TIMES.start, REMOTE_TIMES.start + 1
LONGEST = 60  # characters of a value in an example
RecordPage = tuple[Sequence[msgspec.Raw], datetime | None]


def verify(
    session: SyncSession, streams: Sequence[Stream], *, sample: int, repair: bool
) -> dict[str, Any]:
    """Compare `streams` with the source; returns figures per stream and kind.

    Every id and its times are compared, and all columns of `sample` rows of each
    stream, or of all rows with 0. With `repair` what differs is made right.
    """
    context = session.context
    refuse_another_library(context, take_probes(context, streams))
    found: dict[str, Findings] = {}
    for stream in streams:
        found[stream.name] = Findings()
        _compare_ids(context, stream, found[stream.name])
        _compare_columns(session, stream, found, sample=sample, repair=repair)
        check_structure(context, stream, found[stream.name])
        for kind, sentence in found[stream.name].sentences(stream.name):
            context.reporter.log("warning", f"verify_{kind}", sentence)
        context.attribute_cost(stream)
    differences = sum(each.differences for each in found.values())
    verified = {name: each.plain() for name, each in found.items()}
    kinds = {name: each.kinds for name, each in found.items() if each.kinds}
    result = {"differences": differences, "verified": verified, "kinds": kinds}
    if repair and differences:
        done = _repair(session, streams)
        result |= _told_repairs(context, result, left=done.pop("left")) | done
    return {**result, "costs": context.spent()}


def _compare_ids(context: SyncContext, stream: Stream, found: Findings) -> None:
    """Walk the index and the mirror side by side."""
    found.source = context.reader.count(stream.entity) or 0
    index = context.reader.index(stream.entity)
    known = ("remote_id", stream.columns[0])
    for page, mirror in side_by_side(stream.model, context.source_id, index, known):
        context.reporter.check()
        found.mirror += len(mirror)
        missing, outdated = [], []
        for row in page:
            here = mirror.pop(row_id(context.source_id, row.remote_id), None)
            if here is None:
                missing.append(f"{stream.entity.type_name} {row.remote_id}")
                continue
            created, updated, content_hash, number, name = here
            same = (created, updated) == (row.created_at, row.updated_at)
            if not same or content_hash == DIRTY:
                outdated.append(_named(stream, number, name))
        extra = [_named(stream, *here[-2:]) for here in mirror.values()]
        found.add("missing", missing)
        found.add("outdated", outdated)
        found.add("extra", extra)


def _compare_columns(
    session: SyncSession,
    stream: Stream,
    found: dict[str, Findings],
    *,
    sample: int,
    repair: bool,
) -> None:
    """Read records and compare all that is stored of them, page by page."""
    context = session.context
    ids = _chosen(context, stream, sample) if sample else []
    total = len(ids) if sample else found[stream.name].source or None
    done, phase = 0, f"verify_{stream.name}"
    with _records(context, stream, ids, everything=not sample) as read:
        for records, at in read:
            context.reporter.progress(phase, done, total)
            context.reporter.counted(
                {"verified": {name: each.plain() for name, each in found.items()}}
            )
            done += len(records)
            incoming = session.writer(stream).decoded(records, at)
            damaged = _compare_page(stream, incoming, found[stream.name])
            if repair:
                mark_dirty_by_key(stream, damaged, context.reporter)
    context.reporter.progress(phase, done, total)


def _chosen(context: SyncContext, stream: Stream, sample: int) -> list[int]:
    """Return the remote ids of some live rows, by chance."""
    low, end = row_range(context.source_id)
    rows = stream.model.objects.filter(id__gte=low, id__lt=end, deleted_at=None)
    return sorted(rows.order_by("?").values_list("remote_id", flat=True)[:sample])


@contextmanager
def _records(
    context: SyncContext, stream: Stream, ids: Sequence[int], *, everything: bool
) -> Iterator[Iterator[RecordPage]]:
    """Open the records, all or those with these ids."""
    if everything:
        with pages(context, stream) as whole:
            yield (_told(context, stream, page) for page in whole)
    else:
        with listed(context, stream, batches(ids, BATCH)) as some:
            yield (_told(context, stream, fetched) for fetched in some)


def _told(context: SyncContext, stream: Stream, answer: Any) -> RecordPage:
    """Return the records of an answer; those that failed are named in the log."""
    for number, reason in answer.failed.items():
        context.reporter.log(
            "warning",
            "record_skipped",
            f"{stream.entity.type_name} {number} could not be read, so it was not "
            f"compared: {reason}",
        )
    return answer.records, answer.at


def _compare_page(
    stream: Stream, incoming: dict[int, Incoming], found: Findings
) -> list[int]:
    """Return the ids of rows that differ though their times say that they do not.

    What is not here, is dirty or has another time is known from the index.
    """
    here = load_stored(stream, list(incoming))
    damaged = []
    for key, record in incoming.items():
        row = here.rows.get(key)
        if row is None or row[HASH] == DIRTY or _moved(row, record.row):
            continue
        found.compared += 1
        wrong = diff_fields(stream, here.version(key), record.parsed)
        if row[REMOTE_TIMES] != record.row[REMOTE_TIMES]:
            wrong["times"] = [str(row[UPDATED_TEXT]), record.row[UPDATED_TEXT]]
        if wrong:
            damaged.append(key)
            name = _named(stream, row[2], row[OWN])
            found.add("wrong", [f"{name} ({_fields(wrong)})"])
    return damaged


def _moved(row: tuple[Any, ...], record: tuple[Any, ...]) -> bool:
    texts = slice(CREATED_TEXT, UPDATED_TEXT + 1)
    return row[texts] != record[texts] or row[MIRRORED_COLUMNS.index("deleted_at")]


def _fields(wrong: FieldDiff) -> str:
    return ", ".join(
        f"{name} is {_short(here)}, the source says {_short(there)}"
        for name, (here, there) in wrong.items()
    )


def _short(value: Any) -> str:
    text = repr(json_value(value))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _named(stream: Stream, number: int, name: str) -> str:
    called = f" “{_short(name)[1:-1]}”" if name else ""
    return f"{stream.entity.type_name} {number}{called}"


def _repair(session: SyncSession, streams: Sequence[Stream]) -> dict[str, Any]:
    """Have the engine read what differs; returns what it did and what is left."""
    context = session.context
    for stream in streams:
        repair_links(context, stream)
    # The checkpoint of a repair that was broken off knows nothing of what is found now.
    done = engine.pull(
        session, streams, everything=False, force_index=True, from_start=True
    )
    for stream in context.streams.values():
        recount(session, stream)
    left = {}
    for stream in streams:
        still = Findings()
        _compare_ids(context, stream, still)
        check_structure(context, stream, still)
        context.attribute_cost(stream)
        left[stream.name] = still.differences
    return {**done, "left": left}


def _told_repairs(
    context: SyncContext, result: dict[str, Any], *, left: dict[str, int]
) -> dict[str, int]:
    """Note in the figures of each stream what was repaired; returns the sums."""
    sums = {"repaired": 0, "left": 0}
    for name, figures in result["verified"].items():
        figures["repaired"] = max(0, figures["differences"] - left[name])
        figures["left"] = left[name]
        for what in sums:
            sums[what] += figures[what]
    one = "difference was" if sums["repaired"] == 1 else "differences were"
    sentence = f"{sums['repaired']:,} {one} repaired, {sums['left']:,} left."
    context.reporter.log("info", "repaired", sentence)
    return sums
