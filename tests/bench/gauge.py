"""Counts what one connection is asked to do, and how long it keeps others waiting."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection

MIRROR = re.compile(
    r'(?:INSERT INTO|UPDATE|DELETE FROM) "syncapp_(?:scene|tag|studio|performer)'
)
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH", "ANALYZE")
MARKS = ("BEGIN", "SAVEPOINT", "RELEASE")  # of transactions


@dataclass
class Gauge:
    """What was counted. Rows of several tables in one statement count as one."""

    statements: int = 0
    written: int = 0  # rows of the mirror
    lock_s: float = 0.0  # the longest time from a transaction's begin to its end
    pages: int = 0  # transactions that wrote to the mirror
    page_statements: int = 0  # in those
    _inside: int = 0  # statements of the transaction that is open
    _mirror: bool = False  # whether it wrote to the mirror
    _held_since: float | None = None

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,  # noqa: FBT001 - Django's own signature
        context: dict[str, Any],
    ) -> Any:
        began = time.perf_counter()
        result = execute(sql, params, many, context)
        verb = sql.split(" ", 1)[0].upper()
        if verb not in MARKS:
            self.statements += 1
        if verb == "BEGIN":
            self._held_since = time.perf_counter()
        elif verb in WRITES and self._held_since is None:
            self.lock_s = max(self.lock_s, time.perf_counter() - began)
        mirror = verb in WRITES and bool(MIRROR.search(sql))
        if mirror:
            self.written += max(context["cursor"].rowcount, 0)
        if connection.in_atomic_block and verb not in MARKS:
            self._inside += 1
            self._mirror |= mirror
        return result

    def ended(self) -> None:
        """Note the end of a transaction."""
        if self._mirror:
            self.pages += 1
            self.page_statements += self._inside
        self._inside, self._mirror = 0, False
        if self._held_since is not None:
            self.lock_s = max(self.lock_s, time.perf_counter() - self._held_since)
        self._held_since = None


@contextmanager
def gauged() -> Iterator[Gauge]:
    """Count what this thread's connection does in the block."""
    # Nothing public tells the end of a commit.
    gauge, database = Gauge(), cast("Any", connection)
    commit = database._commit

    def timed() -> Any:
        try:
            return commit()
        finally:
            gauge.ended()

    database._commit = timed
    try:
        with connection.execute_wrapper(gauge):
            yield gauge
    finally:
        del database._commit
