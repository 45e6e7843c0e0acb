"""Writes down what each sync changed in a row, and that its job changed anything."""

from collections.abc import Sequence
from datetime import UTC, datetime

from syncapp.models.history import ChangeSet, HistoryEntry
from syncapp.sync.statements import Row, Statements, upsert

COLUMNS = ("stream", "row_id", "at", "job_id", "what", "changes")
OF_SET = ("job_id", "source_id", "at")


def history_statements(entries: Sequence[Row]) -> Statements:
    """Return what adds `entries`, in the order of COLUMNS, one a row at most."""
    return upsert(HistoryEntry, COLUMNS, entries)


def change_set_statements(job_id: int, source_id: int) -> Statements:
    """Return what notes that a job changes a source's mirror, if it has not yet."""
    row = (job_id, source_id, datetime.now(UTC))
    return upsert(ChangeSet, OF_SET, [row], kept=OF_SET[1:])
