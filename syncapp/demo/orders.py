"""In which order a find query answers; orders that are dear to make are kept."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from heapq import merge
from typing import Any

from syncapp.demo.library import Library, LibraryError
from syncapp.demo.shelves import CatalogueShelf, Shelves

SORTS = {
    "scene": {
        *("id", "title", "code", "date", "rating", "organized", "created_at"),
        *("updated_at", "last_played_at", "play_count", "play_duration"),
        *("resume_time", "o_counter", "last_o_at", "studio"),
    },
    "performer": {"id", "name", "birthdate", "rating", "created_at", "updated_at"},
    "tag": {"id", "name", "created_at", "updated_at"},
    "studio": {"id", "name", "rating", "created_at", "updated_at"},
    "file": {"id", "path", "created_at", "updated_at"},
    "folder": {"id", "path", "created_at", "updated_at"},
}
# Without a sort Stash names no order for these; scenes come by their studio's index.
UNSORTED = {"scene": "studio", "file": "id", "folder": "id"}
# Orders of what nobody touched that are made once: they are asked of large libraries.
KEPT_SORTS = {
    "scene": {"created_at", "updated_at", "last_played_at", "last_o_at", "studio"},
    "file": {"created_at", "updated_at"},
}


class Orders:
    """The orders of one library."""

    def __init__(self, library: Library, shelves: Shelves) -> None:
        self._library = library
        self._shelves = shelves
        self._kept: dict[tuple[str, str], tuple[int, Sequence[int]]] = {}
        self._kept_base: dict[tuple[str, str], tuple[int, Sequence[int]]] = {}

    def of_some(
        self, kind: str, ids: Sequence[int], sort: str, *, down: bool
    ) -> Iterable[int]:
        """Return these ids by a field."""
        order = sorted(ids, key=partial(self._key, kind, sort))
        return reversed(order) if down else order

    def of_all(self, kind: str, sort: str, *, down: bool) -> Iterable[int]:
        """Return all ids of a kind by a field."""
        if sort in KEPT_SORTS.get(kind, ()):
            return self._merged(kind, self._shelves.catalogued[kind], sort, down=down)
        version = self._library.version
        known = self._kept.get((kind, sort))
        if known is None or known[0] != version:
            every = self._shelves[kind].ids(kind)
            order = array("I", self.of_some(kind, every, sort, down=False))
            known = self._kept[kind, sort] = (version, order)
        return reversed(known[1]) if down else known[1]

    def _merged(
        self, kind: str, shelf: CatalogueShelf, sort: str, *, down: bool
    ) -> Iterator[int]:
        """Yield all ids by a field whose order of untouched objects is kept."""
        order = self._untouched(kind, shelf, sort)
        if down:
            order = order[::-1]
        touched = shelf.touched(kind)
        if not touched and len(shelf.ids(kind)) == len(order):
            return iter(order)
        key = partial(self._key, kind, sort)
        left = (number for number in order if shelf.is_untouched(kind, number))
        changed = sorted(touched, key=key, reverse=down)
        return merge(left, changed, key=key, reverse=down)

    def _untouched(self, kind: str, shelf: CatalogueShelf, sort: str) -> Sequence[int]:
        mark = self._library.links_version if sort == "studio" else 0
        known = self._kept_base.get((kind, sort))
        if known is not None and known[0] == mark:
            return known[1]

        def key(number: int) -> tuple[Any, ...]:
            value = shelf.peek_untouched(kind, number, sort)
            return (False, 0, number) if value is None else (True, value, number)

        order = array("I", sorted(shelf.base(kind), key=key))
        self._kept_base[kind, sort] = (mark, order)
        return order

    def _key(self, kind: str, sort: str, number: int) -> tuple[Any, ...]:
        if sort.startswith("random_"):
            return (hash((sort, number)), number)
        peek = self._shelves[kind].peek
        field = "rating100" if sort == "rating" else sort
        value = peek(kind, number, field)
        if kind == "tag" and sort == "name":
            value = peek(kind, number, "sort_name") or value
        if isinstance(value, str) and field in {"name", "title"}:
            value = value.casefold()
        return (False, 0, number) if value is None else (True, value, number)


def order_of(kind: str, given: str | None) -> str:
    """Return the field to sort by."""
    if not given:
        return UNSORTED.get(kind, "name")
    if given not in SORTS[kind] and not given.startswith("random_"):
        msg = f"invalid sort: {given}"
        raise LibraryError(msg)
    return given
