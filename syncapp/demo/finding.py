"""Which objects a find query means: ids, filters and pages."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from syncapp.demo.catalogue import Record
from syncapp.demo.library import Library, LibraryError
from syncapp.demo.names import like
from syncapp.demo.orders import Orders, order_of
from syncapp.demo.shelves import Shelves

Criteria = Mapping[str, Any]
Test = Callable[[Any], bool]

# Filters that a large library is asked often, and that no link of a scene changes: what
# passes of the catalogue is kept.
KEPT_FILTERS = {"play_count", "o_counter"}
# Filters that have another name than the field.
FIELDS = {("performer", "aliases"): "alias_list"}
CHECKS_IDS_SINCE = (0, 30)


@dataclass(frozen=True)
class Found:
    """The answer to a find query: the page's ids, and how many match in all."""

    kind: str
    ids: Sequence[int]
    count: int


class Finder:
    """Finds in one library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._shelves = Shelves(library)
        self._orders = Orders(library, self._shelves)
        self._passed: dict[str, frozenset[int]] = {}

    def get(self, kind: str, number: int) -> Record | None:
        """Return one object, or None when there is none of this id."""
        return self._shelves[kind].get(kind, number)

    def find(self, kind: str, args: Mapping[str, Any]) -> Found:
        """Answer find<Kind>s; an empty list of ids means no list was given."""
        if given := args.get("ids") or args.get(f"{kind}_ids"):
            ids = self._named(kind, given)
            return Found(kind, ids, len(ids))
        terms = args.get("filter") or {}
        criteria = dict(args.get(f"{kind}_filter") or {})
        span = self._narrowed(kind, criteria.pop("id", None))
        tests = _tests(kind, criteria, terms.get("q"))
        sort = order_of(kind, terms.get("sort"))
        if tests:
            span = self._passing(kind, span, criteria, tests)
        return Found(kind, self._page(kind, span, sort, terms), len(span))

    def _named(self, kind: str, given: Sequence[Any]) -> list[int]:
        """Return the ids of a list, as long as each is there; files may come twice."""
        checked = self._library.release >= CHECKS_IDS_SINCE
        ids = [whole(text, "converting ids: " if checked else "") for text in given]
        twice = next((n for n, count in Counter(ids).items() if count > 1), None)
        if twice is not None and kind != "file":
            old = f"{kind} with id {twice} not found"  # which is not so
            new = f"validating ids: duplicate id found: {twice}"
            raise LibraryError(new if checked else old)
        for number in ids:
            if self.get(kind, number) is None:
                msg = f"{kind} with id {number} not found"
                if kind == "file":
                    msg = f"getting file by id {number}: sql: no rows in result set"
                raise LibraryError(msg)
        return ids

    def _narrowed(self, kind: str, criterion: Criteria | None) -> Sequence[int]:
        ids = self._shelves[kind].ids(kind)
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

    def _passing(
        self,
        kind: str,
        span: Sequence[int],
        criteria: Criteria,
        tests: Mapping[str, Test],
    ) -> Sequence[int]:
        """Return what passes all tests."""
        shelf = self._shelves[kind]
        tested = partial(_passes, shelf.peek, kind, tests)
        if kind != "scene" or not tests.keys() <= KEPT_FILTERS:
            return list(filter(tested, span))
        untouched = partial(self._library.is_untouched, kind)
        known = self._passing_untouched(criteria, tests)
        return [n for n in span if (n in known if untouched(n) else tested(n))]

    def _passing_untouched(
        self, criteria: Criteria, tests: Mapping[str, Test]
    ) -> frozenset[int]:
        key = repr(criteria)
        if key not in self._passed:
            tested = partial(_passes, self._library.peek_untouched, "scene", tests)
            self._passed[key] = frozenset(filter(tested, self._library.base("scene")))
        return self._passed[key]

    def _page(
        self, kind: str, span: Sequence[int], sort: str, terms: Mapping[str, Any]
    ) -> Sequence[int]:
        down = terms.get("direction") == "DESC"
        size, page = terms.get("per_page", 25), max(terms.get("page") or 1, 1)
        size = 25 if size is None else size
        if size == 0:
            return ()
        first, last = (0, len(span)) if size < 0 else ((page - 1) * size, page * size)
        if sort == "id":
            return span[::-1][first:last] if down else span[first:last]
        if span is self._shelves[kind].ids(kind):
            ordered = self._orders.of_all(kind, sort, down=down)
        else:
            ordered = self._orders.of_some(kind, span, sort, down=down)
        return list(islice(ordered, first, last))


def _passes(
    peek: Callable[[str, int, str], Any],
    kind: str,
    tests: Mapping[str, Test],
    number: int,
) -> bool:
    return all(test(peek(kind, number, field)) for field, test in tests.items())


def whole(text: Any, doing: str = "") -> int:
    """Return a given id as a number; `doing` stands before the refusal."""
    try:
        return int(text)
    except ValueError:
        msg = f'{doing}strconv.Atoi: parsing "{text}": invalid syntax'
        raise LibraryError(msg) from None


def _tests(kind: str, criteria: Criteria, words: str | None) -> dict[str, Test]:
    """Return a test for each field that a filter names; None asks nothing."""
    tests = {
        FIELDS.get((kind, name), name): _compare(criterion)
        for name, criterion in criteria.items()
        if criterion is not None and name != "files_filter"
    }
    if kind == "file" and (count := tests.pop("scene_count", None)) and not count(1):
        tests["id"] = lambda _: False  # each file here is one scene's
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
        "EQUALS": lambda value: _equal(low, value),
        "NOT_EQUALS": lambda value: not _equal(low, value),
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


def _equal(wanted: Any, value: Any) -> bool:
    """Compare a field, or any text of a list, as a filter of Stash does: by LIKE."""
    if isinstance(value, list):
        return any(_equal(wanted, one) for one in value)
    return like(wanted, value) if isinstance(value, str) else value == wanted
