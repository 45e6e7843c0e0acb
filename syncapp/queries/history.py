"""When and by which job a row changed, and what, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.queries import titles_of
from syncapp.models import HistoryEntry, Performer, Studio, Tag
from syncapp.models.keys import remote_id
from syncapp.queries.entity_list import shown_name
from syncapp.queries.last_changed_by import ChangedBy

SHOWN = 20  # of one row, the newest
MODELS: Mapping[str, Any] = {
    "studio_id": Studio,
    "parent_id": Studio,
    "tags": Tag,
    "parents": Tag,
    "performers": Performer,
}
LABELS = {
    "studio_id": "studio",
    "parent_id": "parent",
    "rating100": "rating",
    "o_counter": "O-counter",
    "play_count": "plays",
    "organized": "organised",
    "favorite": "favourite",
    "stash_ids": "ids elsewhere",
}
Changes = Mapping[str, Any]  # of a HistoryEntry
Names = Mapping[Any, Mapping[int, str]]  # by model and row id


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: what it was, or what went; what it is, or what came."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    at: datetime
    by: ChangedBy | None  # None: no job did it
    fields: tuple[FieldChange, ...]
    what: str  # a value of syncapp.models.What


@dataclass(frozen=True, slots=True)
class RowHistory:
    """The last changes of a row, the newest first; `more` if there are older ones."""

    lines: tuple[ChangeLine, ...]
    more: bool


def row_history(stream: str, row_id: int) -> RowHistory:
    """Return what changed in a row; at most five queries."""
    rows = list(
        HistoryEntry.objects.filter(stream=stream, row_id=row_id)
        .order_by("-at")
        .values_list("at", "job_id", "changes", "what")[: SHOWN + 1]
    )
    shown = rows[:SHOWN]
    titles = titles_of(job_id for _, job_id, *_ in shown if job_id is not None)
    fields = changes_in_words([changes for _, _, changes, _ in shown])
    lines = (
        ChangeLine(at, changed_by_one_of(titles, job_id), told, what)
        for (at, job_id, _, what), told in zip(shown, fields, strict=True)
    )
    return RowHistory(tuple(lines), len(rows) > SHOWN)


def changed_by_one_of(
    titles: Mapping[int, str], job_id: int | None
) -> ChangedBy | None:
    """Return what is known of a job, by the titles of those that are still there."""
    return None if job_id is None else ChangedBy(job_id, titles.get(job_id, ""))


def changes_in_words(all_changes: Sequence[Changes]) -> list[tuple[FieldChange, ...]]:
    """Return the fields of each of these changes; at most three queries for all."""
    names = _names(all_changes)
    return [_fields(changes, names) for changes in all_changes]


def _names(all_changes: Sequence[Changes]) -> Names:
    """Return the present names of all rows that these changes refer to."""
    wanted: dict[Any, set[int]] = {}
    for changes in all_changes:
        for field, model in MODELS.items():
            for side in changes.get(field, ()):
                wanted.setdefault(model, set()).update(_listed(side))
    found: dict[Any, dict[int, str]] = {}
    for model, keys in wanted.items():
        if keys:
            notes = ("disambiguation",) if model is Performer else ()
            rows = model.objects.filter(id__in=keys).values_list("id", "name", *notes)
            found[model] = {key: shown_name(*name) for key, *name in rows}
    return found


def _listed(side: Any) -> Iterable[Any]:
    if isinstance(side, list):
        return side
    return () if side is None else (side,)


def _fields(changes: Changes, names: Names) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(
            LABELS.get(field, field.replace("_", " ")),
            _words(field, before, names),
            _words(field, after, names),
        )
        for field, (before, after) in changes.items()
    )


def _words(field: str, side: Any, names: Names) -> tuple[str, ...]:
    """Return the values of one side as people read them; none if it is empty."""
    if field in MODELS:
        known = names.get(MODELS[field], {})
        return tuple(
            known.get(key, f"{remote_id(key)} (no longer here)")
            for key in _listed(side)
        )
    if isinstance(side, bool):
        return ("yes" if side else "no",)
    return tuple(_text(value) for value in _listed(side) if value != "")


def _text(value: Any) -> str:
    return ": ".join(map(str, value)) if isinstance(value, list) else str(value)
