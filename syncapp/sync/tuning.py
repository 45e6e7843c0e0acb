"""Settings of the database for a sync, and its statistics after a first load."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from syncapp.models.library import SceneFile
from syncapp.models.search import SEARCH
from syncapp.sync.context import SyncContext
from syncapp.sync.stream import Stream
from syncapp.sync.throttle import copy_log

# More is not faster. 250 scenes change up to 5,000 pages of 4 KiB of a large database;
# while those wait for the commit the cache may be larger, or some are written twice.
CACHE_KIB = 16 * 1024
# `WriteThrottle` copies the log long before that. Others keep SQLite's own 1,000.
LOG_PAGES, USUAL_LOG_PAGES = 100_000, 1_000
SAMPLE = 1_000  # rows of each index that SQLite looks at for its statistics
FIRST_LOAD = 1_000  # new rows, and most of all: the statistics are of an empty table


@contextmanager
def tuned() -> Iterator[None]:
    """Tune this thread's connection to SQLite for writing many pages."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size={-CACHE_KIB}")
        cursor.execute("PRAGMA cache_spill=OFF")
        cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size={usual}")
            cursor.execute("PRAGMA cache_spill=ON")
            cursor.execute(f"PRAGMA wal_autocheckpoint={USUAL_LOG_PAGES}")
            cursor.execute("PRAGMA shrink_memory")
        copy_log()  # or the next one to write a single row would have it all to copy
        _give_back()


def _give_back() -> None:
    """Return freed memory to the system; glibc would keep it for the next sync.

    That may well run in another of the worker's processes.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def refresh_statistics(context: SyncContext) -> None:
    """Let the database look again at the tables of streams that were just filled.

    Until it has, it takes them for empty and walks them whole. Each table alone, for
    SQLite holds back other writers meanwhile.
    """
    for name, tally in context.tallies.items():
        if tally.new >= FIRST_LOAD and 2 * tally.new >= tally.seen:
            for model in _models(context.streams[name]):
                analyze(model._meta.db_table)


def refresh_meanwhile(stream: Stream) -> None:
    """Let PostgreSQL look at the tables that a first load of `stream` is filling.

    Each page asks them who has a file: a hundred times dearer, and more with each page,
    if they are taken for empty. Its own look comes a minute later. SQLite goes by its
    indexes, and would hold back other writers.
    """
    if connection.vendor == "postgresql":
        for model in _models(stream):
            analyze(model._meta.db_table)


def _models(stream: Stream) -> list[Any]:
    """Return the tables of `stream` that the database keeps statistics of."""
    models: list[Any] = [stream.model, *(table.model for table in stream.links)]
    if stream.has_files:
        models.append(SceneFile)
    if connection.vendor == "postgresql":  # of FTS5 SQLite keeps none
        models.append(SEARCH[stream.model])
    return models


def analyze(table: str) -> None:
    """Let the database take the statistics of one table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'ANALYZE "{table}"')
            return
        cursor.execute(f"PRAGMA analysis_limit={SAMPLE}")
        cursor.execute(f'ANALYZE "{table}"')
        # From a sample it guesses for each index anew how long the table is. It would
        # sooner walk and sort by one that it takes for short than go by the order.
        rows = cursor.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0]  # noqa: S608
        cursor.execute(
            "UPDATE sqlite_stat1 SET stat = %s || SUBSTR(stat, INSTR(stat, ' '))"
            " WHERE tbl = %s AND idx IN"
            " (SELECT name FROM pragma_index_list(%s) WHERE NOT partial)",
            [rows, table, table],
        )
        cursor.execute("ANALYZE sqlite_master")
