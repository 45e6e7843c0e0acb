"""Makes the plan that takes back what another wrote: from the images, scene by scene.

What is proposed is reviewed and applied as in any plan, so it can be taken back itself.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from syncapp.applying.made_again import offer_again
from syncapp.applying.removals import offer_removals
from syncapp.applying.undo_page import (
    COLUMNS,
    ORIGIN,
    VERSION,
    UndoPage,
    UndoRequest,
)
from syncapp.models import Change, Plan
from syncapp.models.change_states import CAN_BE_UNDONE
from syncapp.models.field_words import shown_field
from syncapp.models.plans import NAME, PlanKind, Scope
from syncapp.sync.reporter import Reporter
from syncapp.sync.statements import execute, upsert

PHASE = "changes"
SCENES = 200  # of one transaction


@dataclass(frozen=True, slots=True)
class UndoTally:
    """How far a run is; all that its checkpoint keeps."""

    after: int = 0  # a scene's row id
    plan: int = 0  # 0: there was nothing to take back yet
    proposed: int = 0
    pending: int = 0  # another plan proposes to take it back, and is not applied
    as_before: int = 0
    removals: int = 0
    again: int = 0  # to be made again

    def result(self) -> dict[str, Any]:
        """Return it as a job's result tells it."""
        left_out = {
            "undone in another plan, not applied yet": self.pending,
            "as before already": self.as_before,
        }
        created = {
            "offered for removal": self.removals,
            "offered to be made again": self.again,
        }
        told = {
            "changes": {"proposed": self.proposed},
            "left out": {name: n for name, n in left_out.items() if n},
            "created": {name: n for name, n in created.items() if n},
        }
        named = {"plan": self.plan} if self.plan else {}
        return named | {name: counts for name, counts in told.items() if counts}


@dataclass(slots=True)
class UndoRun:
    """One run that makes such a plan."""

    reporter: Reporter
    request: UndoRequest
    tally: UndoTally
    name: str  # of the plan that is taken back
    total: int = field(default=0)

    def run(self) -> dict[str, Any]:
        self.total = self._wanted().count()
        self._keep_plan()
        self._tell()
        while scene_ids := self._next_scenes():
            self.reporter.check()
            self._take_back(scene_ids)
        if self.request.is_whole:
            self._offer_creations()
        if not self.tally.plan:
            self.reporter.log(
                "info",
                "nothing_to_undo",
                "Nothing of it is to be taken back: no plan was made.",
            )
        return self.tally.result()

    def _wanted(self) -> Any:
        rows = Change.objects.filter(**self.request.conditions())
        return rows.filter(state__in=CAN_BE_UNDONE)

    def _next_scenes(self) -> list[int]:
        behind = self._wanted().filter(scene_id__gt=self.tally.after)
        ordered = behind.order_by("scene_id").values_list("scene_id", flat=True)
        return list(ordered.distinct()[:SCENES])

    def _take_back(self, scene_ids: Sequence[int]) -> None:
        """Propose to take back what was written in these; all of it or nothing."""
        rows = self._wanted().filter(scene_id__in=scene_ids)
        ordered = rows.order_by("written_at", "id")
        page = UndoPage(self.request, self.name, list(ordered.values(*ORIGIN)))
        made = page.changes()
        now = self.tally
        after = replace(
            now,
            after=scene_ids[-1],
            proposed=now.proposed + len(made),
            pending=now.pending + len(page.pending),
            as_before=now.as_before + page.as_before,
        )
        with self.reporter.atomic():
            if made:
                after = replace(after, plan=self._plan())
                rows = [(after.plan, *row) for row in made]
                execute(upsert(Change, COLUMNS, rows, kept=COLUMNS))
            self.reporter.checkpoint(asdict(after), (after.after,))
        self.tally = after
        self._tell()

    def _offer_creations(self) -> None:
        """Offer to take away what the plan made, and to make what it took away."""
        with self.reporter.atomic():
            removals = offer_removals(self.request.plan_id, self._plan)
            again = offer_again(self.request.plan_id, self._plan)
            self.tally = replace(self.tally, removals=removals, again=again)
            self.reporter.checkpoint(asdict(self.tally))

    def _plan(self) -> int:
        if self.tally.plan:
            return self.tally.plan
        plan = Plan.objects.create(
            source_id=self.request.source_id,
            name=f"Undo of {_part(self.request)}{self.name}"[:NAME],
            kind=PlanKind.UNDO,
            scope=Scope.CHOSEN,
            detectors={"undo": VERSION},
            undoes_id=self.request.plan_id,
            job_id=self.reporter.job_id,
            by_id=self.request.by,
            created_at=datetime.now(UTC),
        )
        self.tally = replace(self.tally, plan=plan.pk)
        return plan.pk

    def _keep_plan(self) -> None:
        """Make the plan of an interrupted run this one's; without it begin anew."""
        if not self.tally.plan:
            return
        with self.reporter.atomic():
            rows = Plan.objects.filter(pk=self.tally.plan)
            if not rows.update(job_id=self.reporter.job_id):
                self.tally = UndoTally()

    def _tell(self) -> None:
        now = self.tally
        done = now.proposed + now.pending + now.as_before
        self.reporter.progress(PHASE, done, max(self.total, done))
        self.reporter.counted(now.result())


def make_undo(reporter: Reporter, request: UndoRequest) -> dict[str, Any]:
    """Make a plan that takes back what of another was written; returns counts.

    A run that was interrupted goes on where its checkpoint says.
    """
    names = Plan.objects.filter(pk=request.plan_id).values_list("name", flat=True)
    tally = UndoTally(**dict(reporter.resume_from or {}))
    return UndoRun(reporter, request, tally, names.first() or "").run()


def _part(request: UndoRequest) -> str:
    if request.field:
        return f"{shown_field(request.field)} of "
    if request.change_id:
        return "one change of "
    return "one reason of " if request.cause else ""
