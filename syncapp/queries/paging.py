"""Pages of long lists: by key, never by number; counts stop at a cap."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet

from jobs.numbers import parse_id

PAGE = 25
SIZES = (25, 50, 100)
CAP = 1_000
KEPT_S = 10  # seconds that the count of a search is good for
LARGEST_NUMBER = 2**31 - 1
NUMBER_LENGTH = len(str(LARGEST_NUMBER))


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; `more` if it was not counted to the end."""

    number: int
    more: bool = False


def capped_count(rows: "QuerySet[Any, Any]") -> Count:
    """Count up to the cap: a search in a large library must not read all of it."""
    number = rows.order_by()[: CAP + 1].count()
    return Count(min(number, CAP), more=number > CAP)


def cached_count(rows: "QuerySet[Any, Any]", search: str) -> Count:
    """Count what was searched for, or say what the same search found a moment ago.

    A text is looked for in every row, which takes longer than all else of a page; who
    turns the pages asks the same again.
    """
    key = f"count:{hashlib.sha256(search.encode()).hexdigest()}"
    count: Count | None = cache.get(key)
    if count is None:
        count = capped_count(rows)
        cache.set(key, count, timeout=KEPT_S)
    return count


def _number(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_LENGTH):
        raise ValueError(text)
    number = int(text)
    if abs(number) > LARGEST_NUMBER:
        raise ValueError(text)
    return number


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    try:
        return moment.astimezone(UTC)  # as the databases keep it
    except OverflowError as exc:  # the first day of year 1, in a zone east of ours
        raise ValueError(text) from exc


@dataclass(frozen=True, slots=True)
class Sort:
    """One order that a list may be asked for: of a column, its rows' ids behind it."""

    name: str  # as the address says it
    label: str
    column: str
    descending: bool = False
    read: Callable[[str], Any] = str  # a key out of an address; raises ValueError

    def ordering(self) -> tuple[str, str]:
        sign = "-" if self.descending else ""
        return f"{sign}{self.column}", f"{sign}id"


def sorts(*known: Sort) -> Mapping[str, Sort]:
    """Return the orders by their names; the first is what is used unasked."""
    return {sort.name: sort for sort in known}


def sort_named(known: Mapping[str, Sort], name: str) -> Sort:
    """Return the order of that name, or the first: nothing else is ever sorted by."""
    return known.get(name) or next(iter(known.values()))


NUMBER, MOMENT = _number, _moment


@dataclass(frozen=True, slots=True)
class KeysetCursor:
    """Where a page begins: after the row that has this key and id."""

    key: Any
    row_id: int

    @classmethod
    def read(cls, text: str, sort: Sort) -> "KeysetCursor | None":
        """Return the place that an address names; None for the list's beginning."""
        key, _, number = text.rpartition("~")
        row_id = parse_id(number)
        if row_id is None or "\0" in key:
            return None
        try:
            return cls(sort.read(key), row_id)
        except ValueError:
            return None

    def __str__(self) -> str:
        key = self.key.isoformat() if isinstance(self.key, datetime) else self.key
        return f"{key}~{self.row_id}"

    def after(self, sort: Sort) -> Q:
        """Return what selects the rows behind this one."""
        way = "lt" if sort.descending else "gt"
        same = Q(**{sort.column: self.key, f"id__{way}": self.row_id})
        return Q(**{f"{sort.column}__{way}e": self.key}) & (
            Q(**{f"{sort.column}__{way}": self.key}) | same
        )


def keyset_page(
    rows: "QuerySet[Any, Any]",
    columns: tuple[str, ...],
    sort: Sort,
    *,
    after: str,
    size: int,
) -> tuple[list[dict[str, Any]], str]:
    """Return a page of `rows` as dicts, and the place of the next ("" at the end)."""
    place = KeysetCursor.read(after, sort)
    page = rows if place is None else rows.filter(place.after(sort))
    wanted = page.order_by(*sort.ordering()).values(*{*columns, "id", sort.column})
    found = list(wanted[: size + 1])
    if len(found) <= size:
        return found, ""
    last = found[size - 1]
    return found[:size], str(KeysetCursor(last[sort.column], last["id"]))


def page_size(number: int) -> int:
    """Return the allowed size that was asked for, else the usual one."""
    return number if number in SIZES else PAGE
