"""What a benchmark tells: rows with their goals, as a table and as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `goal` is a bound: at least, where `more` is better, else at most."""

    database: str
    size: int  # scenes
    what: str
    value: float
    unit: str
    goal: float | None = None
    more: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal was reached; None where there is none."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.more else self.value <= self.goal

    def line(self) -> str:
        """Return the row as text; a goal that was missed is marked."""
        goal = ""
        if self.goal is not None:
            goal = f"{'>=' if self.more else '<='} {_figure(self.goal)}"
        mark = {True: "met", False: "MISSED", None: ""}[self.met]
        figure = f"{_figure(self.value)} {self.unit}".strip()
        return (
            f"{self.database:<11}{self.size:>8,}  {self.what:<58}"
            f"{figure:>18}  {goal:<12}{mark}"
        ).rstrip()


def _figure(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def read(text: str) -> list[Row]:
    return [Row(**fields) for fields in json.loads(text)]


def written(rows: Iterable[Row]) -> str:
    return json.dumps([asdict(row) for row in rows], indent=1)


def save(rows: Iterable[Row], path: Path) -> None:
    path.write_text(written(rows) + "\n")
