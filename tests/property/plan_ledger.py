"""A log of all that happens to scenes: by others, and by each change of ours.

A **thing** is what a change is about: a field of a scene, or an element of its list.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from syncapp.applying.intents import LISTS, Image
from syncapp.demo import Library

Thing = tuple[int, str, int | None]  # scene, field, element
OTHERS = 0  # whose edit it is, where it is not a change's
# What a scene holds, by the names that changes have for it.
KEPT = {
    **{name: name for name in ("title", "date", "organized", "studio")},
    "rating": "rating100",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing got another value."""

    place: int  # in the log
    request: int  # that was just about to be answered
    by: int  # a change, or OTHERS
    thing: Thing
    replaced: Image
    value: Image


@dataclass(slots=True)
class Ledger:
    """The log of one library."""

    library: Library
    events: list[Event] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # that nobody may do
    _last: Mapping[Thing, Image] = field(default_factory=dict)

    def open(self) -> None:
        self._last = held(self.library)

    def replaced_by(self, event: Event) -> Event | None:
        """Return what gave a thing the value that this replaced; None: it was so."""
        earlier = reversed(self.events[: event.place - 1])
        return next((e for e in earlier if e.thing == event.thing), None)

    def since(self, thing: Thing, place: int) -> list[Event]:
        return [e for e in self.events[place:] if e.thing == thing]

    @contextmanager
    def edit(self, request: int) -> Iterator[None]:
        """Log what others do in the block."""
        self._nothing_between()
        yield
        self._log(request, {}, OTHERS)

    @contextmanager
    def write(
        self, request: int, changes: Mapping[Thing, int]
    ) -> Iterator[list[Event]]:
        """Log what we do in the block; `changes`: who may touch which thing."""
        self._nothing_between()
        done: list[Event] = []
        yield done
        done += self._log(request, changes, None)

    def _log(
        self, request: int, changes: Mapping[Thing, int], by: int | None
    ) -> list[Event]:
        now, before, first = held(self.library), self._last, len(self.events)
        self._last = now
        for thing in sorted({*now, *before}, key=str):
            old, new = _value(before, thing), _value(now, thing)
            if old == new or (thing[0], "title", None) not in now:
                continue
            who = changes.get(thing) if by is None else by
            if who is None:
                self.wrong.append(f"{thing} was written, and nobody accepted that")
                continue
            place = len(self.events) + 1
            self.events.append(Event(place, request, who, thing, old, new))
        return self.events[first:]

    def _nothing_between(self) -> None:
        assert held(self.library) == self._last, "an edit is not in the log"


def held(library: Library) -> dict[Thing, Image]:
    """Return what every scene holds; of an element that it is there."""
    found: dict[Thing, Image] = {}
    for scene in library.records("scene"):
        number = scene["id"]
        for name, key in KEPT.items():
            found[number, name, None] = scene[key] or _nothing(name)
        for name in LISTS:
            found |= {(number, name, element): True for element in scene[name]}
    return found


def _value(found: Mapping[Thing, Any], thing: Thing) -> Image:
    missing = False if thing[1] in LISTS else _nothing(thing[1])
    image: Image = found.get(thing, missing)
    return image


def _nothing(name: str) -> Image:
    return {"organized": False, "studio": None, "rating": None}.get(name, "")
