"""Works out anew what is derived of stored rows, from the database alone.

Sync derives the same of each page that it writes, so this is for a mirror that an older
program filled: INDEX_VERSION (syncapp/models/search.py) rises when PARTS changes.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from syncapp.models.search import INDEX_VERSION, IndexState
from syncapp.sync.facts import facts_statements
from syncapp.sync.record_diff import OWN, load_stored
from syncapp.sync.reporter import Reporter
from syncapp.sync.search_rows import document_statements
from syncapp.sync.statements import Statements, execute, set_columns
from syncapp.sync.stream import Stream
from syncapp.sync.streams import STREAMS
from syncapp.sync.throttle import WriteThrottle
from syncapp.text.folding import order_key


def search_statements(stream: Stream, row_ids: Sequence[int]) -> Statements:
    """Return what makes these rows found, and ordered, by what they hold."""
    held = load_stored(stream, list(row_ids))
    column, place = stream.derived[0], OWN + stream.told
    documents, keys = [], []
    for row_id, row in held.rows.items():
        version = held.version(row_id)
        documents.append((row_id, stream.document(version)))
        key = order_key(stream.order_text(version))
        if row[place] != key:
            keys.append((row_id, key))
    return [
        *set_columns(stream.model, (column,), keys),
        *document_statements(stream, documents),
    ]


Rebuilder = Callable[[Stream, Sequence[int]], Statements]
PARTS: tuple[Rebuilder, ...] = (search_statements, facts_statements)


def reindex(reporter: Reporter) -> dict[str, Any]:
    """Do PARTS for all rows of all sources, tombstones too; returns how many rows."""
    throttle, place = WriteThrottle(), dict(reporter.resume_from or {})
    if place.get("version") != INDEX_VERSION:
        place = {"version": INDEX_VERSION, "stream": 0, "after": -1, "rows": {}}
    for number, stream in enumerate(STREAMS):
        if number < place["stream"]:
            continue
        if number > place["stream"]:
            place |= {"stream": number, "after": -1}
        _reindex_stream(reporter, throttle, stream, place)
    with reporter.atomic():
        state = {"version": INDEX_VERSION}
        IndexState.objects.update_or_create(pk=1, defaults=state)
    return {"rows": place["rows"]}


def _reindex_stream(
    reporter: Reporter, throttle: WriteThrottle, stream: Stream, place: dict[str, Any]
) -> None:
    rows = place["rows"]
    total = stream.model.objects.count()
    rows.setdefault(stream.name, 0)
    reporter.progress(stream.name, rows[stream.name], total)
    for keys in _batches(stream, throttle, place["after"]):
        reporter.check()
        throttle.wait()
        with reporter.atomic():
            began = time.monotonic()
            _do_parts(stream, keys)
            rows[stream.name] += len(keys)
            place["after"] = keys[-1]
            reporter.checkpoint(place, (place["stream"], keys[-1]))
        throttle.after(began)
        reporter.progress(stream.name, rows[stream.name], total)
        reporter.counted({"rows": dict(rows)})


def _do_parts(stream: Stream, keys: Sequence[int]) -> None:
    """Read and write under one lock: a sync may be at work on the same rows."""
    locked = stream.model.objects.select_for_update().filter(id__in=keys)
    list(locked.order_by("id").values_list("id"))
    for part in PARTS:
        execute(part(stream, keys))


def _batches(
    stream: Stream, throttle: WriteThrottle, after: int
) -> Iterator[list[int]]:
    while True:
        rows = stream.model.objects.filter(id__gt=after).order_by("id")
        keys = list(rows.values_list("id", flat=True)[: throttle.batch_size])
        if not keys:
            return
        yield keys
        after = keys[-1]
