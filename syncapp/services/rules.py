"""Keeps a person's rules of one source; each counts from the next analysis on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize

from django.db import transaction

from syncapp.analysis.library import DateOrder, EntityKind, SpellingEffect
from syncapp.analysis.paths import folders
from syncapp.analysis.spellings import name_words
from syncapp.models import (
    KeptDateOrder,
    KeptMark,
    KeptRoots,
    KeptSpelling,
    Performer,
    Studio,
    Tag,
)
from syncapp.models.rules import FOLDER, MARK, SPELLING
from syncapp.services.errors import BadRule, RuleNotFound
from syncapp.services.sources import lock_source

ENTITY_MODELS: Mapping[EntityKind, Any] = {
    EntityKind.STUDIO: Studio,
    EntityKind.PERFORMER: Performer,
    EntityKind.TAG: Tag,
}
RULES: Mapping[str, Any] = {
    "spelling": KeptSpelling,
    "date_order": KeptDateOrder,
    "mark": KeptMark,
}
MOST_ROOTS = 100


@dataclass(frozen=True, slots=True)
class SpellingOf:
    """Of what a spelling is: of anything, of a kind of names, or of one of them."""

    kind: str = ""
    entity_id: int | None = None


ANYTHING = SpellingOf()


def keep_spelling(
    source_id: int,
    spelling: str,
    *,
    effect: str,
    of: SpellingOf = ANYTHING,
    studio_id: int | None = None,
    by: int | None = None,
) -> int:
    """Keep what a spelling counts for, in place of what was kept; returns the rule.

    Raises SourceNotFound, BadRule.
    """
    plain = _line(spelling, SPELLING, "A spelling")
    folded = " ".join(name_words(plain))
    if not folded:
        msg = f"“{plain}” has no letters or digits, so it is never looked for."
        raise BadRule(msg)
    wanted = _named(SpellingEffect, effect, "effect of a spelling")
    _check_whose(source_id, of)
    _check_studio(source_id, wanted, studio_id)
    known = {
        "folded": folded[: 2 * SPELLING],
        "kind": of.kind,
        "entity_id": of.entity_id,
    }
    kept = {"spelling": plain, "effect": wanted.value, "studio_id": studio_id}
    return _keep(KeptSpelling, source_id, known, kept=kept, by=by)


def keep_date_order(
    source_id: int, folder: str, *, order: str, by: int | None = None
) -> int:
    """Keep which number is the day below this folder; returns the rule.

    Raises SourceNotFound, BadRule.
    """
    known = {"folder": checked_folder(folder)}
    kept = {"order": _named(DateOrder, order, "order of dates").value}
    return _keep(KeptDateOrder, source_id, known, kept=kept, by=by)


def keep_mark(source_id: int, mark: str, *, tag_id: int, by: int | None = None) -> int:
    """Keep which tag a mark (1080p, 60fps) means; returns the rule.

    Raises SourceNotFound, BadRule.
    """
    known = {"mark": _line(mark, MARK, "A mark").casefold()}
    _check_there(source_id, EntityKind.TAG, tag_id)
    return _keep(KeptMark, source_id, known, kept={"tag_id": tag_id}, by=by)


def remove_rule(kind: str, rule_id: int) -> None:
    """Remove a spelling, a date order or a mark; raises RuleNotFound."""
    model = RULES.get(kind)
    if model is None or not model.objects.filter(pk=rule_id).delete()[0]:
        raise RuleNotFound


def keep_roots(
    source_id: int, folders: Iterable[str] | None, *, by: int | None = None
) -> None:
    """Keep which folders tell nothing of what is below; None: those that are found.

    Raises SourceNotFound, BadRule.
    """
    if folders is None:
        KeptRoots.objects.filter(source_id=source_id).delete()
        return
    plain = sorted({checked_folder(each) for each in folders})
    if len(plain) > MOST_ROOTS:
        msg = f"At most {MOST_ROOTS} folders can be roots of a library."
        raise BadRule(msg)
    _keep(KeptRoots, source_id, {}, kept={"folders": plain}, by=by)


def checked_folder(text: str) -> str:
    """Return a folder as analysis writes it, "/films" or "D:/films"; raises BadRule."""
    below = folders(f"{_line(text, FOLDER, 'A folder')}/")
    if not below:
        msg = "Name a folder with all above it: /films, or D:/films."
        raise BadRule(msg)
    return below[-1]


def _keep(
    model: Any,
    source_id: int,
    known: Mapping[str, Any],
    *,
    kept: Mapping[str, Any],
    by: int | None,
) -> int:
    told = {**kept, "by_id": by, "at": datetime.now(UTC)}
    with transaction.atomic():
        lock_source(source_id)  # of two who tell the same at once one is the later
        row, _ = model.objects.update_or_create(
            source_id=source_id, **known, defaults=told
        )
    return int(row.pk)


def _check_whose(source_id: int, of: SpellingOf) -> None:
    if of.kind:
        kind = _named(EntityKind, of.kind, "kind of names")
        if of.entity_id is not None:
            _check_there(source_id, kind, of.entity_id)
    elif of.entity_id is not None:
        msg = "Say whether it is a studio, a performer or a tag."
        raise BadRule(msg)


def _check_studio(
    source_id: int, effect: SpellingEffect, studio_id: int | None
) -> None:
    if effect is SpellingEffect.WITH_STUDIO:
        if studio_id is None:
            msg = "Choose the studio with which the spelling counts."
            raise BadRule(msg)
        _check_there(source_id, EntityKind.STUDIO, studio_id)
    elif studio_id is not None:
        msg = "A studio belongs only to a spelling that counts with a studio."
        raise BadRule(msg)


def _check_there(source_id: int, kind: EntityKind, row_id: int) -> None:
    rows = ENTITY_MODELS[kind].objects.filter(pk=row_id, source_id=source_id)
    if not rows.filter(deleted_at=None).exists():
        msg = f"This {kind} is not in the mirror of the source: choose another."
        raise BadRule(msg)


def _named(choices: Any, text: str, what: str) -> Any:
    try:
        return choices(text)
    except ValueError as exc:
        there = ", ".join(each.value for each in choices)
        msg = f"There is no {what} {text!r}: there are {there}."
        raise BadRule(msg) from exc


def _line(text: str, most: int, what: str) -> str:
    plain = " ".join(normalize("NFC", text.replace("\0", " ")).split())
    if not plain:
        msg = f"{what} is needed: it cannot be empty."
        raise BadRule(msg)
    if len(plain) > most:
        msg = f"{what} is longer than {most} characters."
        raise BadRule(msg)
    return plain
