"""A plan's page as a person reads it: old and new, why, and what is outdated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count as CountRows

from syncapp.editing.steps import shown_field, shown_value
from syncapp.models import Change
from syncapp.models.change_states import ChangeState
from syncapp.queries.marked import MarkedText, marked_texts
from syncapp.queries.plan_facets import (
    PlanFacets,
    PlanFilter,
    counts_by_state,
    facets_of,
    read_cube,
)
from syncapp.queries.plan_now import ENTITY_PAGES, PlanNow, plan_now
from syncapp.queries.plan_overview import PlanScopes, plan_scopes
from syncapp.queries.plan_words import (
    REACH_WORDS,
    detector_words,
    level_words,
    sureness,
)
from syncapp.queries.planned_scenes import (
    PlannedChange,
    PlannedScene,
    ShownEvidence,
    plan_page,
)
from syncapp.queries.plans import PlanLine, plan_by_id

# In these nothing was written yet, so what is there now still counts.
UNDECIDED = (ChangeState.PROPOSED, ChangeState.ACCEPTED, ChangeState.CONFLICT)
ALL = PlanFilter()


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value of a field, and the page of what it names."""

    text: str
    row_id: int | None = None  # None: a text, or not in the mirror
    page: str = ""  # the address' name
    name_now: str = ""  # where it is called otherwise by now


@dataclass(frozen=True, slots=True)
class ReadEvidence:
    detector: str
    sentence: str
    texts: tuple[MarkedText, ...]


@dataclass(frozen=True, slots=True)
class Outdated:
    """How a scene differs by now from what a change was made of."""

    words: str
    now: str = ""  # what it has instead


@dataclass(frozen=True, slots=True)
class ReadChange:
    """A change, and how it stands to what is there now."""

    change_id: int
    field: str
    field_words: str
    op: str
    before: NamedValue | None  # None: nothing was there
    value: NamedValue
    level: str
    level_words: str
    sureness: str
    evidence: tuple[ReadEvidence, ...]  # the surest first
    outdated: Outdated | None  # None: nothing changed since
    dismissed: tuple[str, ...]  # how far, in words
    state: str
    decided_by: str
    decided_at: datetime | None
    objection: str


@dataclass(frozen=True, slots=True)
class ReadGroup:
    """A change by itself, or alternatives of which one can be taken."""

    changes: tuple[ReadChange, ...]  # the surest first
    is_choice: bool
    hidden: int  # alternatives that the filter leaves out


@dataclass(frozen=True, slots=True)
class ReadScene:
    scene_id: int
    title: str
    is_gone: bool
    in_stash: str  # the address of its page there; empty if there is none
    groups: tuple[ReadGroup, ...]


@dataclass(frozen=True, slots=True)
class PlanReading:
    plan: PlanLine
    filters: PlanFilter
    facets: PlanFacets
    scopes: PlanScopes
    scenes: tuple[ReadScene, ...]
    next: str  # where the following page begins; empty at the end


def read_plan(
    plan_id: int, filters: PlanFilter = ALL, *, after: str = ""
) -> PlanReading | None:
    """Return a page of a plan; None if it is not there. 21 queries at most."""
    page = plan_page(plan_id, filters, after=after)
    if page is None:
        return None
    now = plan_now(page.plan.source_id, page.scenes)
    sizes = _choice_sizes(plan_id, page.scenes)
    return PlanReading(
        plan=page.plan,
        filters=page.filters,
        facets=page.facets,
        scopes=plan_scopes([page.plan], {page.plan.source_id: page.plan.source}),
        scenes=tuple(_scene(each, now, sizes) for each in page.scenes),
        next=page.next,
    )


def _choice_sizes(
    plan_id: int, scenes: Sequence[PlannedScene]
) -> dict[tuple[int, str], int]:
    """Return how many alternatives each choice has, by scene and choice."""
    choices = {each.choice for scene in scenes for each in scene.changes} - {""}
    ids = [scene.scene_id for scene in scenes]
    rows = Change.objects.filter(plan_id=plan_id, scene_id__in=ids, choice__in=choices)
    grouped = rows.order_by().values_list("scene_id", "choice")
    counted = grouped.annotate(number=CountRows("*"))
    return {(scene_id, choice): number for scene_id, choice, number in counted}


def _scene(
    scene: PlannedScene, now: PlanNow, sizes: Mapping[tuple[int, str], int]
) -> ReadScene:
    there = now.scenes.get(scene.scene_id)
    groups = []
    for changes in _grouped(scene.changes):
        choice = changes[0].choice
        size = sizes.get((scene.scene_id, choice), 0) if choice else 1
        groups.append(
            ReadGroup(
                changes=tuple(_change(each, scene, now) for each in changes),
                is_choice=size > 1,
                hidden=max(0, size - len(changes)),
            )
        )
    return ReadScene(
        scene_id=scene.scene_id,
        title=_title(scene),
        is_gone=scene.is_gone,
        in_stash=there.in_stash if there else "",
        groups=tuple(groups),
    )


def _title(scene: PlannedScene) -> str:
    """Return what lists call it: without a title, by its first file's name."""
    path = scene.texts.get("path", "").replace("\\", "/")
    return scene.title or path.rpartition("/")[2] or "Untitled"


def _grouped(changes: Sequence[PlannedChange]) -> list[list[PlannedChange]]:
    """Put what excludes each other together, where the first of them stands."""
    groups: dict[str, list[PlannedChange]] = {}
    for change in changes:
        groups.setdefault(change.choice or f"\0{change.change_id}", []).append(change)
    return [sorted(each, key=lambda c: -c.confidence) for each in groups.values()]


def _change(change: PlannedChange, scene: PlannedScene, now: PlanNow) -> ReadChange:
    reaches = now.reaches(scene.scene_id, change)
    return ReadChange(
        change_id=change.change_id,
        field=change.field,
        field_words=shown_field(change.field),
        op=change.op,
        before=_before(change, now),
        value=_value(change.field, change.value, change.entity_id, now),
        level=change.level,
        level_words=level_words(change.level),
        sureness=sureness(change.confidence, change.evidence[0].detector),
        evidence=tuple(_evidence(each, scene) for each in change.evidence),
        outdated=_outdated(change, scene.scene_id, now),
        dismissed=tuple(REACH_WORDS[each.value] for each in reaches),
        state=change.state,
        decided_by=change.decided_by,
        decided_at=change.decided_at,
        objection=change.objection,
    )


def _evidence(told: ShownEvidence, scene: PlannedScene) -> ReadEvidence:
    return ReadEvidence(
        detector=detector_words(told.detector),
        sentence=told.sentence,
        texts=marked_texts(scene.texts, told.spans),
    )


def _before(change: PlannedChange, now: PlanNow) -> NamedValue | None:
    if change.before_id is None and not change.before:
        return None
    return _value(change.field, change.before, change.before_id, now)


def _value(field: str, text: str, row_id: int | None, now: PlanNow) -> NamedValue:
    if row_id is None:
        return NamedValue(shown_value(field, text))
    name = now.names.get((field, row_id))
    if name is None:
        return NamedValue(text or f"{field} {row_id}")
    # What was kept may end with what tells performers apart: "Ida Berg (painter)".
    same = text == name or text.startswith(f"{name} (")
    return NamedValue(
        text=text or name,
        row_id=row_id,
        page=ENTITY_PAGES[field],
        name_now="" if same or not text else name,
    )


def _outdated(change: PlannedChange, scene_id: int, now: PlanNow) -> Outdated | None:
    """Return how what is there now differs from what the change was made of."""
    there = now.scenes.get(scene_id)
    if there is None or change.state not in UNDECIDED:
        return None
    if change.op != "set":
        has_it = (scene_id, change.entity_id) in now.links[change.field]
        return _list_differs(change, has_it=has_it)
    if change.field == "studio":
        return _differs(
            now=there.studio,
            same=there.studio_id == change.before_id,
            # What is to be made has no id yet, and no scene has it.
            done=there.studio_id == change.entity_id
            and (change.entity_id is not None or not change.value),
        )
    text = there.texts[change.field].strip()
    same, done = text == change.before.strip(), text == change.value.strip()
    return _differs(now=shown_value(change.field, text), same=same, done=done)


def _list_differs(change: PlannedChange, *, has_it: bool) -> Outdated | None:
    if change.op == "add":
        return Outdated("The scene has it already.") if has_it else None
    return None if has_it else Outdated("The scene does not have it any more.")


def _differs(*, now: str, same: bool, done: bool) -> Outdated | None:
    if same:
        return None
    if done:
        return Outdated("The scene has this value already.")
    return Outdated(
        "The scene has another value now:" if now else "The scene has none now.", now
    )


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A plan without its scenes, and how its changes are spread."""

    plan: PlanLine
    facets: PlanFacets


def plan_head(plan_id: int) -> PlanHead | None:
    """Return what a plan is; None if it is not there. Five queries."""
    cube = read_cube(plan_id)
    plan = plan_by_id(plan_id, counts_by_state(cube))
    return None if plan is None else PlanHead(plan, facets_of(plan_id, ALL, cube))
