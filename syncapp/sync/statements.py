"""Builds statements that write many rows, and sends them.

The builders are pure; only here do the databases differ. Multi-row VALUES is fastest on
SQLite, one JSON parameter on PostgreSQL (measured among five ways). Identifiers come
from the models, never from outside; values are parameters.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

import msgspec
from django.db import DatabaseError, DataError, IntegrityError, connection, models

from syncapp.stash.batches import batches

Row = tuple[Any, ...]
REFUSED = {"22", "23", "54"}  # classes of PostgreSQL's errors
SQLITE_VARIABLES = 30_000  # the compiled-in limit is 32,766 since SQLite 3.32


class Statement(NamedTuple):
    """SQL, and its values in the database's form."""

    sql: str
    values: list[Any]


Statements = list[Statement]


def execute(statements: Iterable[Statement]) -> None:
    """Send statements one after the other; each sees what those before it wrote."""
    with connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)


def execute_together(statements: Sequence[Statement]) -> None:
    """Send statements that touch no row twice, and do not see what the others write.

    On PostgreSQL as one: each is a way to the server and back.
    """
    if connection.vendor == "postgresql" and len(statements) > 1:
        named = ", ".join(f"w{n} AS ({each.sql})" for n, each in enumerate(statements))
        values = [value for each in statements for value in each.values]
        statements = [Statement(f"WITH {named} SELECT 1", values)]
    execute(statements)


def is_refusal(exc: Exception) -> bool:
    """Return whether the database objects to a value, whenever it may be asked.

    Of psycopg's errors the class tells: data, integrity, or a limit of the program,
    which Django calls operational, as if the database were away.
    """
    if isinstance(exc, DataError | IntegrityError | OverflowError | UnicodeError):
        return True
    state = getattr(exc.__cause__, "sqlstate", None) or ""
    return isinstance(exc, DatabaseError) and state[:2] in REFUSED


@dataclass(frozen=True, slots=True)
class _Table:
    """A model's table, with the columns that rows are given in."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]  # as the database calls them
    key: tuple[str, ...]
    kept: tuple[str, ...]  # columns that stay as they are in a row that is there
    # Places of columns whose values SQLite takes in another form, and what makes it.
    encoders: tuple[tuple[int, "Callable[[Any], Any]"], ...]


@cache
def _table(
    model: type[models.Model], columns: tuple[str, ...], kept: tuple[str, ...] = ()
) -> _Table:
    """Return the description of `columns` of the model's table."""
    meta = model._meta
    fields = {field.attname: field for field in meta.concrete_fields}
    key = [field.attname for field in meta.pk_fields]
    types = tuple(fields[name].db_type(connection) or "" for name in columns)
    encoders = tuple(
        (place, encode)
        for place, name in enumerate(columns)
        if (encode := _encoder(fields[name]))
    )
    return _Table(meta.db_table, columns, types, tuple(key), kept, encoders)


def upsert(
    model: type[models.Model],
    columns: tuple[str, ...],
    rows: Sequence[Row],
    *,
    kept: tuple[str, ...] = (),
) -> Statements:
    """Insert `rows`, or update those whose primary key is there already.

    `rows`: values in the order of `columns`, primary keys unique, any order. Columns
    that are not named, and those of `kept`, keep what they hold in a row that is
    there. Repeating it changes nothing.
    """
    if not rows:
        return []
    return _UPSERTS[connection.vendor](_table(model, columns, kept), rows)


def _conflict(spec: _Table) -> str:
    others = [name for name in spec.columns if name not in (*spec.key, *spec.kept)]
    sets = ", ".join(f'"{name}"=EXCLUDED."{name}"' for name in others)
    keys = ", ".join(f'"{name}"' for name in spec.key)
    return f"ON CONFLICT ({keys}) DO " + (f"UPDATE SET {sets}" if sets else "NOTHING")


def _names(spec: _Table) -> str:
    return ", ".join(f'"{name}"' for name in spec.columns)


def _upsert_sqlite(spec: _Table, rows: Sequence[Row]) -> Statements:
    statements, wide = [], len(spec.columns)
    for part in batches(rows, SQLITE_VARIABLES // wide):
        values = list(chain.from_iterable(part))
        for place, encode in spec.encoders:  # column by column: most need none
            values[place::wide] = [
                None if value is None else encode(value)
                for value in values[place::wide]
            ]
        sql = (
            f'INSERT INTO "{spec.name}" ({_names(spec)}) VALUES '  # noqa: S608
            f"{_marks(wide, len(part))} {_conflict(spec)}"
        )
        statements.append(Statement(sql, values))
    return statements


def _upsert_postgresql(spec: _Table, rows: Sequence[Row]) -> Statements:
    picks = ", ".join(
        f"r->{place}" if kind == "jsonb" else f"(r->>{place})::{kind}"
        for place, kind in enumerate(spec.types)
    )
    sql = (
        f'INSERT INTO "{spec.name}" ({_names(spec)}) SELECT {picks} '  # noqa: S608
        f"FROM jsonb_array_elements(%s::jsonb) AS r {_conflict(spec)}"
    )
    return [Statement(sql, [msgspec.json.encode(rows).decode()])]


def _encoder(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """Return what makes of a value what Django stores in SQLite; None: it is that."""
    if isinstance(field, models.DateTimeField):
        return _sqlite_time
    return _sqlite_json if isinstance(field, models.JSONField) else None


def _sqlite_time(value: datetime) -> str:
    # Without a zone, in UTC. Nearly all are in UTC already: the slice is the fast way.
    plain = value if value.tzinfo is UTC else value.astimezone(UTC)
    return plain.isoformat(" ")[: -len("+00:00")]


def _sqlite_json(value: Any) -> str:
    return "[]" if value == [] else json.dumps(value)


_UPSERTS = {"sqlite": _upsert_sqlite, "postgresql": _upsert_postgresql}


def delete_pairs(
    model: type[models.Model], columns: tuple[str, str], pairs: Sequence[Row]
) -> Statements:
    """Delete the rows of a link table whose two `columns` equal one of `pairs`."""
    spec = _table(model, columns)
    return [
        Statement(
            f'DELETE FROM "{spec.name}" WHERE ({_names(spec)}) '  # noqa: S608
            f"IN (VALUES {_marks(2, len(some))})",
            [value for pair in some for value in pair],
        )
        for some in batches(pairs, SQLITE_VARIABLES // 2)
    ]


def add_to_counts(
    model: type[models.Model], deltas: Iterable[tuple[int, int]]
) -> Statements:
    """Add to `scene_count` of rows: pairs of (row id, what to add)."""
    changes = [pair for pair in deltas if pair[1]]
    name = model._meta.db_table
    return [
        Statement(
            f"WITH delta(id, n) AS (VALUES {_marks(2, len(some))}) "  # noqa: S608
            f'UPDATE "{name}" SET scene_count = scene_count + delta.n '
            f'FROM delta WHERE "{name}".id = delta.id',
            [value for pair in some for value in pair],
        )
        for some in batches(changes, SQLITE_VARIABLES // 2)
    ]


def set_columns(
    model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Row]
) -> Statements:
    """Set `columns` of rows that exist: each of `rows` is (row id, value, ...)."""
    spec = _table(model, columns)
    # Of a column in which all are null PostgreSQL does not know what they would be.
    sets = ", ".join(
        f'"{column}" = CAST(fresh."{column}" AS {kind})'
        for column, kind in zip(columns, spec.types, strict=True)
    )
    wide = 1 + len(columns)
    return [
        Statement(
            f"WITH fresh(id, {_names(spec)}) AS (VALUES {_marks(wide, len(some))}) "  # noqa: S608
            f'UPDATE "{spec.name}" SET {sets} FROM fresh '
            f'WHERE "{spec.name}".id = fresh.id',
            [value for row in some for value in row],
        )
        for some in batches(rows, SQLITE_VARIABLES // wide)
    ]


def _marks(columns: int, rows: int) -> str:
    """Return the marks of so many rows of values."""
    row = "(" + ", ".join(["%s"] * columns) + ")"
    return ", ".join([row] * rows)
