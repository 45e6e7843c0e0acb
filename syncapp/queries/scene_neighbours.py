"""What stands before and after a scene in a list."""

from dataclasses import dataclass

from syncapp.filters.scene_sql import filtered_scenes
from syncapp.filters.values import SceneFilter
from syncapp.models import Scene
from syncapp.queries.paging import KeysetCursor, OrderedRows, sort_named
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
    listed = OrderedRows(rows, (), order)
    return Neighbours(
        before=_next_to(listed, place, backward=True),
        after=_next_to(listed, place, backward=False),
        is_listed=rows.filter(pk=scene_id).exists(),
    )


def _next_to(listed: OrderedRows, place: KeysetCursor, *, backward: bool) -> int | None:
    found = listed.read(place, 1, backward=backward)
    return found[0]["id"] if found else None
