"""What a change can be edited to: the known names that one may choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syncapp.filters.search_sql import named_so, search_condition
from syncapp.models import Change
from syncapp.models.field_words import shown_field
from syncapp.models.plans import FIELD_MODELS
from syncapp.queries.deciding import DECIDABLE, as_seen
from syncapp.queries.entity_list import shown_name
from syncapp.queries.scene_titles import titles_of_scenes

MOST_OFFERED = 20
TYPED = ("date", "title", "details")
READ = (
    *("id", "plan_id", "plan__name", "plan__source_id", "scene_id", "field", "op"),
    *("entity_id", "value", "before", "state", "sentence", "objection", "image_found"),
)


@dataclass(frozen=True, slots=True)
class OfferedName:
    """A tag, performer or studio that may be taken instead."""

    row_id: int
    name: str
    scene_count: int


@dataclass(frozen=True, slots=True)
class EditableChange:
    """A change as one edits it."""

    change_id: int
    plan_id: int
    plan: str
    scene_id: int
    title: str
    field: str
    field_words: str
    op: str
    value: str
    before: str
    seen: str  # as what: see `as_seen`
    sentence: str
    offered: tuple[OfferedName, ...]  # of an entity; empty of a text
    names_entity: bool


def is_editable(field: str, op: str, state: str) -> bool:
    """Return whether what is proposed can be replaced: not what takes away."""
    return op != "remove" and field in (*TYPED, *FIELD_MODELS) and state in DECIDABLE


def editable_change(
    plan_id: int, change_id: int, typed: str = ""
) -> EditableChange | None:
    """Return a change with the names that hold what was typed, those of most scenes.

    None if it is not there, or cannot be edited.
    """
    row = Change.objects.filter(pk=change_id, plan_id=plan_id).values(*READ).first()
    if row is None or not is_editable(row["field"], row["op"], row["state"]):
        return None
    return EditableChange(
        change_id=row["id"],
        plan_id=row["plan_id"],
        plan=row["plan__name"],
        scene_id=row["scene_id"],
        title=titles_of_scenes([row["scene_id"]])[row["scene_id"]],
        field=row["field"],
        field_words=shown_field(row["field"]),
        op=row["op"],
        value=row["value"],
        before=row["before"],
        seen=as_seen(row["state"], row["objection"], row["image_found"]),
        sentence=row["sentence"],
        offered=_offered(row, typed),
        names_entity=row["field"] in FIELD_MODELS,
    )


def _offered(row: Mapping[str, Any], typed: str) -> tuple[OfferedName, ...]:
    if row["field"] not in FIELD_MODELS:
        return ()
    model = FIELD_MODELS[row["field"]]
    rows = model.objects.filter(source_id=row["plan__source_id"], deleted_at=None)
    rows = rows.exclude(pk=row["entity_id"]).order_by("-scene_count", "-id")
    if typed:
        holds = search_condition(model, typed)
        whole = rows.filter(named_so(model, typed))[:MOST_OFFERED]
        some = rows.none() if holds is None else rows.filter(holds)[:MOST_OFFERED]
        found = list(dict.fromkeys([*whole, *some]))[:MOST_OFFERED]
    else:
        found = list(rows[:MOST_OFFERED])
    return tuple(_name(each) for each in found)


def _name(row: Any) -> OfferedName:
    told = shown_name(row.name, getattr(row, "disambiguation", ""))
    return OfferedName(row.pk, told, row.scene_count)
