"""The delay for an address that types wrong codes; it grows, and it always ends."""

import ipaddress
import math
from datetime import timedelta

from django.utils import timezone

from syncapp.access.errors import TooManyTries
from syncapp.models import SetupAttempts

FREE_TRIES = 5
LONGEST_WAIT_S = 300
FORGOTTEN_AFTER = timedelta(hours=1)
_NETWORK_BITS = 64  # one household has so many addresses in IPv6


def lock_attempts(address: str) -> int:
    """Return the id of this address's row, locked until the transaction ends.

    Tries from one address are judged one after the other. Raises TooManyTries while
    the address has to wait; such a try is not counted.
    """
    now = timezone.now()
    SetupAttempts.objects.filter(failed_at__lt=now - FORGOTTEN_AFTER).delete()
    # In one statement: a claim that wins deletes the rows of those who still try.
    SetupAttempts.objects.bulk_create(
        [SetupAttempts(address=_key(address), failed_at=now)],
        update_conflicts=True,
        unique_fields=["address"],
        update_fields=["address"],  # locks the row, and leaves it as it is
    )
    row = SetupAttempts.objects.get(address=_key(address))
    now = timezone.now()  # not before: others may have failed while we waited here
    due = row.failed_at + timedelta(seconds=wait_s(row.failures))
    if due > now:
        raise TooManyTries(math.ceil((due - now).total_seconds()))
    return row.pk


def count_failure(row_id: int) -> None:
    """Count a wrong code; the row is held by this transaction."""
    row = SetupAttempts.objects.get(pk=row_id)
    row.failures, row.failed_at = row.failures + 1, timezone.now()
    row.save()


def forget_all() -> None:
    SetupAttempts.objects.all().delete()


def wait_s(failures: int) -> int:
    """Return the seconds to wait after so many failures: none, then 1, 2, 4 ... 300."""
    if failures < FREE_TRIES:
        return 0
    return int(min(2 ** min(failures - FREE_TRIES, 16), LONGEST_WAIT_S))


def _key(address: str) -> str:
    """Return the address as it is counted: of IPv6 the network."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _NETWORK_BITS), strict=False))
