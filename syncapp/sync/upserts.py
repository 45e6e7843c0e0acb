"""Writes many rows in one statement; the only place where the databases differ.

Multi-row VALUES is fastest on SQLite, one JSON parameter on PostgreSQL (measured among
five ways). Identifiers come from the models, never from outside; values are parameters.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
from django.db import connection, models

from syncapp.stash.batches import batches

Row = tuple[Any, ...]
_waiting: ContextVar[list[tuple[str, list[Any]]] | None] = ContextVar(
    "waiting", default=None
)
SQLITE_VARIABLES = 30_000  # the compiled-in limit is 32,766 since SQLite 3.32


@contextmanager
def prepared() -> Iterator["Statements"]:
    """Keep what is written in this block, ready to be sent in a transaction.

    The values are brought into the database's form here, where no lock is held.
    """
    statements = Statements()
    token = _waiting.set(statements.parts)
    try:
        yield statements
    finally:
        _waiting.reset(token)


class Statements:
    """Statements that touch no row twice, and do not see what the others write."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, list[Any]]] = []

    def send(self) -> None:
        """Execute them; on PostgreSQL as one: each is a way to the server and back."""
        parts = self.parts
        if connection.vendor == "postgresql" and len(parts) > 1:
            named = ", ".join(f"w{n} AS ({sql})" for n, (sql, _) in enumerate(parts))
            values = [value for _, params in parts for value in params]
            parts = [(f"WITH {named} SELECT 1", values)]
        for sql, params in parts:
            _execute(sql, params)


def _execute(sql: str, values: list[Any]) -> None:
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append((sql, values))
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@dataclass(frozen=True, slots=True)
class Table:
    """A model's table, with the columns that rows are given in."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]  # as the database calls them
    key: tuple[str, ...]
    encoders: tuple["Callable[[Any], Any] | None", ...]  # to SQLite's form


@cache
def table(model: type[models.Model], columns: tuple[str, ...]) -> Table:
    """Return the description of `columns` of the model's table."""
    meta = model._meta
    fields = {field.attname: field for field in meta.concrete_fields}
    key = [field.attname for field in meta.pk_fields]
    types = tuple(fields[name].db_type(connection) or "" for name in columns)
    encoders = tuple(_encoder(fields[name]) for name in columns)
    return Table(meta.db_table, columns, types, tuple(key), encoders)


def put(
    model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Row]
) -> None:
    """Insert `rows`, or update those whose primary key is there already.

    `rows`: values in the order of `columns`, primary keys unique, any order. Columns
    that are not named keep what they hold. Repeating a call changes nothing.
    """
    if not rows:
        return
    spec = table(model, columns)
    _WRITERS[connection.vendor](spec, rows)


def _conflict(spec: Table) -> str:
    others = [name for name in spec.columns if name not in spec.key]
    sets = ", ".join(f'"{name}"=EXCLUDED."{name}"' for name in others)
    keys = ", ".join(f'"{name}"' for name in spec.key)
    return f"ON CONFLICT ({keys}) DO " + (f"UPDATE SET {sets}" if sets else "NOTHING")


def _names(spec: Table) -> str:
    return ", ".join(f'"{name}"' for name in spec.columns)


def _put_sqlite(spec: Table, rows: Sequence[Row]) -> None:
    marks = "(" + ", ".join(["%s"] * len(spec.columns)) + ")"
    size = SQLITE_VARIABLES // len(spec.columns)
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        values = [
            encode(value) if encode and value is not None else value
            for row in part
            for encode, value in zip(spec.encoders, row, strict=True)
        ]
        _execute(
            f'INSERT INTO "{spec.name}" ({_names(spec)}) VALUES '  # noqa: S608
            f"{', '.join([marks] * len(part))} {_conflict(spec)}",
            values,
        )


def _put_postgresql(spec: Table, rows: Sequence[Row]) -> None:
    picks = ", ".join(
        f"r->{place}" if kind == "jsonb" else f"(r->>{place})::{kind}"
        for place, kind in enumerate(spec.types)
    )
    _execute(
        f'INSERT INTO "{spec.name}" ({_names(spec)}) SELECT {picks} '  # noqa: S608
        f"FROM jsonb_array_elements(%s::jsonb) AS r {_conflict(spec)}",
        [msgspec.json.encode(rows).decode()],
    )


def _encoder(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """Return what makes of a value what Django stores in SQLite; None: it is that."""
    if isinstance(field, models.DateTimeField):
        return _sqlite_time
    return _sqlite_json if isinstance(field, models.JSONField) else None


def _sqlite_time(value: datetime) -> str:
    # Without a zone, in UTC. Nearly all are in UTC already: the slice is the fast way.
    return value.astimezone(UTC).isoformat(" ")[: -len("+00:00")]


def _sqlite_json(value: Any) -> str:
    return "[]" if value == [] else json.dumps(value)


_WRITERS = {"sqlite": _put_sqlite, "postgresql": _put_postgresql}


def remove(model: type[models.Model], keys: Sequence[int]) -> None:
    """Delete the rows with these primary keys."""
    if not keys:
        return
    marks = ", ".join(["%s"] * len(keys))
    _execute(
        f'DELETE FROM "{model._meta.db_table}" WHERE id IN ({marks})',  # noqa: S608
        list(keys),
    )


def remove_pairs(
    model: type[models.Model], columns: tuple[str, str], pairs: Sequence[Row]
) -> None:
    """Delete the rows of a link table whose two `columns` equal one of `pairs`."""
    spec = table(model, columns)
    for some in batches(pairs, SQLITE_VARIABLES // 2):
        marks = ", ".join(["(%s, %s)"] * len(some))
        _execute(
            f'DELETE FROM "{spec.name}" WHERE ({_names(spec)}) '  # noqa: S608
            f"IN (VALUES {marks})",
            [value for pair in some for value in pair],
        )


def keep_newest(
    model: type[models.Model],
    columns: tuple[str, str],
    owners: Sequence[int],
    kept: int,
) -> None:
    """Delete of each owner's rows all but the newest `kept`.

    `columns`: the one that names the owner, and the moment that orders its rows; both
    are the key.
    """
    if not owners:
        return
    spec = table(model, columns)
    owner, moment = columns
    marks = ", ".join(["%s"] * len(owners))
    _execute(
        f'DELETE FROM "{spec.name}" WHERE ({_names(spec)}) IN ('  # noqa: S608
        f"SELECT {_names(spec)} FROM (SELECT {_names(spec)}, ROW_NUMBER() OVER "
        f'(PARTITION BY "{owner}" ORDER BY "{moment}" DESC) AS place '
        f'FROM "{spec.name}" WHERE "{owner}" IN ({marks})) AS aged '
        f"WHERE place > {kept})",
        list(owners),
    )


def add_to_counts(model: type[models.Model], deltas: Iterable[tuple[int, int]]) -> None:
    """Add to `scene_count` of rows: pairs of (row id, what to add)."""
    changes = [pair for pair in deltas if pair[1]]
    name = model._meta.db_table
    for some in batches(changes, SQLITE_VARIABLES // 2):
        marks = ", ".join(["(%s, %s)"] * len(some))
        _execute(
            f"WITH delta(id, n) AS (VALUES {marks}) "  # noqa: S608
            f'UPDATE "{name}" SET scene_count = scene_count + delta.n '
            f'FROM delta WHERE "{name}".id = delta.id',
            [value for pair in some for value in pair],
        )


def set_columns(
    model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Row]
) -> None:
    """Set `columns` of rows that exist: each of `rows` is (row id, value, ...)."""
    if not rows:
        return
    name = model._meta.db_table
    marks = ", ".join(["(" + ", ".join(["%s"] * (1 + len(columns))) + ")"] * len(rows))
    fresh = ", ".join(f'"{column}"' for column in columns)
    sets = ", ".join(f'"{column}" = fresh."{column}"' for column in columns)
    _execute(
        f"WITH fresh(id, {fresh}) AS (VALUES {marks}) "  # noqa: S608
        f'UPDATE "{name}" SET {sets} FROM fresh WHERE "{name}".id = fresh.id',
        [value for row in rows for value in row],
    )
