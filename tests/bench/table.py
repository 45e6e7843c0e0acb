"""Draws the one table, in the form that the documents take."""

from collections.abc import Sequence
from typing import Any

from tests.bench.goals import GOALS, SQLITE, Goal

Result = dict[str, Any]  # vendor, scenes, values
NAMES = {SQLITE: "SQLite", "postgres": "PostgreSQL"}


def table(results: Sequence[Result]) -> str:
    """Return a row for each goal, a column for each database and size."""
    vendors = list(dict.fromkeys(result["vendor"] for result in results))
    head = ["measured"]
    for vendor in vendors:
        head.append(f"goal, {NAMES[vendor]}")
        head += [f"{r['scenes']:,}" for r in results if r["vendor"] == vendor]
    rows = [head, ["---"] * len(head)]
    rows += [
        [goal.what, *_cells(goal, vendors, results)]
        for goal in GOALS
        if any(goal.key in result["values"] for result in results)
    ]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    return "\n".join(_line(row, widths) for row in rows)


def _cells(goal: Goal, vendors: list[str], results: Sequence[Result]) -> list[str]:
    cells = []
    for vendor in vendors:
        cells.append(goal.asked(vendor))
        cells += [_cell(goal, r) for r in results if r["vendor"] == vendor]
    return cells


def _cell(goal: Goal, result: Result) -> str:
    value = result["values"].get(goal.key)
    met = goal.met(value, result["vendor"], result["scenes"])
    mark = {True: " met", False: " SHORT", None: ""}[met]
    return goal.shown(value) + mark


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    filled = [
        cell if cell != "---" else "-" * width
        for cell, width in zip(row, widths, strict=True)
    ]
    cells = [f"{cell:<{width}}" for cell, width in zip(filled, widths, strict=True)]
    return f"| {' | '.join(cells)} |"
