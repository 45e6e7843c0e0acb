"""Options of a command that say how to come through to a source.

Secrets come from a prompt or a file and are never an argument: others see those.
"""

import sys
from argparse import ArgumentParser
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.views.decorators.debug import sensitive_variables

from syncapp import services
from syncapp.management.wait_for_job import USAGE
from syncapp.stash.way_in import Headers


@dataclass(frozen=True, slots=True)
class WayInOptions:
    """What the options say; None where they say nothing, empty to remove it."""

    certificate: str | None
    headers: Headers | None = field(repr=False)


def add_way_in_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--certificate-file",
        type=Path,
        help="Certificate of the server or of who signed it (PEM), or its SHA-256 "
        "fingerprint, for https that no public authority has signed.",
    )
    parser.add_argument(
        "--headers-file",
        type=Path,
        help="Headers that a proxy before the server asks for, one a line.",
    )
    parser.add_argument(
        "--user", default="", help="User at a proxy that asks for a password."
    )
    parser.add_argument(
        "--password-file", type=Path, help="Read that password from a file."
    )


@sensitive_variables("headers", "password")
def read_way_in_options(options: dict[str, Any]) -> WayInOptions:
    """Return what the options say; raises CommandError, and BadWayIn."""
    certificate = headers = None
    if options["certificate_file"] is not None:
        certificate = read_secret_file(options["certificate_file"], "The certificate")
        certificate = services.read_way_in(certificate).certificate
    if options["headers_file"] is not None or options["user"]:
        lines = ""
        if options["headers_file"] is not None:
            lines = read_secret_file(options["headers_file"], "The headers")
        password = _password(options)
        way_in = services.read_way_in(
            headers=lines, user=options["user"], password=password
        )
        headers = way_in.headers
    return WayInOptions(certificate, headers)


@sensitive_variables()
def _password(options: dict[str, Any]) -> str:
    if not options["user"]:
        return ""
    if options["password_file"] is not None:
        text = read_secret_file(options["password_file"], "The password")
        return text.rstrip("\r\n")
    return getpass("Password at the proxy: ") if sys.stdin.isatty() else ""


@sensitive_variables()
def read_secret_file(path: Path, what: str) -> str:
    """Return what is in the file; raises CommandError, exit code 2."""
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "it is not text"
        msg = f"{what} cannot be read from {path}: {why}."
        raise CommandError(msg, returncode=USAGE) from exc
