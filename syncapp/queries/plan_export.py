"""A plan's changes as a file, part by part: no more is kept than rows of one part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jobs.numbers import parse_id
from syncapp.models import Change, Plan, Scene, SceneFile
from syncapp.models.keys import remote_id
from syncapp.queries.export import Export, ExportPart, ExportPlace, export_part
from syncapp.queries.export_rows import Cell, ExportRow
from syncapp.queries.export_text import FORMATS
from syncapp.queries.outcomes import ENDED
from syncapp.queries.plan_facets import PlanFilter

PLAN_PART = 500  # changes
ALL = PlanFilter()
OF_CHANGE = (
    *("id", "scene_id", "field", "op", "value", "entity_id", "before", "before_id"),
    *("level", "confidence", "detector", "detector_version", "evidence_kind"),
    *("sentence", "cause", "choice", "state", "decided_by__username", "decided_at"),
    *("written_at", "written_by_job", "image_before", "image_found", "objection"),
)
# Ids are those that the source gives.
PLAN_COLUMNS = (
    *("scene", "scene_title", "path", "field", "op", "value", "value_id", "before"),
    *("before_id", "level", "confidence", "detector", "detector_version"),
    *("evidence_kind", "sentence", "cause", "choice", "state", "decided_by"),
    *("decided_at", "change", "outcome", "written_at", "written_by_job", "held"),
    *("found", "objection"),
)


@dataclass(frozen=True, slots=True)
class PlanExport:
    """Which changes of which plan, written how."""

    plan_id: int
    ending: str  # of FORMATS
    filters: PlanFilter = ALL
    limit: int | None = None


def has_plan(plan_id: int) -> bool:
    return Plan.objects.filter(pk=plan_id).exists()


def begin_plan_export(asked: PlanExport) -> ExportPart | None:
    """Return the first part of a plan's file; None if the plan is not there."""
    return plan_export_part(asked, ExportPlace()) if has_plan(asked.plan_id) else None


def next_part(asked: Export | PlanExport, place: ExportPlace) -> ExportPart:
    """Return what is written next of a list or of a plan."""
    if isinstance(asked, PlanExport):
        return plan_export_part(asked, place)
    return export_part(asked, place)


def plan_export_part(asked: PlanExport, place: ExportPlace) -> ExportPart:
    """Return what is written next, and where it goes on."""
    form = FORMATS[asked.ending]
    rows, following = plan_part(asked, place)
    text = "" if place.after else form.head(PLAN_COLUMNS)
    text += form.rows(PLAN_COLUMNS, rows, is_first=not place.written)
    return ExportPart(text if following else text + form.tail, following)


def plan_part(
    asked: PlanExport, place: ExportPlace
) -> tuple[tuple[ExportRow, ...], ExportPlace | None]:
    """Return the next rows, and the place behind them; None at the end.

    Three queries. In the order of a plan's page: by scene.
    """
    left = PLAN_PART
    if asked.limit is not None:
        left = min(left, asked.limit - place.written)
    if left <= 0:
        return (), None
    rows = Change.objects.filter(plan_id=asked.plan_id, **asked.filters.conditions())
    behind = rows.filter(_beyond(place.after)).order_by("scene_id", "id")
    found = list(behind.values(*OF_CHANGE)[: left + 1])
    shown = found[:left]
    written = place.written + len(shown)
    is_last = len(found) <= left or written == asked.limit
    told = tuple(_rows(shown))
    if is_last:
        return told, None
    return told, ExportPlace(f"{shown[-1]['scene_id']}~{shown[-1]['id']}", written)


def _beyond(after: str) -> Q:
    scene_id, change_id = (parse_id(part) or 0 for part in (after or "0~0").split("~"))
    # The first part lets the index find the place.
    return Q(scene_id__gte=scene_id) & (
        Q(scene_id__gt=scene_id) | Q(scene_id=scene_id, id__gt=change_id)
    )


def _rows(found: list[dict[str, Any]]) -> Iterator[ExportRow]:
    ids = {row["scene_id"] for row in found}
    titles = dict(Scene.objects.filter(id__in=ids).values_list("id", "title"))
    files = SceneFile.objects.filter(scene_id__in=ids, position=0).order_by()
    paths = dict(files.values_list("scene_id", "path"))
    for row in found:
        key = row["scene_id"]
        yield _row(row, titles.get(key, ""), paths.get(key, ""))


def _row(row: Mapping[str, Any], title: str, path: str) -> ExportRow:
    return (
        remote_id(row["scene_id"]),
        title,
        path,
        *(row["field"], row["op"], row["value"], _remote(row["entity_id"])),
        *(row["before"], _remote(row["before_id"]), row["level"], row["confidence"]),
        *(row["detector"], row["detector_version"], row["evidence_kind"]),
        *(row["sentence"], row["cause"], row["choice"], row["state"]),
        *(row["decided_by__username"] or "", row["decided_at"], row["id"]),
        row["state"] if row["state"] in ENDED else "",
        *(row["written_at"], row["written_by_job"], _image(row["image_before"])),
        *(_image(row["image_found"]), row["objection"]),
    )


def _image(stored: Mapping[str, Any] | None) -> Cell:
    """Return what the source held: a value, or whether the element was there."""
    return None if stored is None else stored["is"]


def _remote(row_id: int | None) -> int | None:
    return None if row_id is None else remote_id(row_id)
