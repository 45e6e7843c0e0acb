"""What an undo of a plan, or of a part of it, would propose: before it is asked for."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count as CountRows

from syncapp.applying.removals import made_by, taken_by
from syncapp.applying.undo_page import PENDING
from syncapp.models import Change
from syncapp.models.change_states import CAN_BE_UNDONE, ChangeState
from syncapp.models.field_words import shown_field, shown_step, shown_value
from syncapp.queries.plans import PlanLine, plan_by_id


@dataclass(frozen=True, slots=True)
class UndoPart:
    """Of what an undo is; what is empty narrows nothing."""

    change_id: int = 0
    cause: str = ""  # its key
    field: str = ""

    @property
    def field_words(self) -> str:
        return shown_field(self.field)

    @property
    def is_whole(self) -> bool:
        return not (self.change_id or self.cause or self.field)

    def conditions(self) -> dict[str, Any]:
        """Return it as the database is asked for it."""
        given = {"pk": self.change_id, "cause_key": self.cause, "field": self.field}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What would be taken back, at most: what is as before already is left out."""

    plan: PlanLine
    part: UndoPart
    is_there: bool  # such a change, or such a reason, is of this plan
    told: str  # one change or reason in words; empty: neither was named
    # Written changes that can be taken back: field, the same in words, number.
    fields: tuple[tuple[str, str, int], ...]
    undone: int  # already
    pending: int  # of those: in an undo that is not applied yet
    pending_in: tuple[tuple[int, str], ...]  # these plans, by id and name
    created: int  # to be offered for removal
    taken_away: int  # to be offered to be made again

    @property
    def total(self) -> int:
        return sum(number for _, _, number in self.fields)


def preview_undo(plan_id: int, part: UndoPart) -> UndoPreview | None:
    """Return what an undo would do; None if the plan is not there. Ten queries."""
    plan = plan_by_id(plan_id)
    if plan is None:
        return None
    rows = Change.objects.filter(plan_id=plan_id, **part.conditions())
    written = rows.filter(state__in=CAN_BE_UNDONE).order_by()
    grouped = written.values_list("field").annotate(number=CountRows("*"))
    waiting = Change.objects.filter(state__in=PENDING, undoes__in=written)
    named = waiting.order_by().values_list("plan_id", "plan__name").distinct()
    return UndoPreview(
        plan=plan,
        part=part,
        is_there=part.is_whole or rows.exists(),
        told=_told(rows, part),
        fields=tuple((name, shown_field(name), n) for name, n in sorted(grouped)),
        undone=rows.filter(state=ChangeState.UNDONE).count(),
        pending=waiting.values("undoes_id").distinct().count(),
        pending_in=tuple(sorted(named)),
        created=made_by(plan_id).count() if part.is_whole else 0,
        taken_away=taken_by(plan_id).count() if part.is_whole else 0,
    )


def _told(rows: Any, part: UndoPart) -> str:
    if not (part.change_id or part.cause):
        return ""
    first = rows.order_by("id").values("op", "field", "value", "sentence").first()
    if first is None:
        return ""
    if part.change_id:
        return shown_step(first["op"], first["field"], first["value"])
    return f"{shown_value(first['field'], first['value'])}: {first['sentence']}"
