"""Writes the rows of the search tables, in the form of each database."""

from collections.abc import Sequence

import msgspec
from django.db import connection

from syncapp.models.search import SEARCH
from syncapp.stash.batches import batches
from syncapp.sync.statements import SQLITE_VARIABLES, Statement, Statements
from syncapp.sync.stream import Stream
from syncapp.text.documents import FIELDS, SearchTexts, fts5_row, tsvector

COLUMNS = ("rowid", *FIELDS)


def document_statements(
    stream: Stream, documents: Sequence[tuple[int, SearchTexts]]
) -> Statements:
    """Return what makes rows of `stream` found by these, by row id; repeatable."""
    if not documents:
        return []
    table = SEARCH[stream.model]._meta.db_table
    if connection.vendor == "postgresql":
        return [_to_tsvectors(table, documents)]
    part = SQLITE_VARIABLES // len(COLUMNS)
    return [_to_fts5(table, some) for some in batches(documents, part)]


def _to_tsvectors(
    table: str, documents: Sequence[tuple[int, SearchTexts]]
) -> Statement:
    rows = [(key, tsvector(document)) for key, document in documents]
    sql = (
        f'INSERT INTO "{table}" (rowid, doc) '  # noqa: S608 - our own table
        "SELECT (r->>0)::bigint, (r->>1)::tsvector "
        "FROM jsonb_array_elements(%s::jsonb) AS r "
        "ON CONFLICT (rowid) DO UPDATE SET doc = EXCLUDED.doc"
    )
    return Statement(sql, [msgspec.json.encode(rows).decode()])


def _to_fts5(table: str, documents: Sequence[tuple[int, SearchTexts]]) -> Statement:
    marks = ", ".join(["(" + ", ".join(["%s"] * len(COLUMNS)) + ")"] * len(documents))
    sql = f'INSERT OR REPLACE INTO "{table}" ({", ".join(COLUMNS)}) VALUES {marks}'  # noqa: S608
    values = [
        value for key, document in documents for value in (key, *fts5_row(document))
    ]
    return Statement(sql, values)
