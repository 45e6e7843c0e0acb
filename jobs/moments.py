"""Which moments in rows count as past, by the database's clock.

A clock that was ahead leaves moments that no right clock could have written. What is
further ahead than its longest possible value counts as past: it would else keep a job,
or a worker that is long gone, until that day.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

LONGEST_LEASE_S = 3_600  # that the settings allow
LONGEST_WAIT_S, SPREAD = 900, 0.2  # before another attempt; how much more or less


def expired() -> Q:
    """Return which leases are over.

    A clock that is put back by less than a lease takes nobody's job.
    """
    slack = timedelta(seconds=settings.JOB_LEASE_S)
    longest = timedelta(seconds=LONGEST_LEASE_S)
    return (
        Q(lease_until__lt=Now())
        | Q(lease_until__gt=Now() + longest + slack)
        | Q(heartbeat_at__gt=Now() + slack)
    )


def time_has_come() -> Q:
    """Return which jobs wait for no later moment."""
    longest = timedelta(seconds=LONGEST_WAIT_S * (1 + SPREAD))
    return Q(next_at=None) | Q(next_at__lte=Now()) | Q(next_at__gt=Now() + longest)


def longer_ago(moment: str, span: timedelta) -> Q:
    """Return where that column, which is written as it happens, is older than that."""
    return Q(**{f"{moment}__lt": Now() - span}) | Q(**{f"{moment}__gt": Now() + span})
