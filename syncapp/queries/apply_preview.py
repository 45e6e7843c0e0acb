"""What an apply of a plan would do: counts for its page, and the very mutations."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from django.db.models import Count as CountRows

from jobs.queries import JobCard, latest_jobs
from syncapp.applying.dry_run import ForeseenScene, foreseen_scenes
from syncapp.applying.forecast import GONE, forecast
from syncapp.applying.intents import ChangeVerdict
from syncapp.models import Change, Creation, Source
from syncapp.models.change_states import TO_WRITE, ChangeState
from syncapp.models.field_words import shown_field
from syncapp.queries.plan_creations import WORDS as CREATION_WORDS
from syncapp.queries.plans import PlanLine, plan_by_id
from syncapp.stash.scene_writing import WRITE_SCENE

APPLY_KIND = "plan.apply"
SCENES = 50  # of a page of mutations


@dataclass(frozen=True, slots=True)
class MeantCount:
    """How many accepted changes do one thing to one field."""

    field: str
    op: str
    count: int

    @property
    def words(self) -> str:
        return f"{self.op} {shown_field(self.field)}"


@dataclass(frozen=True, slots=True)
class MeantCreation:
    """What is made at the source, or taken away from it, before scenes are written."""

    kind: str
    op: str  # create, remove
    name: str

    @property
    def words(self) -> str:
        return f"{CREATION_WORDS[self.op]} {self.kind}"


@dataclass(frozen=True, slots=True)
class ApplyPreview:
    """All that is asked about before a plan is applied; by the mirror."""

    plan: PlanLine
    is_read_only: bool
    counts: tuple[MeantCount, ...]
    creations: tuple[MeantCreation, ...]
    scenes: int
    conflicts: int  # the mirror holds something else than was expected
    skipped: int  # the mirror holds what is meant
    gone: int  # of scenes that the mirror lacks
    job: JobCard | None  # the apply of it that is queued or running

    @property
    def total(self) -> int:
        return sum(each.count for each in self.counts)

    @property
    def is_possible(self) -> bool:
        has_work = bool(self.counts or self.creations)
        return has_work and not self.is_read_only and self.job is None


@dataclass(frozen=True, slots=True)
class DryRunScene:
    """The writes of one scene as texts."""

    scene_id: int
    remote_id: int
    texts: tuple[str, ...]  # the variables of each write, as JSON
    verdicts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DryRunPage:
    """Some of the mutations that an apply would send."""

    plan: PlanLine
    document: str  # the same for every write
    scenes: tuple[DryRunScene, ...]
    next: str  # where the following page begins; empty at the end


def apply_preview(plan_id: int) -> ApplyPreview | None:
    """Return what an apply would do; None if the plan is not there."""
    plan = plan_by_id(plan_id)
    if plan is None:
        return None
    rows = Change.objects.filter(plan_id=plan_id, state__in=TO_WRITE).order_by()
    grouped = rows.values_list("field", "op").annotate(number=CountRows("*"))
    foreseen = forecast(rows.filter(state=ChangeState.ACCEPTED))
    return ApplyPreview(
        plan=plan,
        is_read_only=Source.objects.filter(pk=plan.source_id, read_only=True).exists(),
        counts=tuple(MeantCount(*row) for row in sorted(grouped)),
        creations=_creations(plan_id),
        scenes=rows.values("scene_id").distinct().count(),
        conflicts=foreseen.get(ChangeVerdict.CONFLICT, 0),
        skipped=foreseen.get(ChangeVerdict.SKIP, 0),
        gone=foreseen.get(GONE, 0),
        job=active_apply(plan_id),
    )


def dry_run_page(plan_id: int, after: int = 0) -> DryRunPage | None:
    """Return some of an apply's mutations; None if the plan is not there."""
    plan = plan_by_id(plan_id)
    if plan is None:
        return None
    found = list(islice(foreseen_scenes(plan_id, after), SCENES + 1))
    shown = tuple(map(_as_texts, found[:SCENES]))
    following = str(shown[-1].scene_id) if len(found) > SCENES else ""
    return DryRunPage(plan, WRITE_SCENE, shown, following)


def _as_texts(scene: ForeseenScene) -> DryRunScene:
    texts = tuple(json.dumps(each, ensure_ascii=False) for each in scene.writes)
    return DryRunScene(scene.scene_id, scene.remote_id, texts, scene.verdicts)


def latest_apply(plan_id: int) -> JobCard | None:
    """Return the last job that was asked to apply this plan, if it is known still."""
    return next(iter(latest_jobs(APPLY_KIND, {"plan_id": plan_id}, limit=1)), None)


def active_apply(plan_id: int) -> JobCard | None:
    """Return the job that applies this plan, or waits to."""
    job = latest_apply(plan_id)
    return job if job is not None and job.is_active else None


def _creations(plan_id: int) -> tuple[MeantCreation, ...]:
    rows = Creation.objects.filter(plan_id=plan_id, state__in=TO_WRITE)
    named = rows.order_by("op", "kind", "name").values_list("kind", "op", "name")
    return tuple(MeantCreation(*row) for row in named)
