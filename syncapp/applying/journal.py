"""What apply writes down: that it is about to write, and what became of it.

Each step asks for the state that it comes from, so what two runs do at once is done by
one of them. All of it happens within the transactions of whoever runs the apply.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, QuerySet

from syncapp.applying.intents import Image, Intent
from syncapp.applying.traces import left_by_us, read_histories
from syncapp.models import Change
from syncapp.models.change_states import CAN_BE_UNDONE, ENDED, TO_WRITE, ChangeState
from syncapp.models.keys import remote_id

COLUMNS = (
    *("id", "scene_id", "field", "op", "entity_id", "value", "before_id", "before"),
    *("value_key", "image_before"),
)


@dataclass(frozen=True, slots=True)
class SceneChanges:
    """The changes of one scene that are to be written."""

    scene_id: int  # a row id
    intents: tuple[Intent, ...]
    # Of those that are in writing already: what stood there before, by change id.
    images: Mapping[int, Image]

    @property
    def remote_id(self) -> int:
        return remote_id(self.scene_id)


@dataclass(frozen=True, slots=True)
class ChangeEnding:
    """What is to be written down of one change."""

    intent: Intent
    state: ChangeState
    before: Image = None
    found: Image = None
    has_found: bool = False
    objection: str = ""

    @property
    def change_id(self) -> int:
        return self.intent.change_id


def next_scenes(
    plan_id: int, state: ChangeState, after: int, most: int
) -> list[SceneChanges]:
    """Return the next scenes with changes in this state, in the order of their ids."""
    rows = Change.objects.filter(plan_id=plan_id, state=state, scene_id__gt=after)
    wanted = rows.order_by("scene_id").values_list("scene_id", flat=True)
    scene_ids = list(wanted.distinct()[:most])
    found = rows.filter(scene_id__in=scene_ids).order_by("scene_id", "id")
    return [
        _scene(scene_id, list(group))
        for scene_id, group in groupby(
            found.values(*COLUMNS), lambda row: int(row["scene_id"])
        )
    ]


def begin(scene: SceneChanges, images: Mapping[int, Image]) -> list[Intent]:
    """Note that these are about to be written; returns those that still may be.

    What was decided otherwise since it was read may not, nor what was edited: that is
    accepted still, and written by the next apply. `images`: what a look just showed,
    by change id.
    """
    taken = []
    for intent in scene.intents:
        rows = _as_read(intent).filter(state=ChangeState.ACCEPTED)
        if rows.update(
            state=ChangeState.WRITING,
            image_before={"is": images[intent.change_id]},
            image_after={"is": intent.wanted},
        ):
            taken.append(intent)
    return taken


def finish(endings: Iterable[ChangeEnding], job_id: int | None) -> set[int]:
    """Write down how these ended; returns those that were still to end, by change id.

    A decision that was taken back meanwhile stands, and so does an edit.
    """
    now = datetime.now(UTC)
    written = set()
    for ending in endings:
        rows = _as_read(ending.intent).filter(state__in=TO_WRITE)
        if rows.update(**_columns(ending, now, job_id)):
            written.add(ending.change_id)
    return written


def _as_read(intent: Intent) -> "QuerySet[Change, Change]":
    """Return the change if its value is the one that was read."""
    return Change.objects.filter(pk=intent.change_id, value_key=intent.value_key)


def ended_by_state(plan_id: int) -> dict[str, int]:
    """Return how many changes of a plan an apply has ended in which state."""
    rows = Change.objects.filter(plan_id=plan_id, state__in=ENDED).order_by()
    return dict(rows.values_list("state").annotate(n=Count("id")))


def mark_undone(change_ids: Sequence[int]) -> int:
    """Note on what these took back that it is undone; returns how many."""
    origins = Change.objects.filter(pk__in=change_ids, undoes__isnull=False)
    ids = list(origins.values_list("undoes_id", flat=True))
    rows = Change.objects.filter(pk__in=ids, state__in=CAN_BE_UNDONE)
    return rows.update(state=ChangeState.UNDONE)


def own_images(
    plan_id: int, scene: SceneChanges, intents: Sequence[Intent]
) -> dict[int, set[Image]]:
    """Return what our own writes left of each of these, by change id.

    Only a plan that takes another back has to know: it finds what came after. What lies
    on top of another's edit is not ours alone, so that is a conflict.
    """
    mine = Change.objects.filter(pk__in=[intent.change_id for intent in intents])
    origins = mine.filter(undoes__isnull=False).values_list("id", "undoes_id")
    histories = read_histories([scene.scene_id], but_of_plan=plan_id)
    return {
        change_id: {left_by_us(histories[origin], origin)}
        for change_id, origin in origins
        if origin in histories
    }


def _columns(ending: ChangeEnding, now: datetime, job_id: int | None) -> dict[str, Any]:
    columns: dict[str, Any] = {"state": ending.state, "objection": ending.objection}
    if ending.has_found:
        columns["image_found"] = {"is": ending.found}
    if ending.state in (ChangeState.CONFLICT, ChangeState.FAILED, ChangeState.ACCEPTED):
        return columns
    return columns | {
        "image_before": {"is": ending.before},
        "written_at": now,
        "written_by_job": job_id,
    }


def _scene(scene_id: int, rows: Sequence[Mapping[str, Any]]) -> SceneChanges:
    images = {
        row["id"]: row["image_before"]["is"] for row in rows if row["image_before"]
    }
    return SceneChanges(scene_id, tuple(map(intent_of, rows)), images)


def intent_of(row: Mapping[str, Any]) -> Intent:
    """Return what a stored change means, from the columns of `COLUMNS`."""
    return Intent(
        change_id=row["id"],
        field=row["field"],
        op=row["op"],
        value=_value(row, "entity_id", "value"),
        before=_value(row, "before_id", "before"),
        value_key=row["value_key"],
    )


def _value(row: Mapping[str, Any], of_entity: str, of_text: str) -> Image:
    match row["field"]:
        case "studio" | "performers" | "tags":
            return _remote(row[of_entity])
        case "organized":
            return bool(row[of_text] == "true")
        case "rating":
            return int(row[of_text]) if row[of_text] else None
    text: str = row[of_text]
    return text.strip()


def _remote(entity_id: int | None) -> int | None:
    return None if entity_id is None else remote_id(entity_id)
