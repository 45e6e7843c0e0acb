"""Makes a plan of a file, whose changes wait for a decision as any others."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from syncapp.models import Change, Plan, Scene
from syncapp.models.field_words import KIND_OF_FIELD
from syncapp.models.keys import remote_id, row_id
from syncapp.models.plans import FIELD_MODELS, NAME, PlanKind, Scope
from syncapp.services.errors import BadPlanFile
from syncapp.services.plan_file import FiledChange, read_plan_file
from syncapp.services.sources import lock_source
from syncapp.stash.batches import batches
from syncapp.text.digests import digest_of, key_of_value

BATCH = 500


def import_plan(
    source_id: int, content: bytes, *, name: str = "", by: int | None = None
) -> int:
    """Make a plan of the JSON of an export; returns its id.

    Ids in it are those of this source. A file that is imported twice is two plans.

    Raises SourceNotFound, BadPlanFile.
    """
    changes = read_plan_file(content)
    with transaction.atomic():
        source = lock_source(source_id)
        _check_scenes(changes, source_id, source)
        _check_entities(changes, source_id, source)
        plan = Plan.objects.create(
            source_id=source_id,
            name=(" ".join(name.split()) or "Imported plan")[:NAME],
            kind=PlanKind.IMPORTED,
            scope=Scope.CHOSEN,
            detectors={each.detector: each.detector_version for each in changes},
            by_id=by,
            created_at=timezone.now(),
        )
        for some in batches(changes, BATCH):
            rows = [_row(plan.pk, each, source_id) for each in some]
            Change.objects.bulk_create(rows)
    return int(plan.pk)


def _check_scenes(changes: Sequence[FiledChange], source_id: int, source: str) -> None:
    known = _live(Scene, {each.scene for each in changes}, source_id)
    for each in changes:
        if each.scene not in known:
            raise _unknown(each, f"scene {each.scene}", source)


def _check_entities(
    changes: Sequence[FiledChange], source_id: int, source: str
) -> None:
    for field, model in FIELD_MODELS.items():
        named = [c for c in changes if c.field == field and c.value_id is not None]
        known = _live(model, {c.value_id for c in named if c.value_id}, source_id)
        for each in named:
            if each.value_id not in known:
                shown = each.value[:100]
                what = f"{KIND_OF_FIELD[field]} {each.value_id} “{shown}”"
                raise _unknown(each, what, source)


def _live(model: Any, remote_ids: Iterable[int], source_id: int) -> set[int]:
    """Return which of these the mirror holds."""
    found: set[int] = set()
    for some in batches(sorted(remote_ids), BATCH):
        keys = [row_id(source_id, each) for each in some]
        rows = model.objects.filter(id__in=keys, deleted_at=None).order_by()
        found.update(map(remote_id, rows.values_list("id", flat=True)))
    return found


def _unknown(change: FiledChange, what: str, source: str) -> BadPlanFile:
    return BadPlanFile(
        f"Line {change.line}: {what} is not in the mirror of {source}. Sync, choose "
        "another source, or take this change out. Nothing was imported."
    )


def _row(plan_id: int, told: FiledChange, source_id: int) -> Change:
    entity_id = None if told.value_id is None else row_id(source_id, told.value_id)
    before_id = None if told.before_id is None else row_id(source_id, told.before_id)
    return Change(
        plan_id=plan_id,
        scene_id=row_id(source_id, told.scene),
        field=told.field,
        op=told.op,
        entity_id=entity_id,
        value=told.value,
        value_key=key_of_value(told.value if entity_id is None else entity_id),
        before_id=before_id,
        before=told.before,
        detector=told.detector,
        detector_version=told.detector_version,
        evidence_kind=told.evidence_kind,
        sentence=told.sentence,
        confidence=told.confidence,
        level=told.level,
        cause=told.cause,
        cause_key=digest_of(told.cause),
        choice=told.choice,
    )
