"""Tells from a database error whether it passes by itself, whatever was asked."""

from django.db import DatabaseError, InterfaceError, OperationalError

DATABASE_ERRORS = (DatabaseError, InterfaceError)
# PostgreSQL: two who waited for each other; a transaction that has to come again.
DEADLOCKS = {"40P01", "40001"}
# PostgreSQL: no connection, no room or memory, it stops or starts, its disk, read only.
AWAY_STATES = ("08", "53", "57P", "58", "25006")
# SQLite: busy, locked, no memory, read only, disk, full, not to be opened, protocol.
AWAY_CODES = {5, 6, 7, 8, 10, 13, 14, 15}
PRIMARY = 0xFF  # of an extended code


def is_away(exc: BaseException) -> bool:
    """Return whether the database is away, locked, full or read only.

    That says nothing of what it was given; a statement that it refuses does.
    """
    state = _state(exc)
    if state is not None:
        return state.startswith(AWAY_STATES)
    code = getattr(exc.__cause__, "sqlite_errorcode", None)
    if code is not None:
        return code & PRIMARY in AWAY_CODES
    # Of neither: there was no server to say more.
    return isinstance(exc, OperationalError | InterfaceError)


def is_deadlock(exc: BaseException) -> bool:
    """Return whether the database ended this transaction in favour of another."""
    return isinstance(exc, DATABASE_ERRORS) and _state(exc) in DEADLOCKS


def passes(exc: BaseException) -> bool:
    """Return whether the same may go well if it is tried again."""
    return is_away(exc) or is_deadlock(exc)


def _state(exc: BaseException) -> str | None:
    return getattr(exc.__cause__, "sqlstate", None)
