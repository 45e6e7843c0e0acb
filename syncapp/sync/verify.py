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
from syncapp.stash.batches import batches
from syncapp.stash.shapes import IndexRow
from syncapp.sync import engine, structure
from syncapp.sync.changes import Changes, changes, told
from syncapp.sync.counts import recount
from syncapp.sync.difference import (
    HASH,
    MIRRORED_COLUMNS,
    OWN,
    REMOTE_TIMES,
    Incoming,
    ours,
)
from syncapp.sync.fetching import listed, mark_again, pages
from syncapp.sync.findings import Found
from syncapp.sync.run import Run
from syncapp.sync.stream import Stream

BATCH = 250
CREATED_TEXT, UPDATED_TEXT = REMOTE_TIMES.start, REMOTE_TIMES.start + 1
LONGEST = 60  # characters of a value in an example
Page = tuple[Sequence[msgspec.Raw], datetime | None]


def verify(
    run: Run, streams: Sequence[Stream], *, sample: int, repair: bool
) -> dict[str, Any]:
    """Compare `streams` with the source; returns figures per stream and kind.

    Every id and its times are compared, and all columns of `sample` rows of each
    stream, or of all rows with 0. With `repair` what differs is made right.
    """
    found: dict[str, Found] = {}
    for stream in streams:
        found[stream.name] = Found()
        _compare_ids(run, stream, found[stream.name])
        _compare_columns(run, stream, found, sample=sample, repair=repair)
        structure.check(run, stream, found[stream.name])
        for kind, sentence in found[stream.name].sentences(stream.name):
            run.reporter.log("warning", f"verify_{kind}", sentence)
        run.charge(stream)
    differences = sum(each.differences for each in found.values())
    verified = {name: each.plain() for name, each in found.items()}
    kinds = {name: each.kinds for name, each in found.items() if each.kinds}
    result = {"differences": differences, "verified": verified, "kinds": kinds}
    if repair and differences:
        done = _repair(run, streams)
        result |= _told_repairs(run, result, left=done.pop("left")) | done
    return {**result, "costs": run.spent()}


def _compare_ids(run: Run, stream: Stream, found: Found) -> None:
    """Walk the index and the mirror side by side."""
    found.source = run.reader.count(stream.entity)
    low, end = row_range(run.source_id)
    for page in run.reader.index(stream.entity):
        run.reporter.check()
        high = row_id(run.source_id, page[-1].remote_id) + 1
        _compare_range(run, stream, found, (low, high, page))
        low = high
    _compare_range(run, stream, found, (low, end, []))


def _compare_range(
    run: Run, stream: Stream, found: Found, part: tuple[int, int, Sequence[IndexRow]]
) -> None:
    """Compare a page of the index with the rows that belong between its ids."""
    low, high, page = part
    known = ("remote_id", stream.columns[0])
    told = ("remote_created_text", "remote_updated_text", "content_hash")
    rows = stream.model.objects.filter(id__gte=low, id__lt=high, deleted_at=None)
    mirror = {key: rest for key, *rest in rows.values_list("id", *known, *told)}
    found.mirror += len(mirror)
    missing, outdated = [], []
    for row in page:
        here = mirror.pop(row_id(run.source_id, row.remote_id), None)
        if here is None:
            missing.append(f"{stream.entity.type_name} {row.remote_id}")
            continue
        number, name, created, updated, content_hash = here
        same = (created, updated) == (row.created_at, row.updated_at)
        if not same or not content_hash:
            outdated.append(_named(stream, number, name))
    found.add("missing", missing)
    found.add("outdated", outdated)
    found.add("extra", [_named(stream, row[0], row[1]) for row in mirror.values()])


def _compare_columns(
    run: Run, stream: Stream, found: dict[str, Found], *, sample: int, repair: bool
) -> None:
    """Read records and compare all that is stored of them, page by page."""
    ids = _chosen(run, stream, sample) if sample else []
    total = len(ids) if sample else found[stream.name].source
    done, phase = 0, f"verify_{stream.name}"
    with _records(run, stream, ids, everything=not sample) as read:
        for records, at in read:
            run.reporter.progress(phase, done, total)
            run.reporter.counted(
                {"verified": {name: each.plain() for name, each in found.items()}}
            )
            done += len(records)
            incoming = run.writer(stream).decoded(records, at)
            damaged = _compare_page(stream, incoming, found[stream.name])
            if repair:
                mark_again(run, stream, damaged)
    run.reporter.progress(phase, done, total)


def _chosen(run: Run, stream: Stream, sample: int) -> list[int]:
    """Return the remote ids of some live rows, by chance."""
    low, end = row_range(run.source_id)
    rows = stream.model.objects.filter(id__gte=low, id__lt=end, deleted_at=None)
    return sorted(rows.order_by("?").values_list("remote_id", flat=True)[:sample])


@contextmanager
def _records(
    run: Run, stream: Stream, ids: Sequence[int], *, everything: bool
) -> Iterator[Iterator[Page]]:
    """Open the records, all or those with these ids."""
    if everything:
        with pages(run, stream) as whole:
            yield (_told(run, stream, page) for page in whole)
    else:
        with listed(run, stream, batches(ids, BATCH)) as some:
            yield (_told(run, stream, fetched) for fetched in some)


def _told(run: Run, stream: Stream, answer: Any) -> Page:
    """Return the records of an answer; those that failed are named in the log."""
    for number, reason in answer.failed.items():
        run.reporter.log(
            "warning",
            "record_skipped",
            f"{stream.entity.type_name} {number} could not be read, so it was not "
            f"compared: {reason}",
        )
    return answer.records, answer.at


def _compare_page(
    stream: Stream, incoming: dict[int, Incoming], found: Found
) -> list[int]:
    """Return the ids of rows that differ though their times say that they do not.

    What is not here, is dirty or has another time is known from the index.
    """
    here = ours(stream, list(incoming))
    damaged = []
    for key, record in incoming.items():
        row = here.rows.get(key)
        if row is None or not row[HASH] or _moved(row, record.row):
            continue
        found.compared += 1
        wrong = changes(stream, here.version(key), record.parsed)
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


def _fields(wrong: Changes) -> str:
    return ", ".join(
        f"{name} is {_short(here)}, the source says {_short(there)}"
        for name, (here, there) in wrong.items()
    )


def _short(value: Any) -> str:
    text = repr(told(value))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _named(stream: Stream, number: int, name: str) -> str:
    called = f" “{_short(name)[1:-1]}”" if name else ""
    return f"{stream.entity.type_name} {number}{called}"


def _repair(run: Run, streams: Sequence[Stream]) -> dict[str, Any]:
    """Have the engine read what differs; returns what it did and what is left."""
    for stream in streams:
        structure.mend_links(run, stream)
    # The checkpoint of a repair that was broken off knows nothing of what is found now.
    done = engine.pull(
        run, streams, everything=False, force_index=True, from_start=True
    )
    for stream in run.streams.values():
        recount(run, stream)
    left = {}
    for stream in streams:
        still = Found()
        _compare_ids(run, stream, still)
        structure.check(run, stream, still)
        run.charge(stream)
        left[stream.name] = still.differences
    return {**done, "left": left}


def _told_repairs(
    run: Run, result: dict[str, Any], *, left: dict[str, int]
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
    run.reporter.log("info", "repaired", sentence)
    return sums
