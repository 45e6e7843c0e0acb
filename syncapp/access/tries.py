"""The delay for who types wrong codes or passwords; it grows, and it always ends.

Each address waits for itself, so nobody can lock an owner out who is elsewhere. At the
sign-in it waits for each account, and after more tries for all of them.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from syncapp.access.errors import TooManyTries
from syncapp.models import FailedTries

FREE_TRIES, FREE_TRIES_OF_ADDRESS = 5, 20
LONGEST_WAIT_S = 300
FORGOTTEN_AFTER = timedelta(hours=1)
CLOCK_SET_BACK = timedelta(minutes=1)
_NETWORK_BITS = 64  # one household has so many addresses in IPv6
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Throttle:
    """What is counted together, and how many failures of it cost nothing."""

    key: str
    free: int
    what: str  # came too often: "wrong setup codes"


def of_setup(address: str) -> Throttle:
    return Throttle(f"setup {_network(address)}", FREE_TRIES, "wrong setup codes")


def of_sign_in(name: str, address: str) -> tuple[Throttle, Throttle]:
    """Return that of the address, and that of the account at this address."""
    place, what = f"sign-in {_network(address)}", "tries to sign in"
    account = blake2b(name.casefold().encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return (
        Throttle(place, FREE_TRIES_OF_ADDRESS, what),
        Throttle(f"{place} {account}", FREE_TRIES, what),
    )


def lock(throttle: Throttle) -> int:
    """Return the id of the throttle's row, locked until the transaction ends.

    Tries are judged one after the other. Raises TooManyTries while one has to wait;
    such a try is not counted.
    """
    now = timezone.now()
    old = Q(failed_at__lt=now - FORGOTTEN_AFTER)
    ahead = Q(failed_at__gt=now + CLOCK_SET_BACK)  # nobody waits for that clock
    FailedTries.objects.filter(old | ahead).delete()
    # In one statement: a claim that wins deletes the rows of those who still try.
    FailedTries.objects.bulk_create(
        [FailedTries(key=throttle.key, failed_at=now)],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["key"],  # locks the row, and leaves it as it is
    )
    row = FailedTries.objects.get(key=throttle.key)
    now = timezone.now()  # not before: others may have failed while we waited here
    due = row.failed_at + timedelta(seconds=wait_s(row.failures, throttle.free))
    if due > now:
        raise TooManyTries(math.ceil((due - now).total_seconds()), throttle.what)
    return row.pk


def count_failure(row_id: int) -> None:
    """Count what was wrong; the row is held by this transaction."""
    row = FailedTries.objects.get(pk=row_id)
    row.failures, row.failed_at = row.failures + 1, timezone.now()
    row.save()


def begin_sign_in(name: str, address: str) -> None:
    """Count a try before its password is looked at; raises TooManyTries.

    Not after: that takes a while, in which no database shall be held up and no others
    shall slip through beside it.
    """
    with transaction.atomic():
        rows = [lock(throttle) for throttle in of_sign_in(name, address)]
        for row_id in rows:
            count_failure(row_id)


def end_sign_in(name: str, address: str) -> None:
    """Take a try back that was right after all, and forget the account's others."""
    place, account = of_sign_in(name, address)
    with transaction.atomic():
        counted = FailedTries.objects.filter(key=place.key, failures__gt=0)
        counted.update(failures=F("failures") - 1)
        FailedTries.objects.filter(key=account.key).delete()


def forget_all() -> None:
    FailedTries.objects.all().delete()


def wait_s(failures: int, free: int = FREE_TRIES) -> int:
    """Return the seconds to wait after so many failures: none, then 1, 2, 4 ... 300."""
    if failures < free:
        return 0
    return int(min(2 ** min(failures - free, 16), LONGEST_WAIT_S))


def _network(address: str) -> str:
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
