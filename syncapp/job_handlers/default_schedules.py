"""The schedules that a source gets when it works: made once, then the person's own.

With the first one comes that which clears away old history.
"""

from django.conf import settings

from jobs.enums import JSON, Misfire
from jobs.scheduling.services import ScheduleSpec, ensure_default
from syncapp.models import Source

QUICK_MINUTES = 15
SUNDAY_NIGHT = "0 4 * * SUN"
EACH_NIGHT = "45 3 * * *"


def schedule_syncs(source_id: int) -> None:
    """Have the source synced quickly every 15 minutes, and as a whole each week."""
    name = Source.objects.filter(pk=source_id).values_list("name", flat=True).first()
    if name is None:
        return
    params: dict[str, JSON] = {
        "source_id": source_id,
        "streams": [],
        "accept_deletions": False,
        "rewrite": False,
    }
    quick = ScheduleSpec(
        name=f"Quick sync · {name}",
        kind="sync.quick",
        params=params,
        every_minutes=QUICK_MINUTES,
        zone=settings.TIME_ZONE,
    )
    whole = ScheduleSpec(
        name=f"Full sync · {name}",
        kind="sync.full",
        params=params,
        cron=SUNDAY_NIGHT,
        zone=settings.TIME_ZONE,
        misfire=Misfire.ONCE,
    )
    ensure_default(f"sync.quick:{source_id}", quick)
    ensure_default(f"sync.full:{source_id}", whole)
    ensure_default("history.prune", _retention())


def _retention() -> ScheduleSpec:
    return ScheduleSpec(
        name="Clear away old history",
        kind="history.prune",
        cron=EACH_NIGHT,
        zone=settings.TIME_ZONE,
        misfire=Misfire.ONCE,
    )
