"""Which scenes a step changes, by the mirror: what is so already is left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from syncapp.editing.steps import EditStep
from syncapp.filters.number_list import number_list
from syncapp.models import Scene, ScenePerformer, SceneTag

Scenes = QuerySet[Any, Any]
LINKS: Mapping[str, tuple[Any, str]] = {
    "performers": (ScenePerformer, "performer_id"),
    "tags": (SceneTag, "tag_id"),
}
NOTHING = Value("", TextField())
# What stands in a scene now, as a change stores what it replaces.
BEFORE: Mapping[str, Any] = {
    "studio": Coalesce(F("studio__name"), NOTHING),
    "date": F("date"),
    "organized": Case(
        When(organized=True, then=Value("true")),
        default=Value("false"),
        output_field=CharField(),
    ),
    "rating": Coalesce(Cast("rating100", TextField()), NOTHING),
}


@dataclass(frozen=True, slots=True)
class EditExample:
    """What one step changes in one scene."""

    scene_id: int
    field: str
    op: str
    before: str
    value: str


def live_scenes(ids: Sequence[int]) -> Scenes:
    """Return those of these scenes that are still at their source."""
    return Scene.objects.filter(id__in=number_list(ids), deleted_at=None).order_by()


def differing(step: EditStep, scenes: Scenes) -> Scenes:
    """Return those of these scenes in which it is not so already."""
    if step.creates:  # what is not there yet, no scene has
        return scenes
    if step.op != "set":
        model, column = LINKS[step.field]
        has_it = Exists(
            model.objects.filter(scene_id=OuterRef("pk"), **{column: step.entity_id})
        )
        return scenes.filter(has_it if step.op == "remove" else ~has_it)
    return scenes.exclude(**_so_already(step))


def before_of(step: EditStep) -> Any:
    """Return the expression of what a step replaces; of a list that is nothing."""
    return BEFORE[step.field] if step.op == "set" else NOTHING


def examples(step: EditStep, scenes: Scenes, most: int) -> Iterator[EditExample]:
    rows = differing(step, scenes).annotate(told_before=before_of(step)).order_by("id")
    for scene_id, before in rows.values_list("id", "told_before")[:most]:
        yield EditExample(scene_id, step.field, step.op, before, step.value)


def _so_already(step: EditStep) -> dict[str, Any]:
    match step.field:
        case "studio":
            return {"studio_id": step.entity_id}
        case "organized":
            return {"organized": step.value == "true"}
        case "rating":
            return {"rating100": int(step.value) if step.value else None}
    return {"date": step.value}
