"""Accepts by itself what is certain, as far as a person allowed it, and no further.

What is accepted so moves from the plans of analyses to a plan of its own: an apply
writes all that is accepted of its plan, and what people accept in theirs waits for
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count as CountRows
from django.db.models import Exists, OuterRef, QuerySet

from syncapp.filters.number_list import number_list
from syncapp.models import AutomaticApply, Change, Plan, Scene, Source
from syncapp.models.change_states import CAN_BE_UNDONE, TO_WRITE, ChangeState
from syncapp.models.plans import NAME, PlanKind, Scope
from syncapp.sync.reporter import Reporter

MOST_WRONG = 0.02  # of what was accepted by itself; more stops it
A_DAY = timedelta(days=1)
CERTAIN = "certain"
# The source or a person said no to it: it is not accepted by itself again.
TURNED_DOWN = (ChangeState.CONFLICT, ChangeState.UNDONE, ChangeState.REJECTED)


class AutomaticStopped(Exception):
    """Nothing is accepted by itself; a person has to look. The message says why."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class DetectorRecord:
    """What became of what one detector proposed and nobody looked at."""

    detector: str
    written: int = 0  # and left so
    conflicts: int = 0
    undone: int = 0

    @property
    def ended(self) -> int:
        return self.written + self.conflicts + self.undone

    @property
    def wrong(self) -> int:
        return self.conflicts + self.undone

    @property
    def is_alarming(self) -> bool:
        return self.wrong > MOST_WRONG * self.ended


def records_since(source_id: int, since: datetime) -> tuple[DetectorRecord, ...]:
    """Return what became of what was accepted by itself since, by detector."""
    rows = _accepted_by_itself(source_id, since).order_by("detector")
    grouped = rows.values_list("detector", "state").annotate(number=CountRows("*"))
    found: dict[str, dict[str, int]] = {}
    for detector, state, number in grouped:
        found.setdefault(detector, {})[state] = number
    return tuple(
        DetectorRecord(
            detector,
            written=sum(counts.get(state, 0) for state in CAN_BE_UNDONE),
            conflicts=counts.get(ChangeState.CONFLICT, 0),
            undone=counts.get(ChangeState.UNDONE, 0),
        )
        for detector, counts in found.items()
    )


def accepted_today(source_id: int, now: datetime) -> int:
    """Return how many changes were accepted by itself within the last day."""
    return _accepted_by_itself(source_id, now - A_DAY).count()


def _accepted_by_itself(source_id: int, since: datetime) -> "QuerySet[Change, Change]":
    return Change.objects.filter(
        plan__source_id=source_id,
        plan__kind=PlanKind.AUTOMATIC,
        decided_at__gte=since,
    )


def accept_certain(reporter: Reporter, source_id: int) -> dict[str, Any]:
    """Accept what is certain and allowed; returns counts, and the plan if there is one.

    One transaction: a run that is repeated finds the plan that it made.

    Raises AutomaticStopped.
    """
    made = Plan.objects.filter(
        job_id=reporter.job_id, job_id__isnull=False, kind=PlanKind.AUTOMATIC
    )
    if plan_id := made.values_list("pk", flat=True).first():
        to_write = Change.objects.filter(plan_id=plan_id, state__in=TO_WRITE)
        return _result(plan_id, to_write.count())
    with reporter.atomic():
        rows = AutomaticApply.objects.select_for_update().filter(pk=source_id)
        allowed = rows.first()
        if allowed is None:
            reporter.log("info", "automatic_off", "Nothing is allowed: it is off.")
            return {}
        _check(allowed)
        now = datetime.now(UTC)
        left = allowed.daily_limit - accepted_today(source_id, now)
        certain = certain_changes(source_id, allowed.detectors)
        held = certain.select_for_update(of=("self",)).order_by("scene_id", "id")
        chosen = list(held.values_list("pk", flat=True)[: max(left, 0)])
        if not chosen:
            return _nothing(reporter, is_full=left <= 0)
        plan_id = _move(chosen, allowed, reporter.job_id, now)
    return _result(plan_id, len(chosen))


def certain_changes(
    source_id: int, detectors: Sequence[str]
) -> "QuerySet[Change, Change]":
    """Return what may be accepted by itself, of the plans that analyses made.

    Not what is one of several, what is to be created first, or what stands in a plan
    older than the scene is by now; not where a newer plan says anything of this field,
    nor what was once undone, rejected or in conflict.
    """
    of_scene = Change.objects.filter(
        scene_id=OuterRef("scene_id"), field=OuterRef("field")
    )
    same = of_scene.filter(
        op=OuterRef("op"), value_key=OuterRef("value_key"), state__in=TURNED_DOWN
    )
    as_it_was = Scene.objects.filter(
        pk=OuterRef("scene_id"),
        deleted_at__isnull=True,
        synced_at__lte=OuterRef("plan__created_at"),
    )
    return Change.objects.filter(
        Exists(as_it_was),
        ~Exists(of_scene.filter(plan_id__gt=OuterRef("plan_id"))),
        ~Exists(same),
        plan__source_id=source_id,
        plan__kind=PlanKind.ANALYSIS,
        state=ChangeState.PROPOSED,
        level=CERTAIN,
        detector__in=list(detectors),
        choice="",
        creation=None,
    )


def _check(allowed: AutomaticApply) -> None:
    """Raise AutomaticStopped where what a person allowed holds no more."""
    if Source.objects.filter(pk=allowed.source_id, read_only=True).exists():
        msg = (
            "This source is read only: nothing is accepted by itself. Allow writing on "
            "the source's page, or switch automatic apply off."
        )
        raise AutomaticStopped(msg, code="read_only")
    person = allowed.allowed_by
    if person is not None and not person.has_perm("syncapp.apply_plan"):
        msg = (
            f"{person.get_username()} allowed automatic apply, and may not apply plans "
            "any more. Nothing was accepted: somebody who may has to allow it anew."
        )
        raise AutomaticStopped(msg, code="not_allowed")
    wrong = [
        r for r in records_since(allowed.source_id, allowed.allowed_at) if r.is_alarming
    ]
    if wrong:
        told = "; ".join(
            f"{r.detector}: {r.undone:,} undone and {r.conflicts:,} in conflict of "
            f"{r.ended:,}"
            for r in wrong
        )
        msg = (
            f"Automatic apply has stopped: more than {MOST_WRONG:.0%} of what it did "
            f"was wrong ({told}). Nothing more was accepted. Look at its plans, then "
            "allow it again on its page, with fewer detectors or as it was."
        )
        raise AutomaticStopped(msg, code="alarm")


def _move(
    change_ids: Sequence[int],
    allowed: AutomaticApply,
    job_id: int | None,
    now: datetime,
) -> int:
    """Accept these, which are held, in a plan of their own."""
    rows = Change.objects.filter(id__in=number_list(change_ids))
    versions = rows.order_by().values_list("detector", "detector_version").distinct()
    detectors = dict(sorted(versions))
    plan = Plan.objects.create(
        source_id=allowed.source_id,
        name=f"Automatic apply of {', '.join(detectors)}"[:NAME],
        kind=PlanKind.AUTOMATIC,
        scope=Scope.UNANALYSED,
        detectors=detectors,
        job_id=job_id,
        by_id=allowed.allowed_by_id,
        created_at=now,
    )
    rows.update(plan=plan, state=ChangeState.ACCEPTED, decided_by=None, decided_at=now)
    return plan.pk


def _nothing(reporter: Reporter, *, is_full: bool) -> dict[str, Any]:
    said = "Nothing that is allowed is certain and undecided."
    if is_full:
        said = "As many as a day allows are accepted already: the rest waits."
    reporter.log("info", "nothing_accepted", said)
    return {}


def _result(plan_id: int, accepted: int) -> dict[str, Any]:
    return {"plan": plan_id, "changes": {"accepted": accepted}}
