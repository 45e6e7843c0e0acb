"""Running a command of the program here, as a terminal would see it."""

import io

from django.core.management import call_command
from django.core.management.base import CommandError


def command(*words: str, err: io.StringIO | None = None) -> tuple[str, int, str]:
    """Run a command; returns what it printed, its exit code and its last words."""
    out = io.StringIO()
    try:
        call_command(*words, stdout=out, stderr=err or io.StringIO())
    except CommandError as exc:
        return out.getvalue(), exc.returncode, str(exc)
    return out.getvalue(), 0, ""
