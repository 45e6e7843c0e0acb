"""How one hand writes: its words, its folders, its templates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.accuracy.draft import Draft
from tests.accuracy.stock import Stock, lines


@dataclass(frozen=True, slots=True)
class Habit:
    """One way to name files. Slots stand in braces, their styles behind dots."""

    name: str
    path: str
    title: str = ""  # set already
    details: str = ""
    weight: int = 2


@dataclass(frozen=True, slots=True)
class Hand:
    seed: str
    first_id: int  # of its rows, so that no two hands share one
    stock: Stock
    habits: tuple[Habit, ...]
    roots: Mapping[str, Mapping[str, int]]  # by slot, each with its weight
    # What this hand alone writes; the other slots are everybody's.
    slots: Mapping[str, Callable[[Draft, Sequence[str]], str]] = field(
        default_factory=dict
    )


def habits(text: str) -> tuple[Habit, ...]:
    """Read lines of `weight name | path | title | details`; the last two may lack."""
    found = []
    for line in lines(text):
        head, path, title, details = (*map(str.strip, line.split(" | ")), "", "")[:4]
        weight, _, name = head.partition(" ")
        found.append(Habit(name, path, title, details, int(weight)))
    return tuple(found)
