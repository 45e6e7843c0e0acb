"""Where the objects of each kind stand, files and folders too, for the find queries."""

from array import array
from collections.abc import Sequence
from typing import Any, Protocol

from syncapp.demo.catalogue import Record
from syncapp.demo.holdings import KINDS
from syncapp.demo.library import Library

STAMPS = {"created_at", "updated_at"}


class Shelf(Protocol):
    """The objects of a kind, by id."""

    def ids(self, kind: str, /) -> Sequence[int]:
        """Return the ids that exist, ascending."""
        ...

    def get(self, kind: str, number: int, /) -> Record | None:
        """Return one object, or None when there is none of this id."""
        ...

    def peek(self, kind: str, number: int, field: str, /) -> Any:
        """Return one field of an object that exists, cheaply for large catalogues."""
        ...


class CatalogueShelf(Shelf, Protocol):
    """A shelf of which most was never touched and is computed from the catalogue."""

    def base(self, kind: str, /) -> Sequence[int]:
        """Return the ids of the catalogue, edited or not, ascending."""
        ...

    def touched(self, kind: str, /) -> Sequence[int]:
        """Return what was added or edited, ascending."""
        ...

    def is_untouched(self, kind: str, number: int, /) -> bool:
        """Say whether nobody added, edited or deleted it."""
        ...

    def peek_untouched(self, kind: str, number: int, field: str, /) -> Any:
        """Return one field of an object of the catalogue, as it was."""
        ...


class FileShelf:
    """The library's files."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: tuple[int, Sequence[int], dict[int, Record]] = (-1, (), {})

    def ids(self, _: str) -> Sequence[int]:
        return self._now()[0]

    def touched(self, _: str) -> Sequence[int]:
        return sorted(self._now()[1])

    def _now(self) -> tuple[Sequence[int], dict[int, Record]]:
        library = self._library
        if self._known[0] != library.version:
            scenes = (library.get("scene", number) for number in library.touched())
            ours = {f["id"]: f for scene in scenes if scene for f in scene["files"]}
            left = [
                n
                for n in library.catalogue.file_ids
                if self._is_base(n) and n not in ours
            ]
            ids = array("I", sorted([*left, *ours]) if ours else left)
            self._known = (library.version, ids, ours)
        return self._known[1:]

    def _is_base(self, number: int) -> bool:
        return self._library.is_untouched("scene", number >> 2)

    def base(self, _: str) -> Sequence[int]:
        return self._library.catalogue.file_ids

    def is_untouched(self, _: str, number: int) -> bool:
        return self._is_base(number) and number not in self._now()[1]

    def get(self, _: str, number: int) -> Record | None:
        if (known := self._now()[1].get(number)) is not None:
            return known
        if not self._is_base(number):
            return None
        files = self._library.untouched(number >> 2)["files"]
        return next((file for file in files if file["id"] == number), None)

    def peek(self, kind: str, number: int, field: str) -> Any:
        known = self._now()[1].get(number)
        return (
            self.peek_untouched(kind, number, field) if known is None else known[field]
        )

    def peek_untouched(self, _: str, number: int, field: str) -> Any:
        scene, place = number >> 2, number & 3
        if field in STAMPS:
            catalogue = self._library.catalogue
            stamps = catalogue.stamps(catalogue.dice("scene", scene))
            return stamps[field == "updated_at" and place % 2]
        return self._library.untouched(scene)["files"][place][field]


class FolderShelf:
    """The library's folders, also those that an edit of a scene brought."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._version = -1

    def _all(self) -> dict[int, Record]:
        library = self._library
        if self._version != library.version:
            for number in library.touched():
                for file in library.peek("scene", number, "files"):
                    library.folders.of(file["path"])
            self._version = library.version
        return library.folders.records()

    def ids(self, _: str) -> Sequence[int]:
        return array("I", self._all())

    def get(self, _: str, number: int) -> Record | None:
        return self._all().get(number)

    def peek(self, _: str, number: int, field: str) -> Any:
        return self._all()[number][field]


class Shelves:
    """Every shelf of one library."""

    def __init__(self, library: Library) -> None:
        files = FileShelf(library)
        self.catalogued: dict[str, CatalogueShelf] = {"scene": library, "file": files}
        self._all: dict[str, Shelf] = {
            **dict.fromkeys(KINDS, library),
            "file": files,
            "folder": FolderShelf(library),
        }

    def __getitem__(self, kind: str) -> Shelf:
        return self._all[kind]
