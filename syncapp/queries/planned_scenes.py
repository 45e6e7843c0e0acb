"""A plan's page: some of its scenes with their changes, and how all are spread."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jobs.enums import JSON
from jobs.numbers import parse_id
from syncapp.analysis.proposals import TextSpan
from syncapp.models import Change, Scene, SceneFile
from syncapp.models.keys import remote_id
from syncapp.queries.plan_facets import (
    PlanFacets,
    PlanFilter,
    counts_by_state,
    facets_of,
    read_cube,
)
from syncapp.queries.plans import PlanLine, plan_by_id, plans_by_ids

SCENES = 50  # of a page
MOST_PLANS = 5  # that are told of one scene
ALL = PlanFilter()
COLUMNS = (
    *("id", "scene_id", "field", "op", "entity_id", "value", "before_id", "before"),
    *("detector", "detector_version", "evidence_kind", "sentence", "spans"),
    *("more_evidence", "confidence", "level", "cause_key", "choice", "state"),
    *("decided_by__username", "decided_at", "objection", "image_before"),
    *("image_found", "written_at", "written_by_job"),
)
KeptImage = Mapping[str, JSON]  # within {"is": ...}


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """Why one detector proposed something."""

    detector: str
    version: int
    kind: str
    sentence: str
    spans: tuple[TextSpan, ...]
    confidence: float
    level: str


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A change of a plan, as it is shown."""

    change_id: int
    field: str
    op: str
    entity_id: int | None
    value: str
    before_id: int | None
    before: str
    evidence: tuple[ShownEvidence, ...]  # the surest first
    confidence: float
    level: str
    cause: str  # its key
    choice: str
    state: str
    decided_by: str
    decided_at: datetime | None
    objection: str
    image_before: KeptImage | None  # what the source held before it was written
    image_found: KeptImage | None  # what it held instead of what was expected, or meant
    written_at: datetime | None
    written_by_job: int | None


@dataclass(frozen=True, slots=True)
class PlannedScene:
    """A scene of a plan with those of its changes that match."""

    scene_id: int
    remote_id: int
    title: str
    is_gone: bool  # by now
    texts: Mapping[str, str]  # what spans point into, by `TextSpan.text`
    changes: tuple[PlannedChange, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    plan: PlanLine
    filters: PlanFilter
    facets: PlanFacets
    scenes: tuple[PlannedScene, ...]
    next: str  # where the following page begins; empty at the end


def plan_page(
    plan_id: int, filters: PlanFilter = ALL, *, after: str = ""
) -> PlanPage | None:
    """Return a page of a plan; None if it is not there. Nine queries at most."""
    cube = read_cube(plan_id)
    plan = plan_by_id(plan_id, counts_by_state(cube))
    if plan is None:
        return None
    scene_ids = _scene_ids(plan_id, filters, parse_id(after) or 0)
    shown = scene_ids[:SCENES]
    return PlanPage(
        plan=plan,
        filters=filters,
        facets=facets_of(plan_id, filters, cube),
        scenes=_scenes(plan_id, filters, shown),
        next=str(shown[-1]) if len(scene_ids) > SCENES else "",
    )


def changes_of_scene(
    scene_id: int, states: Collection[str] = ()
) -> tuple[tuple[PlanLine, PlannedScene], ...]:
    """Return what plans propose for one scene, the newest plan first.

    `states`: changes in these alone. Eight queries for any number of plans, one if
    there is none.
    """
    rows = Change.objects.filter(scene_id=scene_id)
    if states:
        rows = rows.filter(state__in=states)
    plan_ids = rows.order_by("-plan_id").values_list("plan_id", flat=True)
    shown = list(plan_ids.distinct()[:MOST_PLANS])
    if not shown:
        return ()
    changes: dict[int, list[PlannedChange]] = {}
    for row in (
        rows.filter(plan_id__in=shown).order_by("id").values("plan_id", *COLUMNS)
    ):
        changes.setdefault(row["plan_id"], []).append(_shown(row))
    (scene,) = _as_planned([scene_id], {})
    return tuple(
        (plan, replace(scene, changes=tuple(changes.get(plan.plan_id, ()))))
        for plan in plans_by_ids(shown)
    )


def _scene_ids(plan_id: int, filters: PlanFilter, after: int) -> list[int]:
    rows = Change.objects.filter(plan_id=plan_id, scene_id__gt=after)
    wanted = rows.filter(**filters.conditions()).order_by("scene_id")
    return list(wanted.values_list("scene_id", flat=True).distinct()[: SCENES + 1])


def _scenes(
    plan_id: int, filters: PlanFilter, scene_ids: Sequence[int]
) -> tuple[PlannedScene, ...]:
    rows = Change.objects.filter(plan_id=plan_id, scene_id__in=scene_ids)
    changes: dict[int, list[PlannedChange]] = {}
    for row in rows.filter(**filters.conditions()).order_by("id").values(*COLUMNS):
        changes.setdefault(row["scene_id"], []).append(_shown(row))
    return _as_planned(scene_ids, changes)


def _as_planned(
    scene_ids: Sequence[int], changes: Mapping[int, Sequence[PlannedChange]]
) -> tuple[PlannedScene, ...]:
    live = _live(scene_ids)
    texts = _texts(scene_ids, live)
    return tuple(
        PlannedScene(
            scene_id=key,
            remote_id=remote_id(key),
            title=live[key]["title"] if key in live else "",
            is_gone=key not in live,
            texts=texts.get(key, {}),
            changes=tuple(changes.get(key, ())),
        )
        for key in scene_ids
    )


def _live(scene_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = Scene.objects.filter(id__in=scene_ids, deleted_at=None)
    return {row["id"]: row for row in rows.values("id", "title", "details")}


def _texts(
    scene_ids: Sequence[int], live: Mapping[int, Mapping[str, Any]]
) -> dict[int, dict[str, str]]:
    """Return each text that a span may point into, by the name that a span uses."""
    found: dict[int, dict[str, str]] = {
        key: {"title": row["title"], "details": row["details"]}
        for key, row in live.items()
    }
    files = SceneFile.objects.filter(scene_id__in=scene_ids)
    places: dict[int, int] = {}
    ordered = files.order_by("scene_id", "position")
    for key, path in ordered.values_list("scene_id", "path"):
        place = places.get(key, 0)
        places[key] = place + 1
        found.setdefault(key, {})[f"path:{place}" if place else "path"] = path
    return found


def _shown(row: Mapping[str, Any]) -> PlannedChange:
    return PlannedChange(
        change_id=row["id"],
        field=row["field"],
        op=row["op"],
        entity_id=row["entity_id"],
        value=row["value"],
        before_id=row["before_id"],
        before=row["before"],
        evidence=tuple(map(_evidence, _told(row))),
        confidence=row["confidence"],
        level=row["level"],
        cause=row["cause_key"],
        choice=row["choice"],
        state=row["state"],
        decided_by=row["decided_by__username"] or "",
        decided_at=row["decided_at"],
        objection=row["objection"],
        image_before=row["image_before"],
        image_found=row["image_found"],
        written_at=row["written_at"],
        written_by_job=row["written_by_job"],
    )


def _told(row: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield row
    yield from row["more_evidence"]


def _evidence(told: Mapping[str, Any]) -> ShownEvidence:
    return ShownEvidence(
        detector=told["detector"],
        version=told["detector_version"],
        kind=told["evidence_kind"],
        sentence=told["sentence"],
        spans=tuple(TextSpan(*span) for span in told["spans"]),
        confidence=told["confidence"],
        level=told["level"],
    )
