"""Plans for tests: as an analysis would have left them, in a line each."""

from typing import Any

from syncapp.models import Change, Plan
from syncapp.queries.deciding import as_seen
from syncapp.text.digests import digest_of, key_of_value
from tests.builders import NOON


def as_it_is(change: Any) -> dict[int, str]:
    """Return a change as who sees it now names it when they decide."""
    row = Change.objects.get(pk=change.pk)
    return {row.pk: as_seen(row.state, row.objection, row.image_found)}


def make_plan(source: Any, name: str = "Analysis of 3 scenes", **fields: Any) -> Any:
    values = {
        "kind": "analysis",
        "scope": "chosen",
        "detectors": {"studio": 2},
        "created_at": NOON,
        **fields,
    }
    return Plan.objects.create(source=source, name=name, **values)


def make_change(plan: Any, scene: Any, field: str, value: Any, **fields: Any) -> Any:
    """Propose a value of a scene: a row of the mirror, or a text."""
    is_text = isinstance(value, str)
    cause = fields.pop("cause", f"{field} {value}")
    values = {
        "op": "add" if field in {"performers", "tags"} else "set",
        "entity_id": None if is_text else value.pk,
        "value": value if is_text else value.name,
        "value_key": key_of_value(value if is_text else value.pk),
        "detector": field,
        "detector_version": 1,
        "evidence_kind": "folder",
        "sentence": "A folder is its name.",
        "confidence": 0.97,
        "level": "likely",
        "cause": cause,
        "cause_key": digest_of(cause),
        **fields,
    }
    if values.get("state", "proposed") != "proposed":
        values.setdefault("decided_at", NOON)
    return Change.objects.create(plan=plan, scene_id=scene.pk, field=field, **values)
