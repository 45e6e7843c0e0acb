"""Keeps what is never to be proposed again, until it is taken back."""

from datetime import UTC, datetime
from typing import Any

from syncapp.models import Change, Dismissal
from syncapp.models.rules import Reach
from syncapp.services.errors import BadRequest, ChangeNotFound, DismissalNotFound

COLUMNS = (
    *("plan__source_id", "scene_id", "field", "op", "value_key", "value"),
    *("cause_key", "sentence"),
)


def dismiss(change_id: int, reach: str, *, by: int | None = None) -> int:
    """Never propose this again: to this scene, for this reason, or anywhere.

    Returns the dismissal's id; of one that is there already, that one's. The change
    itself stays as it is. Counts from the next analysis on.

    Raises ChangeNotFound, BadRequest.
    """
    if reach not in Reach.values:
        msg = f"Dismiss for {', '.join(Reach.values)}, not for {reach!r}."
        raise BadRequest(msg)
    row = Change.objects.filter(pk=change_id).values(*COLUMNS).first()
    if row is None:
        msg = "This change is not here: its plan may have been deleted."
        raise ChangeNotFound(msg)
    told = {"value": row["value"], "sentence": row["sentence"]}
    found, _ = Dismissal.objects.get_or_create(
        source_id=row["plan__source_id"],
        reach=reach,
        **_reached(row, Reach(reach)),
        defaults={**told, "by_id": by, "at": datetime.now(UTC)},
    )
    return found.pk


def take_back_dismissal(dismissal_id: int) -> str:
    """Let it be proposed again; returns what was dismissed.

    Raises DismissalNotFound.
    """
    row = Dismissal.objects.filter(pk=dismissal_id).first()
    if row is None:
        msg = "This dismissal is not here: it may have been taken back already."
        raise DismissalNotFound(msg)
    Dismissal.objects.filter(pk=dismissal_id).delete()
    return row.value


def _reached(row: dict[str, Any], reach: Reach) -> dict[str, Any]:
    """Return the columns by which a dismissal of this reach is known."""
    if reach is Reach.CAUSE:
        return {"cause_key": row["cause_key"]}
    value = {name: row[name] for name in ("field", "op", "value_key")}
    return {**value, "scene_id": row["scene_id"]} if reach is Reach.SCENE else value
