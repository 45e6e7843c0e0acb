"""How the changes of a plan are spread: over fields, detectors, levels, states, causes.

They are grouped once by all that facets go by, in an index that holds it. The groups
are few, so every facet is worked out of them, whatever is chosen in the others.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count as CountRows
from django.db.models import Min, QuerySet

from syncapp.models import Change
from syncapp.models.change_states import ChangeState
from syncapp.models.field_words import shown_value
from syncapp.models.plans import FACETS

CAUSES = 20  # those of most changes


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which changes of a plan; what is empty narrows nothing."""

    state: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    detector: tuple[str, ...] = ()
    evidence_kind: tuple[str, ...] = ()
    cause: str = ""  # its key

    def conditions(self) -> dict[str, Any]:
        """Return it as the database is asked for it."""
        found: dict[str, Any] = {}
        for each in fields(self):
            values = getattr(self, each.name)
            if each.name == "cause" and values:
                found["cause_key"] = values
            elif values:
                found[f"{each.name}__in"] = values
        return found


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int  # of the changes that all other facets let through
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One reason for many changes, told by one of them."""

    key: str
    count: int
    field: str
    value: str
    sentence: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PlanFacets:
    total: int  # changes that match
    by_facet: Mapping[str, tuple[FacetValue, ...]]
    causes: tuple[CauseLine, ...]


Cube = list[tuple[dict[str, str], int]]


def read_cube(plan_id: int, cause: str = "") -> Cube:
    """Return how many changes there are of each kind, or of one cause; one query."""
    rows = Change.objects.filter(plan_id=plan_id).order_by()
    of_cause = rows.filter(cause_key=cause) if cause else rows
    # Rows are counted, not ids: those stand in no index that these groups stand in.
    grouped = of_cause.values(*FACETS).annotate(number=CountRows("*"))
    return [({name: row[name] for name in FACETS}, row["number"]) for row in grouped]


def counts_by_state(cube: Cube) -> dict[ChangeState, int]:
    counts: dict[ChangeState, int] = {}
    for cell, number in cube:
        state = ChangeState(cell["state"])
        counts[state] = counts.get(state, 0) + number
    return counts


def facets_of(plan_id: int, filters: PlanFilter, cube: Cube) -> PlanFacets:
    """Return how the changes are spread; two queries, and one more for a cause.

    `cube`: of the whole plan.
    """
    rows = Change.objects.filter(plan_id=plan_id).order_by()
    if filters.cause:
        cube = read_cube(plan_id, filters.cause)
    return PlanFacets(
        total=sum(number for cell, number in cube if _matches(cell, filters)),
        by_facet={name: _facet(cube, filters, name) for name in FACETS},
        causes=_causes(rows, filters),
    )


def _matches(cell: Mapping[str, str], filters: PlanFilter, but: str = "") -> bool:
    return all(
        name == but or not (wanted := getattr(filters, name)) or cell[name] in wanted
        for name in FACETS
    )


def _facet(cube: Cube, filters: PlanFilter, name: str) -> tuple[FacetValue, ...]:
    chosen: Collection[str] = getattr(filters, name)
    counts = dict.fromkeys(chosen, 0)
    for cell, number in cube:
        if _matches(cell, filters, but=name):
            counts[cell[name]] = counts.get(cell[name], 0) + number
    values = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(each, count, each in chosen) for each, count in values)


def _causes(
    rows: "QuerySet[Change, Change]", filters: PlanFilter
) -> tuple[CauseLine, ...]:
    """Return the causes of most changes, whichever is chosen, each with an example."""
    wanted = {**filters.conditions()}
    wanted.pop("cause_key", None)
    grouped = rows.filter(**wanted).values("cause_key")
    counted = grouped.annotate(number=CountRows("*"), example=Min("id"))
    most = list(counted.order_by("-number", "cause_key")[:CAUSES])
    ids = [row["example"] for row in most]
    columns = ("id", "field", "value", "sentence")
    examples = {
        row["id"]: row
        for row in Change.objects.filter(id__in=ids).order_by().values(*columns)
    }
    return tuple(
        CauseLine(
            key=row["cause_key"],
            count=row["number"],
            field=example["field"],
            value=shown_value(example["field"], example["value"]),
            sentence=example["sentence"],
            is_chosen=row["cause_key"] == filters.cause,
        )
        for row in most
        if (example := examples.get(row["example"])) is not None
    )
