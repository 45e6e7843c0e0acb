"""What stands before and after a scene in a list."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from syncapp.filters.scene_sql import filtered_scenes
from syncapp.filters.values import SceneFilter
from syncapp.models import Scene
from syncapp.queries.paging import KeysetCursor, Sort, sort_named
from syncapp.queries.scene_list import SORTS


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The scenes beside one, by row id; None at the ends of the list."""

    before: int | None
    after: int | None
    is_listed: bool  # whether the scene itself is in the list


def neighbours(scene_id: int, filters: SceneFilter, sort: str) -> Neighbours | None:
    """Return what stands beside a scene; None if the mirror does not hold it.

    Of one that the filter does not select (any more), what stands where it would.
    """
    order = sort_named(SORTS, sort)
    own = Scene.objects.filter(pk=scene_id).values_list(order.column, flat=True)
    if not (key := list(own)):
        return None
    rows, place = filtered_scenes(filters), KeysetCursor(key[0], scene_id)
    back = replace(order, descending=not order.descending)
    return Neighbours(
        before=_first_behind(rows, place, back),
        after=_first_behind(rows, place, order),
        is_listed=rows.filter(pk=scene_id).exists(),
    )


def _first_behind(
    rows: "QuerySet[Any, Any]", place: KeysetCursor, order: Sort
) -> int | None:
    behind = rows.filter(place.after(order)).order_by(*order.ordering())
    first: int | None = behind.values_list("id", flat=True).first()
    return first
