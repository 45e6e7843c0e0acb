"""Works out anew what is derived from stored rows; no source is asked."""

from collections.abc import Sequence
from dataclasses import replace

from syncapp.models.library import SceneFile
from syncapp.sync.record_diff import load_stored
from syncapp.sync.statements import Statements, set_columns, upsert
from syncapp.sync.stream import FILE_COLUMNS, Stream
from syncapp.sync.streams.facts import with_phash


def facts_statements(stream: Stream, row_ids: Sequence[int]) -> Statements:
    """Return what sets the derived columns of rows where they are wrong.

    `row_ids`: a few hundred at once; those that are not there are passed over. Whoever
    sends it sees to it that no sync writes these rows meanwhile.
    """
    columns = stream.derived[1:]
    if not columns:
        return []
    here = load_stored(stream, list(row_ids))
    rows, files = [], []
    for key in here.rows:
        held = here.version(key)
        fresh = stream.derive(replace(held, files=tuple(map(with_phash, held.files))))
        if fresh.values != held.values:
            rows.append((key, *fresh.values[-len(columns) :]))
        files += [f for f, old in zip(fresh.files, held.files, strict=True) if f != old]
    return [
        *set_columns(stream.model, columns, rows),
        *upsert(SceneFile, FILE_COLUMNS, files),
    ]
