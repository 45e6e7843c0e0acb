"""The SQL of ranges of days, which are those of the current zone."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from syncapp.filters.days import day_of
from syncapp.filters.values import Range


def in_days(column: str, wanted: Range[str], today: date) -> Q:
    """Return which moments lie within these days; `today` is the day it is here."""
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
