"""Which errors say that the database is away, and which that it refuses something."""

import sqlite3
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from psycopg import errors

from jobs import outages


def told(kind: type[Exception], cause: Exception) -> Exception:
    """Return the error as Django raises it."""
    error = kind(str(cause))
    error.__cause__ = cause
    return error


def sqlite_error(code: int) -> sqlite3.Error:
    error: Any = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "exc",
    [
        told(OperationalError, psycopg.OperationalError("connection refused")),
        told(OperationalError, errors.AdminShutdown("terminated")),
        told(OperationalError, errors.DiskFull("no space left")),
        told(OperationalError, errors.TooManyConnections("sorry")),
        told(OperationalError, errors.ReadOnlySqlTransaction("read only")),
        told(OperationalError, sqlite_error(sqlite3.SQLITE_FULL)),
        told(OperationalError, sqlite_error(sqlite3.SQLITE_BUSY)),
        told(OperationalError, sqlite_error(sqlite3.SQLITE_IOERR_WRITE)),
        InterfaceError("connection already closed"),
    ],
)
def test_a_database_that_is_away_locked_or_full(exc: Exception) -> None:
    assert outages.is_away(exc)
    assert not outages.is_deadlock(exc)


@pytest.mark.parametrize(
    "exc",
    [
        told(OperationalError, errors.ProgramLimitExceeded("index row size 5000")),
        told(OperationalError, errors.QueryCanceled("statement timeout")),
        told(OperationalError, sqlite_error(sqlite3.SQLITE_ERROR)),
        told(DataError, errors.NumericValueOutOfRange("bigint out of range")),
        DatabaseError("anything"),
        ValueError("anything"),
    ],
)
def test_what_the_database_refuses_does_not_pass(exc: Exception) -> None:
    assert not outages.passes(exc)


@pytest.mark.parametrize(
    "cause", [errors.DeadlockDetected("x"), errors.SerializationFailure("x")]
)
def test_a_deadlock_passes_and_is_no_outage(cause: Exception) -> None:
    exc = told(OperationalError, cause)

    assert outages.is_deadlock(exc)
    assert outages.passes(exc)
    assert not outages.is_away(exc)
