"""Keeps rules as a person types them: names are looked up, wrong fields are told."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from django.db import transaction

from jobs.numbers import parse_id
from syncapp.analysis.library import EntityKind
from syncapp.models import NotADuplicate, Scene
from syncapp.models.keys import REMOTE_BITS, remote_id, row_id
from syncapp.services.errors import BadRule, RuleNotFound
from syncapp.services.rules import (
    ENTITY_MODELS,
    RULES,
    SpellingOf,
    keep_date_order,
    keep_mark,
    keep_spelling,
)
from syncapp.services.sources import lock_source

RuleKind = Literal["spelling", "date_order", "mark", "pair"]
RULE_KINDS: tuple[RuleKind, ...] = ("spelling", "date_order", "mark", "pair")
MOST_MEANT = 5  # that are named
# The field that is told of what belongs to no other one.
MAIN: Mapping[RuleKind, str] = {
    "spelling": "spelling",
    "date_order": "folder",
    "mark": "mark",
    "pair": "first",
}


class WrongField(BadRule):
    """What was typed into one field cannot be used."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def keep_typed_rule(
    kind: RuleKind, source_id: int, typed: Mapping[str, Any], *, by: int | None = None
) -> int:
    """Keep a rule, in place of the one that `rule` names; returns its id.

    Raises SourceNotFound, WrongField.
    """
    with transaction.atomic():
        lock_source(source_id)
        try:
            kept: int = KEEP[kind](source_id, typed, by)
        except WrongField:
            raise
        except BadRule as exc:
            raise WrongField(str(exc), field=MAIN[kind]) from exc
        old = typed.get("rule")
        if old and old != kept:
            _removed(kind, old)  # it may be gone by now
    return kept


def drop_rule(kind: RuleKind, rule_id: int) -> None:
    """Remove a rule of any kind; raises RuleNotFound."""
    if not _removed(kind, rule_id):
        raise RuleNotFound


def _removed(kind: RuleKind, rule_id: int) -> bool:
    model = {**RULES, "pair": NotADuplicate}[kind]
    return bool(model.objects.filter(pk=rule_id).delete()[0])


def _spelling(source_id: int, typed: Mapping[str, Any], by: int | None) -> int:
    kind, entity_id = typed["kind"], None
    if typed["entity"]:
        if not kind:
            msg = "Say whether it is a studio, a performer or a tag."
            raise WrongField(msg, field="kind")
        entity_id = _named_row(source_id, EntityKind(kind), typed["entity"], "entity")
    return keep_spelling(
        source_id,
        typed["spelling"],
        effect=typed["effect"],
        of=SpellingOf(kind, entity_id),
        studio_id=_studio(source_id, typed),
        by=by,
    )


def _studio(source_id: int, typed: Mapping[str, Any]) -> int | None:
    wanted = typed["effect"] == "with_studio"
    if wanted and not typed["studio"]:
        msg = "Name the studio with which the spelling counts."
        raise WrongField(msg, field="studio")
    if typed["studio"] and not wanted:
        msg = "A studio belongs only to a spelling that counts with a studio."
        raise WrongField(msg, field="studio")
    if not wanted:
        return None
    return _named_row(source_id, EntityKind.STUDIO, typed["studio"], "studio")


def _date_order(source_id: int, typed: Mapping[str, Any], by: int | None) -> int:
    return keep_date_order(source_id, typed["folder"], order=typed["order"], by=by)


def _mark(source_id: int, typed: Mapping[str, Any], by: int | None) -> int:
    tag_id = _named_row(source_id, EntityKind.TAG, typed["tag"], "tag")
    return keep_mark(source_id, typed["mark"], tag_id=tag_id, by=by)


def _pair(source_id: int, typed: Mapping[str, Any], by: int | None) -> int:
    keys = sorted(_scene(source_id, typed, field) for field in ("first", "second"))
    if keys[0] == keys[1]:
        msg = "Name two scenes: these are the same one."
        raise WrongField(msg, field="second")
    row, _ = NotADuplicate.objects.get_or_create(
        source_id=source_id,
        first_id=keys[0],
        second_id=keys[1],
        defaults={"by_id": by, "at": datetime.now(UTC)},
    )
    return row.pk


def _scene(source_id: int, typed: Mapping[str, Any], field: str) -> int:
    number = _number(typed[field])
    key = None if number is None else row_id(source_id, number)
    if key is None or not Scene.objects.filter(pk=key).exists():
        msg = f"There is no scene {typed[field]} in the mirror of this source."
        raise WrongField(msg, field=field)
    return key


def _number(text: str) -> int | None:
    number = parse_id(text.strip())
    return number if number is not None and number < 2**REMOTE_BITS else None


def _named_row(source_id: int, kind: EntityKind, text: str, field: str) -> int:
    """Return the row that a name or a number of Stash's means; raises WrongField."""
    rows = ENTITY_MODELS[kind].objects.filter(source_id=source_id, deleted_at=None)
    plain = " ".join(text.replace("\0", " ").split())
    meant = list(rows.filter(name__iexact=plain).order_by("id")[: MOST_MEANT + 1])
    number = _number(plain)
    if not meant and number is not None:
        meant = list(rows.filter(pk=row_id(source_id, number)))
    if not meant:
        msg = f"No {kind} of this source is called “{plain}”."
        raise WrongField(msg, field=field)
    if len(meant) > 1:
        numbers = ", ".join(str(remote_id(row.pk)) for row in meant[:MOST_MEANT])
        msg = f"Several are called “{plain}”: type the number in Stash ({numbers})."
        raise WrongField(msg, field=field)
    return int(meant[0].pk)


KEEP: Mapping[RuleKind, Any] = {
    "spelling": _spelling,
    "date_order": _date_order,
    "mark": _mark,
    "pair": _pair,
}
