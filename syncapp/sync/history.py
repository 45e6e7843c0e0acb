"""Writes down what each sync changed in a scene; the last few entries are kept."""

from collections.abc import Sequence

from syncapp.models.library import HistoryEntry
from syncapp.sync.statements import Row, Statements, keep_newest, upsert

KEPT = 20  # entries of one scene, the newest
REMOVED = "removed"  # the field of a tombstone
COLUMNS = ("scene_id", "at", "job_id", "changes")
KEY = COLUMNS[:2]


def history_statements(entries: Sequence[Row]) -> Statements:
    """Return what adds `entries`, in the order of COLUMNS, one a scene at most.

    What is inserted is not seen by the statement that makes room for it.
    """
    scene_ids = [entry[0] for entry in entries]
    return [
        *keep_newest(HistoryEntry, KEY, scene_ids, KEPT - 1),
        *upsert(HistoryEntry, COLUMNS, entries),
    ]
