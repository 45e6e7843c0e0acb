"""How rows are written to a file: CSV, JSON or a JSON object a line."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from syncapp.queries.export_rows import Cell, ExportRow

BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8
BETWEEN = "; "  # names in one cell
# A spreadsheet takes a cell that begins so for a formula, and runs it.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
ColumnNames = Sequence[str]


@dataclass(frozen=True, slots=True)
class RowFormat:
    """One way to write rows: the head, the rows with what is between them, the tail."""

    ending: str
    content_type: str
    head: Callable[[ColumnNames], str]
    row: Callable[[ColumnNames, ExportRow], str]
    between: str = ""
    tail: str = ""

    def rows(
        self, columns: ColumnNames, rows: Sequence[ExportRow], *, is_first: bool
    ) -> str:
        """Return these rows as they follow the head, or other rows."""
        told = self.between.join(self.row(columns, row) for row in rows)
        return told if is_first or not rows else self.between + told


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


_csv_line: Callable[[Sequence[str]], str] = csv.writer(_Echo()).writerow


def _csv_head(columns: ColumnNames) -> str:
    return BYTE_ORDER_MARK + _csv_line(columns)


def _csv_row(_columns: ColumnNames, row: ExportRow) -> str:
    return _csv_line([_csv_cell(cell) for cell in row])


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str | tuple):
        return defused(cell if isinstance(cell, str) else BETWEEN.join(cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return _moment_text(cell)
    return "" if cell is None else str(cell)


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _json_row(columns: ColumnNames, row: ExportRow) -> str:
    told = {
        name: _moment_text(cell) if isinstance(cell, datetime) else cell
        for name, cell in zip(columns, row, strict=True)
    }
    return json.dumps(told, ensure_ascii=False)


def _moment_text(moment: datetime) -> str:
    """Return a moment in UTC, as both databases keep it: 2026-11-27T20:04:26Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


FORMATS: Mapping[str, RowFormat] = {
    each.ending: each
    for each in (
        RowFormat("csv", "text/csv; charset=utf-8", _csv_head, _csv_row),
        # One array. Cut short, it is not closed.
        RowFormat(
            "json",
            "application/json",
            lambda _columns: "[",
            lambda columns, row: f"\n{_json_row(columns, row)}",
            between=",",
            tail="\n]\n",
        ),
        RowFormat(
            "jsonl",
            "application/jsonl",
            lambda _columns: "",
            lambda columns, row: f"{_json_row(columns, row)}\n",
        ),
    )
}
