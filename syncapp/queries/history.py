"""When and by which sync a scene changed, and what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.queries import titles_of
from syncapp.models import HistoryEntry, Performer, Studio, Tag
from syncapp.models.keys import remote_id
from syncapp.queries.entity_list import shown_name
from syncapp.queries.last_changed_by import ChangedBy
from syncapp.sync.history import KEPT, REMOVED

MODELS: Mapping[str, Any] = {"studio_id": Studio, "tags": Tag, "performers": Performer}
LINKS = ("tags", "performers", "files")  # of these what went and what came is known
LABELS = {
    "studio_id": "studio",
    "rating100": "rating",
    "o_counter": "O-counter",
    "play_count": "plays",
    "organized": "organised",
    "stash_ids": "ids elsewhere",
}
Names = Mapping[str, Mapping[int, str]]


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
    removed: bool | None  # it was marked as deleted, or (False) came back


def scene_history(scene_id: int) -> tuple[ChangeLine, ...]:
    """Return the last changes of a scene, the newest first; at most five queries."""
    rows = list(
        HistoryEntry.objects.filter(scene_id=scene_id)
        .order_by("-at")
        .values_list("at", "job_id", "changes")[:KEPT]
    )
    titles = titles_of(job_id for _, job_id, _ in rows if job_id is not None)
    names = _names([changes for _, _, changes in rows])
    return tuple(
        ChangeLine(
            at=at,
            by=None if job_id is None else ChangedBy(job_id, titles.get(job_id, "")),
            fields=_fields(changes, names),
            removed=changes[REMOVED][1] if REMOVED in changes else None,
        )
        for at, job_id, changes in rows
    )


def _names(all_changes: Sequence[Mapping[str, Any]]) -> Names:
    """Return the present names of all rows that these changes refer to."""
    found: dict[str, dict[int, str]] = {}
    for field, model in MODELS.items():
        keys = {
            key
            for changes in all_changes
            for side in changes.get(field, ())
            for key in _listed(side)
        }
        if keys:
            notes = ("disambiguation",) if model is Performer else ()
            rows = model.objects.filter(id__in=keys).values_list("id", "name", *notes)
            found[field] = {key: shown_name(*name) for key, *name in rows}
    return found


def _listed(side: Any) -> Iterable[Any]:
    if isinstance(side, list):
        return side
    return () if side is None else (side,)


def _fields(changes: Mapping[str, Any], names: Names) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(
            LABELS.get(field, field.replace("_", " ")),
            _words(field, before, names),
            _words(field, after, names),
        )
        for field, (before, after) in changes.items()
        if field != REMOVED
    )


def _words(field: str, side: Any, names: Names) -> tuple[str, ...]:
    """Return the values of one side as people read them; none if it is empty."""
    if field in MODELS:
        known = names.get(field, {})
        return tuple(
            known.get(key, f"{remote_id(key)} (no longer here)")
            for key in _listed(side)
        )
    if isinstance(side, bool):
        return ("yes" if side else "no",)
    return tuple(_text(value) for value in _listed(side) if value != "")


def _text(value: Any) -> str:
    return ": ".join(map(str, value)) if isinstance(value, list) else str(value)
