"""Plans with how far they are: the list of them, and the head of one's page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count as CountRows

from jobs.numbers import parse_id
from jobs.queries import titles_of
from syncapp.models import Change, Plan, Source
from syncapp.models.change_states import ChangeState, PlanState, plan_state
from syncapp.models.plans import PlanKind, Scope

PLANS = 25  # of a page
COLUMNS = (
    *("id", "source_id", "source__name", "name", "kind", "scope", "query"),
    *("detectors", "options", "undoes_id", "job_id", "by__username", "created_at"),
)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan, and how many of its changes are in which state."""

    plan_id: int
    source_id: int
    source: str
    name: str
    kind: str
    scope: str
    query: str  # of the filter that found its scenes, as an address names it
    detectors: Mapping[str, int]  # versions by name
    options: tuple[str, ...]
    undoes: int | None
    job_id: int | None
    job: str  # its title; empty if it was cleared away
    by: str
    created_at: datetime
    counts: Mapping[ChangeState, int]  # of those that there are

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def state(self) -> PlanState:
        return plan_state(self.counts)

    @property
    def kind_words(self) -> str:
        return str(PlanKind(self.kind).label)

    @property
    def scope_words(self) -> str:
        return str(Scope(self.scope).label)


@dataclass(frozen=True, slots=True)
class PlansPage:
    """Plans, the newest first; `next` begins the following page, empty at the end."""

    plans: tuple[PlanLine, ...]
    next: str
    sources: Mapping[int, str]


def list_plans(source_id: int | None = None, *, after: str = "") -> PlansPage:
    """Return a page of plans; four queries."""
    rows = Plan.objects.order_by("-id")
    if source_id is not None:
        rows = rows.filter(source_id=source_id)
    if (place := parse_id(after)) is not None:
        rows = rows.filter(id__lt=place)
    found = list(rows.values(*COLUMNS)[: PLANS + 1])
    lines = _lines(found[:PLANS])
    following = str(lines[-1].plan_id) if len(found) > PLANS else ""
    return PlansPage(lines, following, dict(Source.objects.values_list("id", "name")))


def plan_by_id(
    plan_id: int, counts: Mapping[ChangeState, int] | None = None
) -> PlanLine | None:
    """Return a plan; None if it is not there. Three queries, or two with `counts`."""
    rows = Plan.objects.filter(pk=plan_id).values(*COLUMNS)
    lines = _lines(rows, None if counts is None else {plan_id: counts})
    return lines[0] if lines else None


def plans_by_ids(plan_ids: Iterable[int]) -> tuple[PlanLine, ...]:
    """Return those of these plans that are there, the newest first; three queries."""
    rows = Plan.objects.filter(pk__in=list(plan_ids)).order_by("-id")
    return _lines(rows.values(*COLUMNS))


def _lines(
    rows: Iterable[Mapping[str, Any]],
    counts: Mapping[int, Mapping[ChangeState, int]] | None = None,
) -> tuple[PlanLine, ...]:
    found = list(rows)
    if counts is None:
        counts = _counts([row["id"] for row in found])
    titles = titles_of(row["job_id"] for row in found if row["job_id"])
    return tuple(
        PlanLine(
            plan_id=row["id"],
            source_id=row["source_id"],
            source=row["source__name"],
            name=row["name"],
            kind=row["kind"],
            scope=row["scope"],
            query=row["query"],
            detectors=row["detectors"],
            options=tuple(row["options"]),
            undoes=row["undoes_id"],
            job_id=row["job_id"],
            job=titles.get(row["job_id"], ""),
            by=row["by__username"] or "",
            created_at=row["created_at"],
            counts=counts.get(row["id"], {}),
        )
        for row in found
    )


def _counts(plan_ids: list[int]) -> dict[int, dict[ChangeState, int]]:
    """Count by state, in the index that begins so."""
    rows = Change.objects.filter(plan_id__in=plan_ids).order_by()
    grouped = rows.values_list("plan_id", "state").annotate(number=CountRows("*"))
    found: dict[int, dict[ChangeState, int]] = {}
    for plan_id, state, number in grouped:
        found.setdefault(plan_id, {})[ChangeState(state)] = number
    return found
