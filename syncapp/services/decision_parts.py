"""What decisions are made of: changes that move between states, and are remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from syncapp.applying.intents import Image
from syncapp.applying.stored import stored_value
from syncapp.filters.number_list import number_list
from syncapp.models import Change, Creation, Decision, Plan
from syncapp.models.change_states import TAKEN, ChangeState
from syncapp.queries.deciding import UndecidedChange, undecided
from syncapp.services.errors import BadRequest, PlanNotFound

VERBS = {"accept": ChangeState.ACCEPTED, "reject": ChangeState.REJECTED}
KEPT = 50  # decisions of a person in a plan that can be taken back
READ = ("op", "before", "before_id", "image_found", "plan__source_id")
HELD = ("state", "decided_by_id", "decided_at", "objection")


@dataclass(frozen=True, slots=True)
class DecisionPart:
    """Changes that one decision made the same of, and what they held before."""

    became: str
    ids: Sequence[int]
    columns: Mapping[str, Any]
    is_of_creations: bool = False  # that changes needed, and that follow them

    def kept(self) -> dict[str, Any]:
        """Return it as JSON."""
        columns = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in self.columns.items()
        }
        told = {"became": self.became, "ids": list(self.ids), "columns": columns}
        return told | ({"of": "creations"} if self.is_of_creations else {})


def read_verb(verb: str) -> ChangeState:
    """Return what a decision makes of a change or a creation; raises BadRequest."""
    if verb not in VERBS:
        msg = f"There is no decision {verb!r}: accept or reject."
        raise BadRequest(msg)
    return VERBS[verb]


def hold_plan(plan_id: int) -> None:
    """Let nobody else decide of this plan in the transaction around.

    Raises PlanNotFound.
    """
    rows = Plan.objects.select_for_update(no_key=True).filter(pk=plan_id)
    if rows.values_list("pk").first() is None:
        raise PlanNotFound(plan_id)


def with_alternatives(
    plan_id: int, going: Sequence[UndecidedChange]
) -> tuple[list[UndecidedChange], list[UndecidedChange]]:
    """Return what can be accepted, and the accepted ones that it puts back.

    Of what is written already, no alternative can be accepted any more.

    Raises BadRequest if two of one choice are to be accepted.
    """
    pairs = [each.pair for each in going if each.choice]
    if len(set(pairs)) < len(pairs):
        msg = "Of a choice one can be accepted, not several: choose one of them."
        raise BadRequest(msg)
    if not pairs:
        return list(going), []
    rows = Change.objects.filter(
        plan_id=plan_id,
        scene_id__in={scene_id for scene_id, _ in pairs},
        choice__in={choice for _, choice in pairs},
        state__in=TAKEN,
    )
    taken = {each.pair: each for each in undecided(rows.select_for_update())}
    written = {p for p, each in taken.items() if each.state != ChangeState.ACCEPTED}
    free = [each for each in going if not each.choice or each.pair not in written]
    return free, [taken[each.pair] for each in free if each.pair in taken]


def write_decision(
    plan_id: int,
    then: str,
    going: Sequence[UndecidedChange],
    *,
    others: Sequence[UndecidedChange] = (),
    by: int | None,
    held: Mapping[str, Any] | None = None,
) -> int | None:
    """Decide these, within the transaction that holds the plan.

    `others` go back to being proposed. `held`: what else the changes held before.
    Returns the id by which the person takes it back; None of nobody, or nothing.
    """
    if not going:
        return None
    now = datetime.now(UTC)
    decided = {"decided_by_id": by, "decided_at": now}
    parts = _moved(others, ChangeState.PROPOSED, decided)
    over = [
        each
        for each in going
        if then == ChangeState.ACCEPTED and each.state == ChangeState.CONFLICT
    ]
    own = [_accepted_over(each, decided) for each in over]
    own += _moved([each for each in going if each not in over], then, decided)
    made_again = _made_again(going, decided) if then == ChangeState.ACCEPTED else []
    if by is None:
        return None
    parts += [replace(part, columns={**part.columns, **(held or {})}) for part in own]
    return _remember(plan_id, then, [*parts, *made_again], by=by, at=now)


def _moved(
    changes: Sequence[UndecidedChange], then: str, decided: Mapping[str, Any]
) -> list[DecisionPart]:
    """Bring these into a state, all at once; returns what they held before."""
    if not changes:
        return []
    ids = [each.change_id for each in changes]
    rows = Change.objects.filter(
        id__in=number_list(ids), state__in={each.state for each in changes}
    )
    # What the source said of it counts no more once it is to be written again.
    anew = {"objection": ""} if then == ChangeState.ACCEPTED else {}
    rows.update(state=then, **anew, **decided)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for each in changes:
        groups.setdefault(_held(each), []).append(each.change_id)
    return [
        DecisionPart(then, some, dict(zip(HELD, held, strict=True)))
        for held, some in groups.items()
    ]


def _made_again(
    going: Sequence[UndecidedChange], decided: Mapping[str, Any]
) -> list[DecisionPart]:
    """Accept again what failed to be made for these; returns what it held before."""
    failed = [each for each in going if each.state == ChangeState.FAILED]
    wanted = {each.creation_id for each in failed if each.creation_id is not None}
    if not wanted:
        return []
    rows = Creation.objects.filter(
        id__in=number_list(sorted(wanted)), state=ChangeState.FAILED
    )
    found: list[dict[str, Any]] = list(rows.values("id", *HELD))
    rows.update(state=ChangeState.ACCEPTED, objection="", **decided)
    return [
        DecisionPart(
            *(ChangeState.ACCEPTED, [row.pop("id")]), row, is_of_creations=True
        )
        for row in found
    ]


def _accepted_over(change: UndecidedChange, decided: Mapping[str, Any]) -> DecisionPart:
    """Accept a change over what its source was found to hold instead.

    That is what it replaces from now on: if it is another again, it conflicts again.
    """
    rows = Change.objects.filter(pk=change.change_id, state=ChangeState.CONFLICT)
    row: dict[str, Any] = rows.values(*READ).get()
    found, held = row["image_found"], dict(zip(HELD, _held(change), strict=True))
    columns: dict[str, Any] = {"image_found": None, "objection": ""}
    if found is not None and row["op"] == "set":
        columns |= as_before(change.field, found["is"], row["plan__source_id"])
    held |= {name: row[name] for name in columns if name in row}
    rows.update(state=ChangeState.ACCEPTED, **columns, **decided)
    return DecisionPart(ChangeState.ACCEPTED, [change.change_id], held)


def _remember(
    plan_id: int, state: str, parts: Sequence[DecisionPart], *, by: int, at: datetime
) -> int:
    """Keep what it takes to take a decision back; returns its id."""
    made = Decision.objects.create(
        plan_id=plan_id,
        by_id=by,
        at=at,
        state=state,
        number=sum(
            len(part.ids)
            for part in parts
            if part.became == state and not part.is_of_creations
        ),
        parts=[part.kept() for part in parts],
    )
    own = Decision.objects.filter(plan_id=plan_id, by_id=by).order_by("-id")
    old = list(own.values_list("id", flat=True)[KEPT:])
    Decision.objects.filter(pk__in=old).delete()
    return made.pk


def _held(change: UndecidedChange) -> tuple[Any, ...]:
    return change.state, change.decided_by, change.decided_at, change.objection


def as_before(field: str, image: Image, source_id: int) -> dict[str, Any]:
    """Return what a source holds as the columns that say what a change replaces."""
    stored = stored_value(field, image, source_id)
    return {"before_id": stored.entity_id, "before": stored.text}
