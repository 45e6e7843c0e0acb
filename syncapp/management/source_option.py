"""Finds the source that a command means, and reads lists of names and ids."""

from argparse import ArgumentTypeError

from django.core.management.base import CommandError

from jobs.numbers import parse_id
from syncapp.management.wait_for_job import USAGE
from syncapp.queries import SourceLine, list_sources


def choose_source(name: str | None) -> SourceLine:
    """Return the source of that name; the only one if none is named.

    Raises CommandError, exit code 2.
    """
    sources = list_sources()
    named = [source for source in sources if name in {None, source.name}]
    if len(named) == 1:
        return named[0]
    names = ", ".join(repr(source.name) for source in sources)
    if not sources:
        msg = "There is no source yet: add one with `manage.py source add NAME URL`."
    elif name is None:
        msg = f"There are several sources: choose one with --source. There are {names}."
    else:
        msg = f"There is no source named {name!r}. There are {names}."
    raise CommandError(msg, returncode=USAGE)


def names(text: str) -> tuple[str, ...]:
    """Return the names in a list such as scenes,tags."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def ids_of_stash(text: str) -> tuple[int, ...]:
    """Return the ids in a list such as 1,2,3; raises ArgumentTypeError."""
    found = [parse_id(part) for part in names(text)]
    ids = tuple(each for each in found if each is not None)
    if not ids or len(ids) < len(found):
        msg = f"{text!r} is no list of ids such as 1,2,3"
        raise ArgumentTypeError(msg)
    return ids
