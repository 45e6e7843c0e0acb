"""Puts back what was lost around a write: in a plan of its own, accepted."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from syncapp.applying.stored import StoredValue, stored_value
from syncapp.applying.undo_page import PENDING
from syncapp.editing.by_hand import BY_HAND
from syncapp.models import Change, Plan, Scene
from syncapp.models.change_states import ChangeState
from syncapp.models.keys import remote_id
from syncapp.models.plans import PlanKind, Scope
from syncapp.queries.outcomes import LOST
from syncapp.services.errors import ChangeNotFound, NotAsSeen
from syncapp.text.digests import digest_of, key_of_value

COLUMNS = (
    *("id", "plan_id", "plan__source_id", "scene_id", "field", "op", "state"),
    *("entity_id", "value", "image_before", "image_after", "image_found"),
)


def put_back(change_id: int, *, by: int | None = None) -> int:
    """Accept the value that was lost around a write, in a plan by hand; returns its id.

    Of what was overwritten that is the other's value, of what was changed since it is
    ours. Two clicks are one plan.

    Raises ChangeNotFound, NotAsSeen.
    """
    with transaction.atomic():
        row = _locked(change_id)
        if row["state"] not in LOST:
            msg = "Nothing of this change is lost by now: reload the page."
            raise NotAsSeen(msg)
        cause = f"put back change {change_id}"
        same = Change.objects.filter(
            scene_id=row["scene_id"], cause_key=digest_of(cause), state__in=PENDING
        )
        there = same.values_list("plan_id", flat=True).first()
        return there if there is not None else _plan_of_one(row, cause, by)


def _plan_of_one(row: dict[str, Any], cause: str, by: int | None) -> int:
    now, name = timezone.now(), _scene_name(row["scene_id"])
    plan = Plan.objects.create(
        source_id=row["plan__source_id"],
        name=f"Put back in {name}"[:200],
        kind=PlanKind.BY_HAND,
        scope=Scope.CHOSEN,
        by_id=by,
        created_at=now,
    )
    value, before = _lost_and_left(row)
    Change.objects.create(
        plan=plan,
        scene_id=row["scene_id"],
        field=row["field"],
        op=row["op"],
        entity_id=value.entity_id,
        value=value.text,
        value_key=key_of_value(value.key),
        before_id=before.entity_id,
        before=before.text,
        detector=BY_HAND,
        detector_version=1,
        evidence_kind="put back",
        sentence=_sentence(row),
        confidence=0,
        level="certain",
        cause=cause,
        cause_key=digest_of(cause),
        state=ChangeState.ACCEPTED,
        decided_by_id=by,
        decided_at=now,
    )
    return int(plan.pk)


def _lost_and_left(row: dict[str, Any]) -> tuple[StoredValue, StoredValue]:
    """Return the value to write again, and what is expected to stand there now."""
    ours = StoredValue(row["entity_id"], row["value"])
    if row["op"] != "set":
        return ours, StoredValue(None, "")
    images = row["image_before"], row["image_after"], row["image_found"]
    before, after, found = (
        stored_value(row["field"], image and image["is"], row["plan__source_id"])
        for image in images
    )
    if row["state"] == ChangeState.OVERWROTE:
        return before, after
    return ours, found


def _sentence(row: dict[str, Any]) -> str:
    if row["state"] == ChangeState.OVERWROTE:
        return f"It stood there when plan {row['plan_id']} wrote over it."
    return f"Plan {row['plan_id']} wrote it, and somebody changed it at once."


def _scene_name(scene_id: int) -> str:
    title = Scene.objects.filter(pk=scene_id).values_list("title", flat=True).first()
    return f"“{title[:150]}”" if title else f"scene {remote_id(scene_id)}"


def _locked(change_id: int) -> dict[str, Any]:
    """Return a change that nobody else decides about meanwhile."""
    rows = Change.objects.filter(pk=change_id).select_for_update(of=("self",))
    row = rows.values(*COLUMNS).first()
    if row is None:
        msg = "This change is not here: its plan may have been deleted."
        raise ChangeNotFound(msg)
    return dict(row)
