"""What a database is made of, in a form that can be compared.

Left out are the names that nobody gave, for a table that was renamed keeps its first
ones, and the order of columns, for a table that grew has another.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

Ask = Callable[[str], list[dict[str, Any]]]
OURS = r"(syncapp|jobs)_\w+"
MADE_BY_DJANGO = re.compile(r'"?\b\w+_[0-9a-f]{8}(_\w+)?\b"?')
MADE_BY_POSTGRES = re.compile(r"INDEX \w+_(pkey|key) ON")
SQLITE = "SELECT type, tbl_name, sql FROM sqlite_master WHERE sql <> ''"
COLUMNS = (
    "SELECT table_name, concat_ws(' ', column_name, data_type,"
    " character_maximum_length, is_nullable, column_default, collation_name,"
    " is_identity) AS what FROM information_schema.columns"
)
INDEXES = "SELECT tablename AS table_name, indexdef AS what FROM pg_indexes"
CONSTRAINTS = (
    "SELECT conrelid::regclass::text AS table_name,"
    " concat_ws(' ', CASE WHEN conname ~ '_(pkey|key|check)$' THEN contype::text"
    " ELSE conname END, pg_get_constraintdef(oid)) AS what"
    " FROM pg_constraint WHERE conrelid <> 0"
)


def schema(ask: Ask, *, postgres: bool) -> set[str]:
    """Return the columns, indexes and constraints of all tables that are ours."""
    found = _postgres(ask) if postgres else _sqlite(ask)
    ours = {(table, what) for table, what in found if re.fullmatch(OURS, table)}
    return {f"{table}: {MADE_BY_DJANGO.sub('...', what)}" for table, what in ours}


def _sqlite(ask: Ask) -> Iterator[tuple[str, str]]:
    for row in ask(SQLITE):
        is_table = row["type"] == "table" and "CREATE VIRTUAL" not in row["sql"]
        for part in _parts(row["sql"]) if is_table else [row["sql"]]:
            yield row["tbl_name"], part


def _postgres(ask: Ask) -> Iterator[tuple[str, str]]:
    for question in (COLUMNS, INDEXES, CONSTRAINTS):
        for row in ask(question):
            yield row["table_name"], MADE_BY_POSTGRES.sub("INDEX ON", row["what"])


def _parts(sql: str) -> list[str]:
    """Return what stands between the outermost commas of CREATE TABLE (...)."""
    parts, depth = [""], 0
    for token in re.findall(r"'[^']*'|\"[^\"]*\"|.", sql, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == "," and depth == 1:
            parts.append("")
        elif depth:
            parts[-1] += token
    return [part.strip(" (") for part in parts]
