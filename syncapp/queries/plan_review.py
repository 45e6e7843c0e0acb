"""A plan's page as a person reads it: old and new, why, and what is outdated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count as CountRows

from jobs.queries import JobCard
from syncapp.models import Change
from syncapp.models.change_states import CAN_BE_UNDONE, TO_WRITE, ChangeState
from syncapp.models.field_words import shown_field, shown_value
from syncapp.models.keys import source_of
from syncapp.queries.apply_preview import latest_apply
from syncapp.queries.deciding import (
    DECISIONS,
    LastDecision,
    as_seen,
    last_decision,
)
from syncapp.queries.edit_choices import is_editable
from syncapp.queries.marked import MarkedText, marked_texts
from syncapp.queries.outcomes import ENDED, ReadOutcome, read_outcome
from syncapp.queries.plan_creations import PlannedCreation, plan_creations
from syncapp.queries.plan_facets import (
    PlanFacets,
    PlanFilter,
    counts_by_state,
    facets_of,
    read_cube,
)
from syncapp.queries.plan_now import NamedValue, PlanNow, named_value, plan_now
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
    changes_of_scene,
    plan_page,
)
from syncapp.queries.plans import PlanLine, plan_by_id
from syncapp.queries.word_diff import DiffPiece, word_diff

# In these nothing was written yet, so what is there now still counts.
UNDECIDED = (ChangeState.PROPOSED, ChangeState.ACCEPTED, ChangeState.CONFLICT)
ALL = PlanFilter()
LONG_TEXTS = ("title", "details")  # are compared word by word


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
    diff: tuple[DiffPiece, ...]  # old and new, word by word; empty: it says nothing
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
    seen: str  # what a decision on this page names: the change, and as what it is seen
    outcome: ReadOutcome | None = None  # None: nothing became of it yet

    @property
    def may_accept(self) -> bool:
        return self.state in DECISIONS[ChangeState.ACCEPTED]

    @property
    def may_reject(self) -> bool:
        return self.state in DECISIONS[ChangeState.REJECTED]

    @property
    def may_put_back(self) -> bool:
        return self.state in DECISIONS[ChangeState.PROPOSED]

    @property
    def may_edit(self) -> bool:
        return is_editable(self.field, self.op, self.state)

    @property
    def can_be_undone(self) -> bool:
        return self.state in CAN_BE_UNDONE


@dataclass(frozen=True, slots=True)
class ReadGroup:
    """A change by itself, or alternatives of which one can be taken."""

    changes: tuple[ReadChange, ...]  # the surest first
    is_choice: bool
    hidden: int  # alternatives that the filter leaves out

    @property
    def radio(self) -> str:
        """Return what the form calls the alternative that was chosen of these."""
        return f"choice.{self.changes[0].change_id}"

    @property
    def may_choose(self) -> bool:
        return any(each.may_accept for each in self.changes)

    @property
    def seen(self) -> str:
        """Return all that can be rejected, as a decision names it."""
        return " ".join(each.seen for each in self.changes if each.may_reject)


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
    last_decision: LastDecision | None  # of the person who looks
    creations: tuple[PlannedCreation, ...]
    apply_job: JobCard | None = None  # the last that was asked to apply it

    @property
    def has_unwritten(self) -> bool:
        """Whether something is accepted, and so waits for an apply."""
        states = {*self.plan.counts, *(each.state for each in self.creations)}
        return not states.isdisjoint(TO_WRITE)


def read_plan(
    plan_id: int,
    filters: PlanFilter = ALL,
    *,
    after: str = "",
    user_id: int | None = None,
) -> PlanReading | None:
    """Return a page of a plan; None if it is not there. 27 queries at most.

    `user_id`: of who may take back what they decided last.
    """
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
        last_decision=last_decision(plan_id, user_id) if user_id else None,
        creations=plan_creations(plan_id),
        apply_job=latest_apply(plan_id),
    )


@dataclass(frozen=True, slots=True)
class PlanOfScene:
    """What one plan changed in a scene, or was to change."""

    plan: PlanLine
    changes: tuple[ReadChange, ...]


def plans_of_scene(scene_id: int) -> tuple[PlanOfScene, ...]:
    """Return what plans did in a scene, the newest first; one query if none did."""
    found = changes_of_scene(scene_id, ENDED)
    if not found:
        return ()
    every = tuple(change for _, scene in found for change in scene.changes)
    now = plan_now(source_of(scene_id), [replace(found[0][1], changes=every)])
    return tuple(
        PlanOfScene(plan, tuple(_change(each, scene, now) for each in scene.changes))
        for plan, scene in found
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
        value=named_value(change.field, change.value, change.entity_id, now),
        diff=_diff(change),
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
        seen=f"{change.change_id}.{_as_seen(change)}",
        outcome=read_outcome(change, source_of(scene.scene_id), now),
    )


def _as_seen(change: PlannedChange) -> str:
    return as_seen(change.state, change.objection, change.image_found)


def _evidence(told: ShownEvidence, scene: PlannedScene) -> ReadEvidence:
    return ReadEvidence(
        detector=detector_words(told.detector),
        sentence=told.sentence,
        texts=marked_texts(scene.texts, told.spans),
    )


def _diff(change: PlannedChange) -> tuple[DiffPiece, ...]:
    if change.field not in LONG_TEXTS or not change.before:
        return ()
    return word_diff(change.before, change.value)


def _before(change: PlannedChange, now: PlanNow) -> NamedValue | None:
    if change.before_id is None and not change.before:
        return None
    return named_value(change.field, change.before, change.before_id, now)


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
    text = there.texts.get(change.field, "").strip()
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
