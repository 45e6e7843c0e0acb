"""Pages of long lists: by key, never by number; counts stop at a cap."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from jobs.numbers import parse_id

PAGE = 50
SIZES = (25, 50, 100)
CAP = 10_000
END = "end"  # what the last page stands before
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
    # The least key, of rows that have none: they stand last, whichever way it goes.
    empty: Any = None

    def ordering(self, *, backward: bool = False) -> tuple[str, str]:
        sign = "-" if self.descending != backward else ""
        return f"{sign}{self.column}", f"{sign}id"

    def groups(self) -> tuple[Q, ...]:
        """Return the parts of a list that follow each other, each in this order.

        An index has the rows without a key at the wrong end of an ascending list, so
        they are read for themselves.
        """
        if self.empty is None or self.descending:
            return (Q(),)
        return Q(**{f"{self.column}__gt": self.empty}), Q(**{self.column: self.empty})


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

    def beyond(
        self, rows: "QuerySet[Any, Any]", sort: Sort, *, backward: bool = False
    ) -> Q:
        """Return what selects the rows behind this one, or before it."""
        key = Value(self.key, rows.model._meta.get_field(sort.column))
        compare = LessThan if sort.descending != backward else GreaterThan
        return Q(
            compare(
                RowValue(F(sort.column), F("id")), RowValue(key, Value(self.row_id))
            )
        )

    def by_id(self, sort: Sort, *, backward: bool = False) -> Q:
        """Return the same of rows that all have this key."""
        way = "lt" if sort.descending != backward else "gt"
        return Q(**{f"id__{way}": self.row_id})


class RowValue(Func):
    """Two values that are compared as one, the first of them first.

    Written out with AND and OR it means the same, but PostgreSQL would read all rows of
    an equal key to find the first that is behind an id.
    """

    template = "(%(expressions)s)"
    output_field = BooleanField()  # so that lookups take it; nobody reads it


@dataclass(frozen=True, slots=True)
class OrderedRows:
    """The rows of a list in its order, read from a place either way."""

    rows: "QuerySet[Any, Any]"
    columns: tuple[str, ...]
    sort: Sort

    def read(
        self, place: KeysetCursor | None, limit: int, *, backward: bool = False
    ) -> list[dict[str, Any]]:
        """Return the rows next to a place; of all of them where there is none."""
        columns = {*self.columns, "id", self.sort.column}
        found: list[dict[str, Any]] = []
        for part in self._parts(place, backward=backward):
            order = self.sort.ordering(backward=backward)
            wanted = part.order_by(*order).values(*columns)
            found += wanted[: limit - len(found)]
            if len(found) == limit:
                break
        return found

    def before(self, row: Mapping[str, Any]) -> int:
        """Count the rows that stand before this one, up to the cap."""
        count = 0
        for part in self._parts(self.place_of(row), backward=True):
            count += part.order_by()[: CAP - count].count() if count < CAP else 0
        return count

    def place_of(self, row: Mapping[str, Any]) -> KeysetCursor:
        return KeysetCursor(row[self.sort.column], row["id"])

    def _parts(
        self, place: KeysetCursor | None, *, backward: bool
    ) -> Iterator["QuerySet[Any, Any]"]:
        groups = list(self.sort.groups())
        if place is not None:
            held_by = len(groups) - 1 if place.key == self.sort.empty else 0
            if held_by:  # all of these have this key
                groups[held_by] &= place.by_id(self.sort, backward=backward)
            else:
                groups[held_by] &= place.beyond(self.rows, self.sort, backward=backward)
            groups = groups[: held_by + 1] if backward else groups[held_by:]
        for group in reversed(groups) if backward else groups:
            yield self.rows.filter(group)


@dataclass(frozen=True, slots=True)
class KeysetPage:
    """Some rows of a list, as dicts, and what is before and behind them."""

    rows: list[dict[str, Any]]
    previous: str  # the place that the page before ends at; empty at the beginning
    next: str  # the place where the following page begins; empty at the end
    begins: int | None  # how many rows are before it; None if they were not counted

    def found(self, count: Callable[[], Count]) -> Count:
        """Return how many the whole list has; `count` is asked if it has to be."""
        seen = None if self.begins is None else self.begins + len(self.rows)
        if not self.next:
            return Count(CAP, more=True) if seen is None else _capped(seen)
        counted = count()
        # It may be some seconds old, and never tells of less than is seen.
        return Count(max(counted.number, min(seen or 0, CAP)), counted.more)


def _capped(number: int) -> Count:
    return Count(min(number, CAP), more=number > CAP)


def keyset_page(
    listed: OrderedRows, *, after: str = "", before: str = "", size: int = PAGE
) -> KeysetPage:
    """Return the page behind a place, before one, or before the END.

    Whatever went meanwhile, a page of a list that has rows is never empty: behind the
    last row is the last page, and what would begin before the first row begins there.
    """
    if before:
        return _page_before(listed, before, size)
    place = KeysetCursor.read(after, listed.sort)
    found = listed.read(place, size + 1)
    if place is not None and not found:
        return _page_before(listed, END, size)
    return _page(
        listed, found[:size], has_next=len(found) > size, is_first=place is None
    )


def _page_before(listed: OrderedRows, before: str, size: int) -> KeysetPage:
    place = KeysetCursor.read(before, listed.sort)
    if place is None and before != END:
        return keyset_page(listed, size=size)
    found = listed.read(place, size + 1, backward=True)
    if len(found) <= size and before != END:
        return keyset_page(listed, size=size)
    rows = found[size - 1 :: -1] if len(found) > size else found[::-1]
    behind = listed.read(listed.place_of(rows[-1]), 1) if place and rows else []
    return _page(listed, rows, has_next=bool(behind), is_first=len(found) <= size)


def _page(
    listed: OrderedRows, rows: list[dict[str, Any]], *, has_next: bool, is_first: bool
) -> KeysetPage:
    begins = (
        0 if is_first or not rows else _rows_before(listed, rows, has_next=has_next)
    )
    return KeysetPage(
        rows=rows,
        previous=str(listed.place_of(rows[0])) if begins else "",
        next=str(listed.place_of(rows[-1])) if has_next else "",
        begins=begins if begins < CAP else None,
    )


def _rows_before(
    listed: OrderedRows, rows: list[dict[str, Any]], *, has_next: bool
) -> int:
    """Count what is before a page; at the end of the list that is all but the page.

    All of them are counted sooner than those before a row, which are read in order.
    """
    if has_next:
        return listed.before(rows[0])
    whole = capped_count(listed.rows)
    return CAP if whole.more else max(whole.number - len(rows), 0)


def page_size(number: int) -> int:
    """Return the allowed size that was asked for, else the usual one."""
    return number if number in SIZES else PAGE
