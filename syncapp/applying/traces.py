"""What our own writes made of one value of a scene, one after the other.

A **history** is all that we wrote of one field of a scene, or of one element of a list,
the oldest first. To take a change back is to give the value that would stand there
without it, so a change that was taken back before counts for nothing in that, and
neither do those that took back others which are in force again. Whatever order changes
are undone in, at the end stands what stood there before the first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syncapp.applying.intents import Image
from syncapp.models import Change
from syncapp.models.change_states import CAN_BE_UNDONE, ChangeState

# In these a change was written by us; that it was so already is no write.
WROTE = (*CAN_BE_UNDONE, ChangeState.UNDONE)
COLUMNS = (
    *("id", "plan_id", "scene_id", "field", "op", "entity_id", "state", "undoes_id"),
    *("creation__entity_id", "image_before", "image_after"),
)


@dataclass(frozen=True, slots=True)
class Trace:
    """One write of ours."""

    change_id: int
    before: Image
    after: Image
    undoes: int | None = None  # a change
    is_undone: bool = False


History = Sequence[Trace]


def left_by_us(history: History, change_id: int) -> Image:
    """Return what stands there if nobody else changed it since this change.

    What we wrote on top of another's edit is no part of it: that edit came between.
    """
    place = _place(history, change_id)
    image = history[place].after
    for trace in history[place + 1 :]:
        if trace.before != image:
            break
        image = trace.after
    return image


def value_without(history: History, change_id: int) -> Image:
    """Return what would stand there without this change."""
    return _below(history, _place(history, change_id), without=change_id)


def is_covered(history: History, change_id: int) -> bool:
    """Return whether an undo of what was before this change lies over it already."""
    place = _place(history, change_id)
    below = {trace.change_id for trace in history[:place]}
    return any(
        trace.undoes in below and _is_in_force(history, trace, without=change_id)
        for trace in history[place + 1 :]
    )


def read_histories(
    scene_ids: Iterable[int], *, but_of_plan: int = 0
) -> Mapping[int, History]:
    """Return the history that each of our writes in these scenes stands in, by its id.

    One query.
    """
    rows = Change.objects.filter(
        scene_id__in=list(scene_ids), state__in=WROTE, written_at__isnull=False
    )
    found: dict[tuple[Any, ...], list[Trace]] = {}
    by_change: dict[int, History] = {}
    ordered = rows.exclude(plan_id=but_of_plan).order_by("written_at", "id")
    for row in ordered.values(*COLUMNS):
        element = element_of(row)
        history = found.setdefault((row["scene_id"], row["field"], element), [])
        history.append(_trace(row))
        by_change[row["id"]] = history
    return by_change


def element_of(row: Mapping[str, Any]) -> int | None:
    """Return the row id of the element that a change adds or removes."""
    if row["op"] == "set":
        return None
    found: int | None = row["entity_id"] or row["creation__entity_id"]
    return found


def _trace(row: Mapping[str, Any]) -> Trace:
    before, after = row["image_before"] or {}, row["image_after"] or {}
    return Trace(
        change_id=row["id"],
        before=before.get("is"),
        after=after.get("is"),
        undoes=row["undoes_id"],
        is_undone=row["state"] == ChangeState.UNDONE,
    )


def _place(history: History, change_id: int) -> int:
    return [trace.change_id for trace in history].index(change_id)


def _below(history: History, place: int, *, without: int) -> Image:
    """Return what the write at this place would lie on."""
    image = history[place].before
    under = history[place - 1] if place else None
    if under is None or under.after != image:  # another's, or what was there first
        return image
    if not _is_in_force(history, under, without=without):
        return _below(history, place - 1, without=without)
    ids = [trace.change_id for trace in history[: place - 1]]
    if under.undoes in ids:
        # It took another back, so it stands for what that one lies on.
        return _below(history, ids.index(under.undoes), without=without)
    return image


def _is_in_force(history: History, trace: Trace, *, without: int) -> bool:
    if trace.change_id == without:
        return False
    took_back = [each for each in history if each.undoes == trace.change_id]
    if not took_back:
        return not trace.is_undone
    return not any(_is_in_force(history, each, without=without) for each in took_back)
