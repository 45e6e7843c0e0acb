"""Edits what is proposed: another text, or another entity; that is accepted at once.

Stash takes much that it should not, so what it would change or choke on is refused.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from jobs.numbers import LARGEST_ID
from syncapp.analysis.names import takes_partial_dates
from syncapp.editing.by_hand import BY_HAND
from syncapp.editing.typed_values import is_date, is_partial
from syncapp.models import Change
from syncapp.models.change_states import ChangeState
from syncapp.models.plans import FIELD_MODELS
from syncapp.queries.deciding import as_seen, undecided
from syncapp.queries.edit_choices import is_editable
from syncapp.queries.entity_list import shown_name
from syncapp.services.decision_parts import (
    hold_plan,
    with_alternatives,
    write_decision,
)
from syncapp.services.errors import (
    FOUND_ANEW,
    BadRequest,
    BadValue,
    ChangeNotFound,
    DecidedMeanwhile,
    NotAsSeen,
)
from syncapp.text.digests import key_of_value

EDITED_COLUMNS = ("entity_id", "value", "value_key", "more_evidence")
READ = (
    *("id", "field", "op", "scene_id", "before", "before_id", "level"),
    *("state", "decided_by__username", "plan__source_id", *EDITED_COLUMNS),
    *("objection", "image_found"),
)


def edit_change(
    change_id: int, typed: str | int, *, seen: str, by: int | None = None
) -> int | None:
    """Propose this instead, and accept it; returns the decision's id, None of nobody.

    `typed`: a text, or the row id of an entity of the same source. `seen`: as what the
    change was seen, see `queries.deciding.as_seen`. What was proposed
    stands in the evidence from now on, and the level stays.

    Raises ChangeNotFound, DecidedMeanwhile, BadValue, BadRequest, PlanNotFound.
    """
    plan_ids = Change.objects.filter(pk=change_id).values_list("plan_id", flat=True)
    plan_id = plan_ids.first()
    if plan_id is None:
        msg = "This change is not here: its plan may have been deleted."
        raise ChangeNotFound(msg)
    with transaction.atomic():
        hold_plan(plan_id)
        row = Change.objects.filter(pk=change_id).select_for_update(of=("self",))
        held = row.values(*READ).get()
        _check(held, seen)
        columns = _columns(held, typed, by)
        return _write(plan_id, held, columns, by)


def checked_text(field: str, typed: str, source_id: int) -> str:
    """Return a text as Stash stores it.

    Raises BadValue.
    """
    text = typed.replace("\r\n", "\n").strip()
    if not text:
        msg = "Type a value; to leave the scene as it is, reject the change."
        raise BadValue(msg)
    if "\0" in text:
        msg = "The value holds a NUL character, which Stash cannot keep: take it out."
        raise BadValue(msg)
    if field == "title" and len(text.splitlines()) > 1:
        msg = "A title is one line: take out the line breaks."
        raise BadValue(msg)
    return _checked_date(text, source_id) if field == "date" else text


def _checked_date(text: str, source_id: int) -> str:
    if not is_date(text):
        msg = f"“{text[:40]}” is no date: write it as 2015-04-30."
        raise BadValue(msg)
    if is_partial(text) and not takes_partial_dates(source_id):
        msg = (
            f"The source takes whole dates alone, and “{text}” is a part of one: add "
            "month and day, or bring the source to Stash 0.30 or later."
        )
        raise BadValue(msg)
    return text


def _check(held: Mapping[str, Any], seen: str) -> None:
    if as_seen(held["state"], held["objection"], held["image_found"]) != seen:
        if seen.partition(".")[0] == held["state"]:
            raise NotAsSeen(FOUND_ANEW)
        raise DecidedMeanwhile(held["state"], held["decided_by__username"] or "")
    if not is_editable(held["field"], held["op"], held["state"]):
        msg = "This change cannot be edited: accept or reject it as it is."
        raise BadRequest(msg)


def _columns(
    held: Mapping[str, Any], typed: str | int, by: int | None
) -> dict[str, Any]:
    if held["field"] in FIELD_MODELS:
        key, text = _entity(held, typed)
        same = key == held["entity_id"]
        is_before = held["op"] == "set" and key == held["before_id"]
        value_key = key_of_value(key)
    else:
        key = None
        text = checked_text(held["field"], str(typed), held["plan__source_id"])
        same, is_before = text == held["value"], text == held["before"].strip()
        value_key = key_of_value(text)
    if same or is_before:
        what = "is proposed: accept it" if same else "it has: reject the change"
        msg = f"That is what {what}."
        raise BadValue(msg)
    told = [*held["more_evidence"], _told(held, by)]
    return {
        "entity_id": key,
        "value": text,
        "value_key": value_key,
        "more_evidence": told,
    }


def _entity(held: Mapping[str, Any], typed: str | int) -> tuple[int, str]:
    model = FIELD_MODELS[held["field"]]
    key = typed if isinstance(typed, int) and 0 <= typed <= LARGEST_ID else -1
    rows = model.objects.filter(
        pk=key, source_id=held["plan__source_id"], deleted_at=None
    )
    notes = ("disambiguation",) if held["field"] == "performers" else ()
    found = rows.values_list("name", *notes).first()
    if found is None:
        msg = "Choose one of the names that are shown: this one is not in the mirror."
        raise BadValue(msg)
    return key, shown_name(*found)


def _told(held: Mapping[str, Any], by: int | None) -> dict[str, Any]:
    """Return as an evidence what was proposed, and who proposes something else."""
    people = get_user_model().objects.filter(pk=by or 0)
    who = people.values_list("username", flat=True).first() or "somebody"
    return {
        "detector": BY_HAND,
        "detector_version": 1,
        "evidence_kind": "edited",
        "sentence": f"“{held['value']}” was proposed; {who} edited it.",
        "spans": [],
        "confidence": 0.0,
        "level": held["level"],
    }


def _write(
    plan_id: int, held: Mapping[str, Any], columns: Mapping[str, Any], by: int | None
) -> int | None:
    same = {name: held[name] for name in ("scene_id", "field", "op")}
    others = Change.objects.filter(plan_id=plan_id, **same).exclude(pk=held["id"])
    if others.filter(value_key=columns["value_key"]).exists():
        msg = "Another change of this scene proposes that already: accept that one."
        raise BadValue(msg)
    rows = Change.objects.filter(pk=held["id"])
    going, back = with_alternatives(plan_id, undecided(rows))
    if not going:
        msg = "Another one of its choice is written already, so this cannot be."
        raise BadRequest(msg)
    rows.update(**columns)
    before = {name: held[name] for name in EDITED_COLUMNS}
    return write_decision(
        *(plan_id, ChangeState.ACCEPTED, going), others=back, by=by, held=before
    )
