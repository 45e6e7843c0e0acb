"""Allows automatic apply of a source, and switches it off."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from jobs.scheduling.services import ScheduleSpec, ensure_default
from syncapp.analysis.looking import chosen_detectors
from syncapp.models import AutomaticApply, Source
from syncapp.models.automatic import MOST_A_DAY
from syncapp.services.errors import BadRequest, ReadOnly
from syncapp.services.sources import lock_source

EACH_MINUTES = 60


def allow_automatic(
    source_id: int, detectors: Sequence[str], daily_limit: int, *, by: int | None = None
) -> None:
    """Have what these detectors are certain of accepted and applied by itself.

    The alarm counts from now on. With the first word comes a schedule, each hour.

    Raises SourceNotFound, ReadOnly, BadRequest.
    """
    if not detectors:
        msg = "Choose at least one detector, or switch automatic apply off."
        raise BadRequest(msg)
    usual = [each.name for each in chosen_detectors()]
    if unknown := sorted(set(detectors) - set(usual)):
        msg = (
            f"There is no detector {unknown[0]!r} to be left alone: {', '.join(usual)}."
        )
        raise BadRequest(msg)
    if not 0 < daily_limit <= MOST_A_DAY:
        msg = f"Allow 1 to {MOST_A_DAY:,} changes a day."
        raise BadRequest(msg)
    with transaction.atomic():
        name = lock_source(source_id)
        if Source.objects.filter(pk=source_id, read_only=True).exists():
            raise ReadOnly
        AutomaticApply.objects.update_or_create(
            source_id=source_id,
            defaults={
                "detectors": [name for name in usual if name in detectors],
                "daily_limit": daily_limit,
                "allowed_by_id": by,
                "allowed_at": datetime.now(UTC),
            },
        )
        schedule = ScheduleSpec(
            name=f"Automatic apply · {name}",
            kind="plan.automatic",
            params={"source_id": source_id},
            every_minutes=EACH_MINUTES,
            zone=settings.TIME_ZONE,
        )
        ensure_default(f"plan.automatic:{source_id}", schedule)


def stop_automatic(source_id: int) -> None:
    """Switch it off; what is accepted already is written all the same."""
    AutomaticApply.objects.filter(pk=source_id).delete()
