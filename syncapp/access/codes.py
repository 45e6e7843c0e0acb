"""Setup codes: made, kept as a digest, compared."""

import base64
import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from syncapp.access.errors import OldCode, UsedCode, WrongCode
from syncapp.models import SetupCode

BITS, GROUP = 128, 4
VALID_MINUTES = 60
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


@sensitive_variables()
def make_code() -> str:
    """Make a code, such as K7QM-4XTA-...; the ones before it are good no longer."""
    text = base64.b32encode(secrets.token_bytes(BITS // 8)).decode().rstrip("=")
    now = timezone.now()
    with transaction.atomic():
        SetupCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
        SetupCode.objects.create(
            sha256=_digest(text),
            created_at=now,
            expires_at=now + timedelta(minutes=VALID_MINUTES),
        )
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


@sensitive_variables()
def find_code(typed: str) -> int:
    """Return the id of the code that was typed; case, spaces and hyphens are free.

    Raises WrongCode, UsedCode or OldCode.
    """
    code = SetupCode.objects.filter(sha256=_digest(_plain(typed))).first()
    if code is None:
        raise WrongCode
    newer = SetupCode.objects.filter(pk__gt=code.pk)
    if code.used_at is not None or newer.exists():
        raise UsedCode
    if code.expires_at <= timezone.now():
        raise OldCode
    return code.pk


def spend_code(code_id: int) -> None:
    SetupCode.objects.filter(pk=code_id).update(used_at=timezone.now())


def _plain(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter in _ALPHABET)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
