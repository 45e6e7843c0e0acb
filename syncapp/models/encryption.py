"""A text column that is encrypted at rest."""

from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class KeyLost(Exception):
    """A stored secret cannot be decrypted with the keys that this process has."""


@cache
def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FERNET_KEYS])


def encrypt(text: str) -> str:
    """Return `text` as it is stored; empty stays empty."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def decrypt(stored: str) -> str:
    """Return the text behind `stored`.

    Raises KeyLost if none of the keys fits, for example after fernet.key was lost.
    """
    try:
        return _fernet().decrypt(stored).decode() if stored else ""
    except InvalidToken as exc:
        msg = (
            "What is stored of the API key or of headers cannot be decrypted: "
            "fernet.key (or STEWARD_FERNET_KEYS) is not the one it was saved with. "
            "Bring that key back, or enter the API key again, and the headers."
        )
        raise KeyLost(msg) from exc


if TYPE_CHECKING:
    _TextField = models.TextField[str, "Sealed"]
else:
    _TextField = models.TextField


class EncryptedTextField(_TextField):
    """Encrypted on the way in; comes out as a `Sealed`, decrypted only on demand.

    A list of sources can so be shown even when the encryption key was lost.
    """

    def from_db_value(self, value: str | None, *_: Any) -> "Sealed | None":
        return None if value is None else Sealed(value)

    def get_prep_value(self, value: Any) -> str | None:
        if isinstance(value, Sealed):
            return str.__str__(value)
        return None if value is None else encrypt(value)


class Sealed(str):
    """A stored secret; neither printing nor logging it shows the text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"

    def open(self) -> str:
        """Return the text; raises KeyLost."""
        return decrypt(str.__str__(self))
