"""Takes a decision back, as far as nobody has decided otherwise since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from syncapp.filters.number_list import number_list
from syncapp.models import Change, Creation, Decision
from syncapp.models.change_states import TAKEN
from syncapp.services.decision_parts import hold_plan
from syncapp.services.errors import DecisionNotFound


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came of taking a decision back."""

    state: str  # what had been decided
    changed: int
    left: int  # were decided by somebody, or written, since: they stay


def take_back_decision(plan_id: int, decision_id: int, *, by: int) -> TakenBack:
    """Make changes what they were before a decision of this person; once.

    Raises DecisionNotFound, PlanNotFound.
    """
    with transaction.atomic():
        hold_plan(plan_id)
        rows = Decision.objects.filter(pk=decision_id, plan_id=plan_id, by_id=by)
        decision = rows.first()
        if decision is None:
            raise DecisionNotFound
        # What is no longer accepted goes first: it makes room for its alternative.
        parts = sorted(
            decision.parts, key=lambda part: part["columns"]["state"] in TAKEN
        )
        of_changes = [part for part in parts if "of" not in part]
        changed = sum(_restore(decision, part) for part in of_changes)
        number = sum(len(part["ids"]) for part in of_changes)
        for part in parts:
            if "of" in part:
                _rows_of(Creation, decision, part).update(**_columns(part["columns"]))
        rows.delete()
    return TakenBack(decision.state, changed, number - changed)


def _restore(decision: Decision, part: Mapping[str, Any]) -> int:
    rows: QuerySet[Change, Change] = _rows_of(Change, decision, part)
    if part["columns"]["state"] in TAKEN:
        taken = Change.objects.filter(
            plan_id=decision.plan_id,
            scene_id=OuterRef("scene_id"),
            choice=OuterRef("choice"),
            state__in=TAKEN,
        )
        # Of its choice another one may have been taken since.
        rows = rows.filter(Q(choice="") | ~Exists(taken))
    return rows.update(**_columns(part["columns"]))


def _rows_of(model: Any, decision: Decision, part: Mapping[str, Any]) -> Any:
    """Return those of a part that nobody has decided about, or written, since."""
    return model.objects.filter(
        id__in=number_list(part["ids"]),
        state=part["became"],
        decided_by_id=decision.by_id,
        decided_at=decision.at,
    )


def _columns(kept: Mapping[str, Any]) -> dict[str, Any]:
    columns = dict(kept)
    if columns["decided_at"] is not None:
        columns["decided_at"] = datetime.fromisoformat(columns["decided_at"])
    people = get_user_model().objects.filter(pk=columns["decided_by_id"])
    if not people.exists():  # whose account was removed since
        columns["decided_by_id"] = None
    return columns
