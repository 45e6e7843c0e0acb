"""How the first administrator comes in: a code to type, a link, or two settings."""

import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from syncapp import queries, services

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
USAGE = 2


@dataclass(frozen=True, slots=True)
class Invitation:
    """What to say to the first administrator, and what to open; no link in a log."""

    sentence: str
    link: str


def address(host: str, port: int) -> str:
    """Return the address that a person here can open, without a path."""
    if settings.PUBLIC_ORIGIN:
        origin: str = settings.PUBLIC_ORIGIN
        return origin
    host = ANY_ADDRESS.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@sensitive_variables()
def invite(base: str, *, terminal: bool) -> Invitation | None:
    """Make a setup code and say where to use it; None once there is an administrator.

    Away from a terminal what we say ends in a log: the code goes to a file instead.
    """
    if queries.is_claimed():
        services.remove_setup_code()
        return None
    page = base + reverse("syncapp:setup")
    if not terminal:
        path = services.write_setup_code()
        sentence = (
            f"There is no administrator yet. Open {page} and type the code "
            f"from the file {path} (valid 60 minutes)."
        )
        return Invitation(sentence, "")
    link = f"{page}#{services.make_setup_code()}"
    sentence = f"Open {link} (valid 60 minutes), or type the code at {page}"
    return Invitation(sentence, link)


@sensitive_variables("password")
def make_from_settings() -> str:
    """Make the administrator that the settings name; returns a sentence, or nothing.

    Once there is one, the settings are not looked at. Raises CommandError.
    """
    name, file = settings.ADMIN_USER, settings.ADMIN_PASSWORD_FILE
    if not (name or file) or queries.is_claimed():
        return ""
    if not (name and file):
        msg = "Set both STEWARD_ADMIN_USER and STEWARD_ADMIN_PASSWORD_FILE, or neither."
        raise CommandError(msg, returncode=USAGE)
    password = _read_password(Path(file))
    try:
        services.make_administrator(name, password)
    except services.AlreadyClaimed:
        return ""  # another start made one meanwhile
    except services.BadAccount as exc:
        setting = {"name": "STEWARD_ADMIN_USER"}.get(
            exc.field, "STEWARD_ADMIN_PASSWORD_FILE"
        )
        msg = f"The administrator of {setting} was not made: {exc}"
        raise CommandError(msg, returncode=USAGE) from exc
    return f'Made the administrator "{name}", as STEWARD_ADMIN_USER says.'


def refuse_without_administrator(host: str) -> None:
    """Raise CommandError where the administrator is gone and others could listen in."""
    if queries.has_administrator() or not queries.is_claimed():
        return
    python = _python()
    msg = (
        f"Steward does not listen on {host} while no administrator can sign in: make "
        f"one with `{python} manage.py createsuperuser`, then start again."
    )
    raise CommandError(msg, returncode=USAGE)


def _read_password(path: Path) -> str:
    try:
        return path.read_text().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "it is not text"
        msg = f"The file of STEWARD_ADMIN_PASSWORD_FILE, {path}, cannot be read: {why}."
        raise CommandError(msg, returncode=USAGE) from exc


def _python() -> str:
    """Return how to call this Python, short if it stands below the current folder."""
    path, here = Path(sys.executable), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
