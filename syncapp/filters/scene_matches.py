"""Finds out which scenes a filter has, if they are few, before a page of them is read.

Neither database knows well how many rows meet several conditions at once. Asked for a
page in some order, both may walk a whole library for a filter that five scenes match,
or sort half of it for one that all match. So some thousand ids are asked for first. If
these are all, the list is they, sorted; else a page is read in the order of the list,
with a look at the conditions row by row.

The question begins where there is least to read: at the links of the rarest tag, at the
files of a folder, or, if all of these are common, at the index of facts, read whole. A
tag, a folder or a word that nothing else narrows is where it begins in any case.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Exists,
    Func,
    OuterRef,
    Q,
    QuerySet,
)

from syncapp.filters.number_list import number_list
from syncapp.models import Scene

SceneRows = QuerySet[Any, Any]
Condition = Any  # a Q or an Exists, or what is not one
FEW = 5_000  # scenes that are sorted; of more a page is read in their order
COUNTED = 10_000  # scenes that are counted
# Rows that cost as much to look at one by one as the index of facts, read whole.
SCAN = 40_000
INDEXED = ("id", "studio_id", "date", "remote_created_at", "remote_updated_at")
SCENE = "scene_id"  # the column by which other tables name a scene


class Unindexed(Func):
    """A column by which SQLite looks nothing up.

    It takes any index that a condition allows, and fetches row by row what it could
    have read in one go. PostgreSQL weighs that.
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


@dataclass(frozen=True, slots=True)
class Columns:
    """How conditions name the columns of a scene; those in `plain` may be looked up."""

    plain: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> str:
        return f"un_{name}" if name in {*INDEXED} - self.plain else name


Facts = Callable[[Columns], Q]


@dataclass(frozen=True, slots=True)
class Part:
    """A condition that a scene's own row does not tell.

    `of`: what has to be true of the scene whose id stands in this column. `rows`: the
    scenes, or rows of other tables that name them in `column`, if it may be asked for
    by those, and how many they are at most.
    """

    of: Callable[[str], Condition]
    rows: SceneRows | None = None
    size: float = 0
    column: str = SCENE


@dataclass(frozen=True, slots=True)
class Matches:
    """How many scenes there are, and which."""

    number: int
    more: bool  # it was not counted to the end
    ids: tuple[int, ...] | None  # all of them; None if they are too many


def find_matches(
    facts: Facts, parts: Sequence[Part], *, removed: bool, single: bool
) -> Matches:
    """Return what is found by these facts and parts; one query.

    Removed scenes have an index of their own, so it begins there. `single`: nothing but
    one part is asked for, or nothing at all. However many rows that has, those that are
    read are nearly all found.
    """
    most = inf if single else SCAN
    starts = [part for part in parts if part.rows is not None and part.size <= most]
    start = None if removed else min(starts, key=lambda part: part.size, default=None)
    rows, column = _beginning(start, facts)
    others = [part for part in parts if part is not start]
    for part in others:
        rows = rows.filter(part.of(column))
    found = rows.order_by().values_list(column, flat=True)
    ids = tuple((found if column == "id" else found.distinct())[: COUNTED + 1])
    return Matches(
        min(len(ids), COUNTED), len(ids) > COUNTED, ids if len(ids) <= FEW else None
    )


def _beginning(start: Part | None, facts: Facts) -> tuple[SceneRows, str]:
    """Return the rows that are looked through, and their column of scenes' ids."""
    if start is None or start.rows is None:
        return scenes(facts, Columns(frozenset({"id"}))), "id"
    if start.rows.model is Scene:
        return scenes(facts, Columns(frozenset({"studio_id"})), start.rows), "id"
    return start.rows.filter(Exists(_scene_of(start.column, facts))), start.column


def scenes(facts: Facts, columns: Columns, rows: SceneRows | None = None) -> SceneRows:
    """Return the scenes, or those of `rows`, that have these facts."""
    names = [name for name in INDEXED if columns[name] != name]
    unindexed = {columns[name]: _unindexed(name) for name in names}
    rows = Scene.objects.all() if rows is None else rows
    found: SceneRows = rows.alias(**unindexed).filter(facts(columns))
    return found


def _unindexed(name: str) -> Unindexed:
    if name in {"id", "studio_id"}:
        return Unindexed(name, output_field=BigIntegerField())
    return Unindexed(name)


def _scene_of(column: str, facts: Facts) -> SceneRows:
    """Return the scene whose id stands in `column`, if it has these facts.

    SQLite would find it by its key and then fetch the row. Asked for a range of ids, it
    looks into the index of facts alone.
    """
    rows = scenes(facts, Columns())
    if connection.vendor == "sqlite":
        return rows.filter(id__gte=OuterRef(column), id__lte=OuterRef(column))
    return rows.filter(id=OuterRef(column))


def live_scene(column: str) -> Exists:
    """Return what is true where `column` holds the id of a scene that is there."""
    return Exists(_scene_of(column, lambda _: Q(deleted_at=None)))


def these_scenes(ids: Sequence[int]) -> SceneRows:
    """Return scenes by their ids."""
    return (
        Scene.objects.filter(id__in=number_list(ids)) if ids else Scene.objects.none()
    )
