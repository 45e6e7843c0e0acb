"""What the engine has to know of an entity, as data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from syncapp.models.library import Link, Mirrored, SceneFile
from syncapp.stash.documents import Entity
from syncapp.stash.records import Decoded
from syncapp.text.documents import SearchTexts


class DecodedRecord(Protocol):
    """What all decoded records share."""

    @property
    def id(self) -> str: ...
    @property
    def created_at(self) -> str: ...
    @property
    def updated_at(self) -> str: ...


@dataclass(frozen=True, slots=True)
class LinkTable:
    """A link table: pairs of (owner, target) row ids."""

    model: type[Link]
    owner: str  # column names
    target: str
    to: str  # the stream that the target belongs to
    counted: bool = False  # the target's `scene_count` follows


@dataclass(frozen=True, slots=True)
class ToOne:
    """A column of the row that holds another row's id."""

    column: str
    to: str
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record as the mirror keeps it."""

    values: tuple[Any, ...]  # in the order of Stream.columns
    links: tuple[frozenset[int], ...] = ()  # target row ids, one set per LinkTable
    files: tuple[tuple[Any, ...], ...] = ()  # rows of SceneFile, in FILE_COLUMNS' order


@dataclass(frozen=True, slots=True)
class Stream:
    """One remote entity and the table that mirrors it."""

    name: str
    entity: Entity
    model: type[Mirrored]
    decode: Callable[[bytes | msgspec.Raw], Decoded[Any]]
    parse: Callable[[Any, int], Parsed]  # (record, source id)
    columns: tuple[str, ...]  # the derived ones last
    document: Callable[[Parsed], SearchTexts]  # by which a row is found
    order_text: Callable[[Parsed], str]  # by which a list of the rows is ordered
    # The last of `columns`: worked out from the rest of a row, its links and its files,
    # so they make no version of their own. The first holds the key of `order_text`,
    # the others what `derive` finds.
    derived: tuple[str, ...] = ("name_key",)
    derive: Callable[[Parsed], Parsed] = lambda parsed: parsed
    links: tuple[LinkTable, ...] = ()
    to_one: tuple[ToOne, ...] = ()
    has_files: bool = False
    # An edit from a parent changes a child, and a merge its destination, without
    # touching their `updated_at`: when one record differs or is gone, all are read.
    all_or_none: bool = False

    @property
    def told(self) -> int:
        """Return how many of `columns`, from the first on, the source itself tells."""
        return len(self.columns) - len(self.derived)


FILE_COLUMNS = tuple(field.attname for field in SceneFile._meta.concrete_fields)
FILE_KEY = ("scene_id", "remote_id")  # how FILE_COLUMNS begins
