"""What mutations did to the library: the log that tests hold against what they sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Condition
from typing import Any

from syncapp.demo.catalogue import Record
from syncapp.demo.holdings import KINDS
from syncapp.demo.library import Library
from syncapp.demo.mutations import MUTATIONS


@dataclass(frozen=True, slots=True)
class Mutated:
    """One mutation that took effect, whatever became of its answer."""

    field: str  # "bulkSceneUpdate"
    alias: str  # the key of its answer: "seen", "wrote"
    operation: str  # the name of the document that held it
    kind: str  # "scene", "tag"; "" for a task
    ids: tuple[int, ...]  # of the objects it names; of a creation the new one
    given: Any  # its input
    changed: bool  # whether one of them reads differently now, but for `updated_at`
    arrived_at: datetime  # what it wrote as `updated_at`
    at: datetime  # when it took effect

    @property
    def scenes(self) -> tuple[int, ...]:
        return self.ids if self.kind == "scene" else ()


class MutationLog:
    """Every mutation since the start or the last `clear`, as they took effect.

    What was refused, or was cut off before it began, is not in it.
    """

    def __init__(self) -> None:
        self._news = Condition()
        self._done: list[Mutated] = []

    def add(self, mutated: Mutated) -> None:
        with self._news:
            self._done.append(mutated)
            self._news.notify_all()

    def clear(self) -> None:
        with self._news:
            self._done.clear()

    def wait(self, count: int, timeout_s: float = 5.0) -> list[Mutated]:
        """Wait until so many are in it, as late ones come; returns them all."""
        with self._news:
            if not self._news.wait_for(lambda: len(self._done) >= count, timeout_s):
                done = len(self._done)
                msg = f"{done} of {count} mutations were done in {timeout_s} s."
                raise TimeoutError(msg)
            return list(self._done)

    def changes(self) -> list[Mutated]:
        """Return those that changed something."""
        return [one for one in self if one.changed]

    def __iter__(self) -> Iterator[Mutated]:
        with self._news:
            return iter(list(self._done))

    def __len__(self) -> int:
        return len(self._done)


@dataclass(frozen=True, slots=True)
class Order:
    """A mutation that a document asks for."""

    field: str
    alias: str
    operation: str
    given: Any
    arrived_at: datetime


def carried_out(library: Library, order: Order) -> tuple[Any, Mutated]:
    """Do it; returns its result and its line of the log. LibraryError if refused."""
    kind, named = _kind(order.field), _named(order.given)
    with library.stamped(order.arrived_at):
        before = _read(library, kind, named)
        result = MUTATIONS[order.field](library, order.given)
        if order.field.endswith("Create") and kind:
            named = (result["id"],)
        changed = _read(library, kind, named) != before
        at = library.now()
    mutated = Mutated(
        field=order.field,
        alias=order.alias,
        operation=order.operation,
        kind=kind,
        ids=named if kind else (),
        given=order.given,
        changed=changed,
        arrived_at=order.arrived_at,
        at=at,
    )
    return result, mutated


def _kind(field: str) -> str:
    name = field.removeprefix("bulk").lower()
    return next((kind for kind in KINDS if name.startswith(kind)), "")


def _named(given: Any) -> tuple[int, ...]:
    """Return the ids that an input names; what is no number is refused elsewhere."""
    inputs = given if isinstance(given, list) else [given]
    found: list[Any] = []
    for one in inputs:
        found += one.get("ids") or one.get("source") or ()
        found += [one[key] for key in ("id", "destination") if one.get(key)]
    return tuple(int(text) for text in found if str(text).isdecimal())


def _read(library: Library, kind: str, ids: tuple[int, ...]) -> list[Record | None]:
    if not kind:
        return []
    found = (library.get(kind, number) for number in ids)
    return [record and {**record, "updated_at": ""} for record in found]
