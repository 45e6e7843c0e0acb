"""A person's rules of one source, with the names of what they are about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.numbers import parse_id
from syncapp.models import (
    Dismissal,
    KeptDateOrder,
    KeptMark,
    KeptRoots,
    KeptSpelling,
    Performer,
    Studio,
    Tag,
)
from syncapp.models.field_words import shown_field, shown_value

DISMISSALS = 50  # of a page
NAMED_BY: Mapping[str, Any] = {"studio": Studio, "performer": Performer, "tag": Tag}


@dataclass(frozen=True, slots=True)
class SpellingLine:
    rule_id: int
    spelling: str
    effect: str
    kind: str  # "" of anything
    entity_id: int | None
    entity: str  # its name; "" if it is of none, or not here any more
    studio_id: int | None
    studio: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DateOrderLine:
    rule_id: int
    folder: str
    order: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MarkLine:
    rule_id: int
    mark: str
    tag_id: int
    tag: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SourceRules:
    spellings: tuple[SpellingLine, ...]
    date_orders: tuple[DateOrderLine, ...]
    marks: tuple[MarkLine, ...]
    roots: tuple[str, ...] | None  # None: those that analysis finds


@dataclass(frozen=True, slots=True)
class DismissalLine:
    dismissal_id: int
    reach: str
    scene_id: int | None
    field: str
    value: str
    sentence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DismissalsPage:
    dismissals: tuple[DismissalLine, ...]
    next: str  # the place where the following page begins; empty at the end


def rules_of(source_id: int) -> SourceRules:
    """Return the rules of a source; seven queries at most."""
    spellings = list(_rows(KeptSpelling, source_id))
    marks = list(_rows(KeptMark, source_id))
    names = _names(spellings, marks)
    roots = KeptRoots.objects.filter(source_id=source_id).first()
    return SourceRules(
        spellings=tuple(_spelling_line(row, names) for row in spellings),
        date_orders=tuple(
            DateOrderLine(row.pk, row.folder, row.order, _who(row), row.at)
            for row in _rows(KeptDateOrder, source_id)
        ),
        marks=tuple(
            MarkLine(
                row.pk,
                row.mark,
                row.tag_id,
                names.get(("tag", row.tag_id), ""),
                _who(row),
                row.at,
            )
            for row in marks
        ),
        roots=None if roots is None else tuple(roots.folders),
    )


def list_dismissals(source_id: int, *, after: str = "") -> DismissalsPage:
    """Return a page of what was dismissed, the newest first; one query."""
    rows = Dismissal.objects.filter(source_id=source_id).select_related("by")
    if (place := parse_id(after)) is not None:
        rows = rows.filter(id__lt=place)
    found = list(rows.order_by("-id")[: DISMISSALS + 1])
    shown = found[:DISMISSALS]
    lines = tuple(
        DismissalLine(
            dismissal_id=row.pk,
            reach=row.reach,
            scene_id=row.scene_id,
            field=shown_field(row.field),
            value=shown_value(row.field, row.value),
            sentence=row.sentence,
            by=_who(row),
            at=row.at,
        )
        for row in shown
    )
    return DismissalsPage(lines, str(shown[-1].pk) if len(found) > DISMISSALS else "")


def _rows(model: Any, source_id: int) -> Iterable[Any]:
    found: Iterable[Any] = model.objects.filter(source_id=source_id).select_related(
        "by"
    )
    return found


def _who(row: Any) -> str:
    return row.by.get_username() if row.by else ""


def _spelling_line(
    row: KeptSpelling, names: Mapping[tuple[str, int], str]
) -> SpellingLine:
    return SpellingLine(
        rule_id=row.pk,
        spelling=row.spelling,
        effect=row.effect,
        kind=row.kind,
        entity_id=row.entity_id,
        entity=names.get((row.kind, row.entity_id or 0), ""),
        studio_id=row.studio_id,
        studio=names.get(("studio", row.studio_id or 0), ""),
        by=_who(row),
        at=row.at,
    )


def _names(
    spellings: Iterable[KeptSpelling], marks: Iterable[KeptMark]
) -> dict[tuple[str, int], str]:
    """Return the names of all that rules are about, by kind and row id."""
    wanted: dict[str, set[int]] = {kind: set() for kind in NAMED_BY}
    for row in spellings:
        if row.entity_id is not None:
            wanted[row.kind].add(row.entity_id)
        if row.studio_id is not None:
            wanted["studio"].add(row.studio_id)
    wanted["tag"].update(row.tag_id for row in marks)
    found: dict[tuple[str, int], str] = {}
    for kind, ids in wanted.items():
        if ids:
            rows = NAMED_BY[kind].objects.filter(id__in=sorted(ids))
            found |= {(kind, key): name for key, name in rows.values_list("id", "name")}
    return found
