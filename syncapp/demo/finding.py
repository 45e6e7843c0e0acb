"""Which objects a find query means, and in which order: filters, sorts and pages."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import merge
from itertools import islice
from typing import Any

from syncapp.demo.library import Library, LibraryError

Criteria = Mapping[str, Any]
Test = Callable[[Any], bool]

SORTS = {
    "scene": {
        *("id", "title", "code", "date", "rating", "organized", "created_at"),
        *("updated_at", "last_played_at", "play_count", "play_duration"),
        *("resume_time", "o_counter", "studio"),
    },
    "performer": {"id", "name", "birthdate", "rating", "created_at", "updated_at"},
    "tag": {"id", "name", "created_at", "updated_at"},
    "studio": {"id", "name", "rating", "created_at", "updated_at"},
}
# Orders of untouched scenes that are made once, for they are asked of large libraries.
KEPT_SORTS = {"created_at", "updated_at", "last_played_at", "studio"}


@dataclass(frozen=True)
class Found:
    """The answer to a find query: the page's ids, and how many match in all."""

    kind: str
    ids: Sequence[int]
    count: int


class Finder:
    """Finds in one library; keeps the orders that are dear to make."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._orders: dict[tuple[str, str], tuple[int, Sequence[int]]] = {}

    def find(self, kind: str, args: Mapping[str, Any]) -> Found:
        """Answer find<Kind>s; an empty list of ids means no list was given."""
        if given := args.get("ids") or args.get(f"{kind}_ids"):
            ids = self._named(kind, given)
            return Found(kind, ids, len(ids))
        terms = args.get("filter") or {}
        criteria = dict(args.get(f"{kind}_filter") or {})
        span = self._narrowed(kind, criteria.pop("id", None))
        tests = _tests(kind, criteria, terms.get("q"))
        sort = _sort(kind, terms.get("sort"))
        down = terms.get("direction") == "DESC"
        if tests:
            span = [n for n in span if self._passes(kind, n, tests)]
        return Found(kind, self._page(kind, span, sort, down, terms), len(span))

    def _named(self, kind: str, given: Sequence[Any]) -> list[int]:
        ids: list[int] = []
        for text in given:
            number = whole(text)
            if number in ids:
                msg = f"duplicate id found: {number}"
                raise LibraryError(msg)
            if self._library.get(kind, number) is None:
                msg = f"{kind} with id {number} not found"
                raise LibraryError(msg)
            ids.append(number)
        return ids

    def _narrowed(self, kind: str, criterion: Criteria | None) -> Sequence[int]:
        ids = self._library.ids(kind)
        if hidden := self._library.hidden.get(kind):
            ids = [number for number in ids if number not in hidden]
        if criterion is None:
            return ids
        modifier, value = criterion["modifier"], criterion["value"]
        if modifier == "GREATER_THAN":
            return ids[bisect_right(ids, value) :]
        if modifier == "LESS_THAN":
            return ids[: bisect_left(ids, value)]
        test = _compare(criterion)
        return [number for number in ids if test(number)]

    def _passes(self, kind: str, number: int, tests: Mapping[str, Test]) -> bool:
        peek = partial(self._library.peek, kind, number)
        return all(test(peek(field)) for field, test in tests.items())

    def _page(
        self,
        kind: str,
        span: Sequence[int],
        sort: str,
        down: bool,  # noqa: FBT001
        terms: Mapping[str, Any],
    ) -> Sequence[int]:
        size, page = terms.get("per_page", 25), max(terms.get("page") or 1, 1)
        size = 25 if size is None else size
        if size == 0:
            return ()
        first, last = (0, len(span)) if size < 0 else ((page - 1) * size, page * size)
        if sort == "id":
            return span[::-1][first:last] if down else span[first:last]
        whole_kind = span is self._library.ids(kind)
        if kind == "scene" and sort in KEPT_SORTS and whole_kind:
            ordered = islice(self._scenes_by(sort, down=down), first, last)
            return list(ordered)
        order = self._order(kind, sort, span if not whole_kind else None)
        return (order[::-1] if down else order)[first:last]

    def _order(self, kind: str, sort: str, span: Sequence[int] | None) -> Sequence[int]:
        """Return the span, or all of a kind, by a field."""
        library = self._library
        known = self._orders.get((kind, sort))
        if span is None and known is not None and known[0] == library.version:
            return known[1]
        every = library.ids(kind) if span is None else span
        order = array("I", sorted(every, key=partial(self._key, kind, sort)))
        if span is None:
            self._orders[kind, sort] = (library.version, order)
        return order

    def _key(self, kind: str, sort: str, number: int) -> tuple[Any, ...]:
        if sort.startswith("random_"):
            return (hash((sort, number)), number)
        field = "rating100" if sort == "rating" else sort
        value = self._library.peek(kind, number, field)
        if kind == "tag" and sort == "name":
            value = self._library.peek(kind, number, "sort_name") or value
        if isinstance(value, str) and field in {"name", "title"}:
            value = value.casefold()
        return (False, 0, number) if value is None else (True, value, number)

    def _scenes_by(self, sort: str, *, down: bool) -> Iterator[int]:
        """Yield all scenes by a field whose order of untouched scenes is kept."""
        library = self._library
        order = self._untouched_by(sort)
        if down:
            order = order[::-1]
        touched = library.touched()
        if not touched and len(library.ids("scene")) == len(order):
            return iter(order)
        key = partial(self._key, "scene", sort)
        left = (n for n in order if library.is_untouched("scene", n))
        changed = sorted(touched, key=key, reverse=down)
        return merge(left, changed, key=key, reverse=down)

    def _untouched_by(self, sort: str) -> Sequence[int]:
        library = self._library
        mark = library.links_version if sort == "studio" else 0
        known = self._orders.get(("catalogue", sort))
        if known is not None and known[0] == mark:
            return known[1]

        def key(number: int) -> tuple[Any, ...]:
            value = library.peek_untouched(number, sort)
            return (False, 0, number) if value is None else (True, value, number)

        order = array("I", sorted(range(1, library.catalogue.scenes + 1), key=key))
        self._orders["catalogue", sort] = (mark, order)
        return order


def whole(text: Any) -> int:
    """Return a given id as a number."""
    try:
        return int(text)
    except ValueError:
        msg = f'converting ids: strconv.Atoi: parsing "{text}": invalid syntax'
        raise LibraryError(msg) from None


def _sort(kind: str, given: str | None) -> str:
    """Return the order; without one Stash says no ORDER BY, and scenes come anyhow."""
    if given is None:
        return "studio" if kind == "scene" else "name"
    if given not in SORTS[kind] and not given.startswith("random_"):
        msg = f"invalid sort: {given}"
        raise LibraryError(msg)
    return given


def _tests(kind: str, criteria: Criteria, words: str | None) -> dict[str, Test]:
    """Return a test for each field that a filter names; None asks nothing."""
    tests = {
        name: _compare(criterion)
        for name, criterion in criteria.items()
        if criterion is not None and name != "files_filter"
    }
    if wanted := (criteria.get("files_filter") or {}).get("updated_at"):
        test = _compare(wanted)
        tests["files"] = lambda files: any(test(file["updated_at"]) for file in files)
    if words:
        text = words.casefold()
        field = "title" if kind == "scene" else "name"
        tests[field] = lambda value: text in (value or "").casefold()
    return tests


def _compare(criterion: Criteria) -> Test:
    """Return the test of one criterion; timestamps compare as text, unparsed."""
    low, high = criterion["value"], criterion.get("value2")
    tests: dict[str, Test] = {
        "EQUALS": lambda value: value == low,
        "NOT_EQUALS": lambda value: value != low,
        "GREATER_THAN": lambda value: value is not None and value > low,
        "LESS_THAN": lambda value: value is not None and value < low,
        "BETWEEN": lambda value: value is not None and low <= value <= high,
        "NOT_BETWEEN": lambda value: value is not None and not low <= value <= high,
        "INCLUDES": lambda value: low.casefold() in (value or "").casefold(),
        "EXCLUDES": lambda value: low.casefold() not in (value or "").casefold(),
        "IS_NULL": lambda value: value is None,
        "NOT_NULL": lambda value: value is not None,
    }
    if (test := tests.get(criterion["modifier"])) is None:
        msg = f"unsupported modifier: {criterion['modifier']}"
        raise LibraryError(msg)
    return test
