"""Whether this machine has the keys that its database is used with."""

from hashlib import pbkdf2_hmac

from django.conf import settings
from django.db import transaction

from jobs.errors import OtherKeys
from jobs.models import KeyFingerprint

# Slow, for a key may be a phrase; one start pays for it, who tries phrases each time.
ROUNDS = 200_000
FILES = {"secret": "secret.key", "encryption": "fernet.key"}
SETTINGS = {"secret": "STEWARD_SECRET_KEY", "encryption": "STEWARD_FERNET_KEYS"}


def check_keys() -> None:
    """Note the keys of the first machine; raises OtherKeys on one that has others.

    An encryption key that now stands behind a newer one was replaced, not lost.
    """
    for name, keys in _keys().items():
        first, *older = (_fingerprint(name, key) for key in keys)
        noted, _ = KeyFingerprint.objects.get_or_create(
            name=name, defaults={"digest": first}
        )
        if noted.digest in older:
            KeyFingerprint.objects.filter(pk=name).update(digest=first)
        elif noted.digest != first:
            msg = (
                f"This machine's {name} key is not the one that this database is used "
                f"with: copy {FILES[name]} (or {SETTINGS[name]}) from the machine that "
                "has it, or, if the key was changed on purpose, run "
                "`manage.py accept_keys` here."
            )
            raise OtherKeys(msg)


@transaction.atomic
def accept_keys() -> None:
    """Take this machine's keys for those of the database from now on."""
    for name, keys in _keys().items():
        KeyFingerprint.objects.update_or_create(
            name=name, defaults={"digest": _fingerprint(name, keys[0])}
        )


def _keys() -> dict[str, list[str]]:
    return {"secret": [settings.SECRET_KEY], "encryption": settings.FERNET_KEYS}


def _fingerprint(name: str, key: str) -> str:
    """Return what tells two keys apart, and from which neither can be had."""
    salt = f"steward {name} key".encode()
    return pbkdf2_hmac("sha256", key.encode(), salt, ROUNDS).hex()
