"""Reads `SceneFilter` out of the parameters of an address or a command, and writes it.

Reading what was written gives the same value. What is wrong is told beside its
parameter, and never taken for something else.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from jobs.numbers import parse_id
from syncapp.filters.days import read_day, read_partial
from syncapp.filters.values import ALL_LEVELS, Choice, Missing, Range, SceneFilter
from syncapp.text.terms import Unsearchable, read_terms

QueryParams = Mapping[str, Sequence[str]]
Pairs = Iterator[tuple[str, str]]
MOST_CHOSEN = 100  # ids in one parameter
MOST_LEVELS = 20
LONGEST_TEXT = 500
LARGEST = 2**63 - 1
BEST_RATING = 100
SHOWN = 40  # characters of what is wrong
UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
AMOUNT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?([kmgt]?)(?:i?b|bit/s|bps)?")
CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{2})")
DECIMAL = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")
WHOLE = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class ParsedFilter:
    """What parameters ask for, as far as it can be read.

    `names`: what was typed where ids belong, by parameter; `wrong`: a sentence each.
    """

    filters: SceneFilter
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


class Reading:
    """The parameters while they are read, and what was found to be wrong with them."""

    def __init__(self, params: QueryParams) -> None:
        self._left = {name: list(texts) for name, texts in params.items()}
        self.names: dict[str, tuple[str, ...]] = {}
        self.wrong: dict[str, str] = {}

    def every(self, name: str) -> list[str]:
        """Return all values of a parameter, without empty ones."""
        return [text for text in map(str.strip, self._left.pop(name, ())) if text]

    def one(self, name: str) -> str:
        """Return the value of a parameter that stands alone; "" if it is not there."""
        texts = list(dict.fromkeys(self.every(name)))
        if len(texts) > 1:
            self.wrong[name] = f"“{name}” is given more than once: give it once."
            return ""
        return texts[0] if texts else ""

    def read(self, name: str, read: Callable[[str], Any], wanted: str) -> Any:
        """Return the value that `read` makes of a parameter; None without one."""
        if not (text := self.one(name)):
            return None
        try:
            return read(text)
        except (ValueError, OverflowError):
            self.wrong[name] = f"“{shortened(text)}” is not {wanted}."
            return None

    def values(self, known: "Mapping[str, Param]") -> dict[str, Any]:
        """Return what parameters say, by field; one that nobody knows is wrong."""
        found = {field: param.read(self) for field, param in known.items()}
        for name in (name for name, texts in self._left.items() if any(texts)):
            self.wrong[name] = f"There is no filter “{shortened(name)}”."
        return found


class Param(Protocol):
    """One field of a filter: how addresses name it."""

    def read(self, reading: Reading) -> Any: ...

    def write(self, value: Any) -> Pairs: ...


@dataclass(frozen=True, slots=True)
class TextParam:
    name: str

    def read(self, reading: Reading) -> str:
        return (
            reading.read(self.name, _text, f"a text of {LONGEST_TEXT} characters") or ""
        )

    def write(self, value: str) -> Pairs:
        if value:
            yield self.name, value


@dataclass(frozen=True, slots=True)
class SearchParam(TextParam):
    """What was typed into the search box."""

    def read(self, reading: Reading) -> str:
        text = TextParam.read(self, reading)
        try:
            read_terms(text)
        except Unsearchable as exc:
            reading.wrong[self.name] = f"“{shortened(text)}”: {exc}"
        return text


@dataclass(frozen=True, slots=True)
class ChoiceParam:
    """Entities of one kind: `tag` and `any_tag`, `no_tag`, `tag_depth`.

    A scene has one studio at most: `studio` is one of these.
    """

    name: str
    single: bool = False
    below: bool = False

    def read(self, reading: Reading) -> Choice:
        plain = _ids(reading, self.name)
        return Choice(
            all=() if self.single else plain,
            any=plain if self.single else _ids(reading, f"any_{self.name}"),
            none=_ids(reading, f"no_{self.name}"),
            depth=self._depth(reading),
        )

    def _depth(self, reading: Reading) -> int:
        if not self.below:
            return 0
        wanted = f"a number of levels up to {MOST_LEVELS}, or “all”"
        return reading.read(f"{self.name}_depth", _levels, wanted) or 0

    def write(self, value: Choice) -> Pairs:
        plain = value.any if self.single else value.all
        others = () if self.single else value.any
        yield from ((self.name, str(number)) for number in plain)
        yield from ((f"any_{self.name}", str(number)) for number in others)
        yield from ((f"no_{self.name}", str(number)) for number in value.none)
        if value.depth:
            depth = "all" if value.depth == ALL_LEVELS else str(value.depth)
            yield f"{self.name}_depth", depth


@dataclass(frozen=True, slots=True)
class MissingParam:
    """What rows lack: `none=studio`."""

    name: str
    kinds: type[StrEnum]

    def read(self, reading: Reading) -> tuple[StrEnum, ...]:
        told = reading.every(self.name)
        known = {each.value for each in self.kinds}
        if odd := [text for text in told if text not in known]:
            names = ", ".join(sorted(known))
            reading.wrong[self.name] = (
                f"“{shortened(odd[0])}” is nothing that can be missing here. "
                f"There are: {names}."
            )
        return tuple(each for each in self.kinds if each.value in told)

    def write(self, value: tuple[StrEnum, ...]) -> Pairs:
        yield from ((self.name, each.value) for each in value)


@dataclass(frozen=True, slots=True)
class RangeParam:
    """A range: `date_from` and `date_to`."""

    name: str
    value: Callable[[str], Any]
    wanted: str

    def read(self, reading: Reading) -> Range[Any]:
        low, high = (
            reading.read(f"{self.name}_{end}", self.value, self.wanted)
            for end in ("from", "to")
        )
        return Range(low, high)

    def write(self, value: Range[Any]) -> Pairs:
        if value.low is not None:
            yield f"{self.name}_from", _number_text(value.low)
        if value.high is not None:
            yield f"{self.name}_to", _number_text(value.high)


@dataclass(frozen=True, slots=True)
class WordParam:
    """A value out of a few, each with a name: `organized=yes`."""

    name: str
    values: Mapping[str, Any]
    without: Any = None

    def read(self, reading: Reading) -> Any:
        wanted = " or ".join(self.values)
        value = reading.read(self.name, self._value, wanted)
        return self.without if value is None else value

    def _value(self, text: str) -> Any:
        if text not in self.values:
            raise ValueError(text)
        return self.values[text]

    def write(self, value: Any) -> Pairs:
        yield from ((self.name, name) for name, v in self.values.items() if v == value)


@dataclass(frozen=True, slots=True)
class IdsParam:
    name: str
    wanted: str

    def read(self, reading: Reading) -> tuple[int, ...]:
        ids = _ids(reading, self.name)
        if names := reading.names.pop(self.name, ()):
            reading.wrong[self.name] = f"“{shortened(names[0])}” is not {self.wanted}."
        return ids

    def write(self, value: tuple[int, ...]) -> Pairs:
        yield from ((self.name, str(number)) for number in value)


@dataclass(frozen=True, slots=True)
class IdParam:
    name: str

    def read(self, reading: Reading) -> int | None:
        number: int | None = reading.read(self.name, read_whole, "a number")
        return number

    def write(self, value: int | None) -> Pairs:
        if value is not None:
            yield self.name, str(value)


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT or "\0" in text:
        raise ValueError(text)
    return text


def read_whole(text: str) -> int:
    if not WHOLE.fullmatch(text) or int(text) > LARGEST:
        raise ValueError(text)
    return int(text)


def read_percent(text: str) -> int:
    number = read_whole(text)
    if number > BEST_RATING:
        raise ValueError(text)
    return number


def _decimal(text: str) -> float:
    if not DECIMAL.fullmatch(text):
        raise ValueError(text)
    return float(text)


def _seconds(text: str) -> float:
    """Read 90, 1:30 (minutes) or 1:02:05."""
    if clock := CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return float(hours * 3_600 + minutes * 60 + seconds)
    return _decimal(text)


def _amount(text: str) -> int:
    """Read 1500000, 1.5 MB or 8 Mbit/s; a k is a thousand."""
    told = AMOUNT.fullmatch(text.lower())
    if not told:
        raise ValueError(text)
    amount = int(Decimal(told[1]) * UNITS[told[2]])
    if amount > LARGEST:
        raise ValueError(text)
    return amount


def _levels(text: str) -> int:
    if text == "all":
        return ALL_LEVELS
    number = read_whole(text)
    if number > MOST_LEVELS:
        raise ValueError(text)
    return number


def _ids(reading: Reading, name: str) -> tuple[int, ...]:
    """Return the ids of a parameter; what is none is noted as a name."""
    told = reading.every(name)
    if len(told) > MOST_CHOSEN:
        reading.wrong[name] = f"No more than {MOST_CHOSEN} can be chosen at once."
        return ()
    ids = {text: parse_id(text) for text in told}
    names = tuple(text for text, number in ids.items() if number is None)
    if names:
        reading.names[name] = names
    return tuple(sorted({number for number in ids.values() if number is not None}))


def _number_text(value: Any) -> str:
    """Return a bound as it is read: no exponent, and no fraction without need."""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


A_DAY = "a day, such as 2026-11-27, today, yesterday or 7d"
A_DATE = "a date, such as 2011, 2011-04 or 2011-04-30"
A_NUMBER = "a number"
PARAMS: Mapping[str, Param] = {
    "search": SearchParam("q"),
    "studios": ChoiceParam("studio", single=True, below=True),
    "tags": ChoiceParam("tag", below=True),
    "performers": ChoiceParam("performer"),
    "missing": MissingParam("none", Missing),
    "date": RangeParam("date", read_partial, A_DATE),
    "added": RangeParam("added", read_day, A_DAY),
    "updated": RangeParam("updated", read_day, A_DAY),
    "changed": RangeParam("changed", read_day, A_DAY),
    "duration": RangeParam("duration", _seconds, "a time, such as 90, 1:30 or 1:02:05"),
    "size": RangeParam("size", _amount, "a size, such as 700 MB or 1.5 GB"),
    "height": RangeParam("height", read_whole, A_NUMBER),
    "frame_rate": RangeParam("frame_rate", _decimal, A_NUMBER),
    "bit_rate": RangeParam("bit_rate", _amount, "a rate, such as 8 Mbit/s"),
    "rating": RangeParam("rating", read_percent, "a number up to 100"),
    "plays": RangeParam("plays", read_whole, A_NUMBER),
    "o_counter": RangeParam("o_counter", read_whole, A_NUMBER),
    "organized": WordParam("organized", {"yes": True, "no": False}),
    "favorite_people": WordParam("favorite", {"1": True}, without=False),
    "several_files": WordParam("several_files", {"1": True}, without=False),
    "same_fingerprint": WordParam("same_fingerprint", {"1": True}, without=False),
    "folder": TextParam("folder"),
    "sources": IdsParam("source", "the id of a source"),
    "job": IdParam("job"),
    "removed": WordParam("removed", {"1": True}, without=False),
}

# Which field and part of it the ids of a parameter are.
ENTITY_PARAMS: Mapping[str, tuple[str, str]] = {
    "studio": ("studios", "any"),
    "no_studio": ("studios", "none"),
    **{
        f"{how}{one}": (f"{one}s", part)
        for one in ("tag", "performer")
        for how, part in (("", "all"), ("any_", "any"), ("no_", "none"))
    },
}


def parse_scene_filter(params: QueryParams) -> ParsedFilter:
    """Return what these parameters ask for; one that no filter has is wrong."""
    reading = Reading(params)
    values = reading.values(PARAMS)
    return ParsedFilter(SceneFilter(**values), reading.names, reading.wrong)


def filter_params(filters: SceneFilter) -> list[tuple[str, str]]:
    """Return the parameters that ask for this filter, in one order."""
    return written_params(PARAMS, filters)


def written_params(known: Mapping[str, Param], filters: Any) -> list[tuple[str, str]]:
    """Return the parameters that say what a filter holds, in one order."""
    return [
        pair
        for each in fields(filters)
        if each.name in known
        for pair in known[each.name].write(getattr(filters, each.name))
    ]
