"""What an error at the start of a command means to a person: one sentence each."""

import errno
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from psycopg import errors as postgres

from jobs.monitoring.tables import OLDER

# No room, no room within a quota, and no file that large.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def sentence(error: BaseException) -> str:
    """Return what happened and what to do; empty for an error that is a bug."""
    if isinstance(error, OSError):
        return _no_room() if error.errno in FULL else ""
    if not isinstance(error, DatabaseError | InterfaceError):
        return ""
    causes = tuple(_causes(error))
    text = " ".join(str(cause) for cause in causes)
    for words, kinds, tell in TOLD:
        if isinstance(causes[-1], kinds) or any(word in text for word in words):
            return tell()
    away = isinstance(error, OperationalError) and connection.vendor == "postgresql"
    return AWAY if away else ""


def is_damaged(error: Exception) -> bool:
    """Return whether waiting for the database would be in vain."""
    return isinstance(error, DatabaseError) and sentence(error) == _damaged()


def _damaged() -> str:
    return (
        f"The database {_place()} is damaged or is none. Stop all that uses it, move "
        "the file away, and bring a copy back, such as the newest one of "
        f"{settings.DATA_DIR / 'backups'}. Without one the next start makes it anew."
    )


def _no_room() -> str:
    return (
        f"There is no room to write, in {settings.DATA_DIR} or where the database is: "
        "the disk is full, or it fails. Make room, then start again; nothing is half "
        "written."
    )


def _unopened() -> str:
    return (
        f"The database {_place()} cannot be opened for writing. Look whose its file "
        "and folder are, and whether its disk is read only."
    )


def _place() -> str:
    name = connection.settings_dict["NAME"]
    return str(name) if connection.vendor == "sqlite" else "of DATABASE_URL"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


# What SQLite says, for Python 3.11 hands its numbers on only now and then; what
# PostgreSQL means; the sentence.
TOLD: tuple[
    tuple[tuple[str, ...], tuple[type[Exception], ...], Callable[[], str]], ...
] = (
    (
        ("no such table", "no such column"),
        (postgres.UndefinedTable, postgres.UndefinedColumn),
        lambda: OLDER,
    ),
    (
        ("file is not a database", "malformed", "file is encrypted"),
        (postgres.DataCorrupted, postgres.IndexCorrupted),
        _damaged,
    ),
    (
        ("database or disk is full", "disk I/O error"),
        (postgres.DiskFull,),
        _no_room,
    ),
    (
        ("unable to open database file", "readonly database"),
        (postgres.ReadOnlySqlTransaction,),
        _unopened,
    ),
)
AWAY = (
    "The database does not answer. Is PostgreSQL running, and is DATABASE_URL right? "
    "Its name and password are not shown here."
)
