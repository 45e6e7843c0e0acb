"""The SQL of ranges, alike for all lists."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from syncapp.filters.days import day_of
from syncapp.filters.values import Range

MOMENTS = {
    "added": "remote_created_at",
    "updated": "remote_updated_at",
    "changed": "synced_at",
}


def within(column: str, wanted: Range[Any]) -> Q:
    """Return which rows have a value of this column within the range."""
    found = Q()
    if wanted.low is not None:
        found &= Q(**{f"{column}__gte": wanted.low})
    if wanted.high is not None:
        found &= Q(**{f"{column}__lte": wanted.high})
    return found


def in_days(column: str, wanted: Range[str], today: date) -> Q:
    """Return which moments lie within these days of the current zone."""
    found = Q()
    if wanted.low is not None:
        day = day_of(wanted.low, today)
        if day > date.min:  # before its midnight, another zone has no day at all
            found &= Q(**{f"{column}__gte": _midnight(day)})
    if wanted.high is not None:
        day = day_of(wanted.high, today)
        if day < date.max:
            found &= Q(**{f"{column}__lt": _midnight(day + timedelta(days=1))})
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
