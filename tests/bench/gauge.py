"""Counts what one connection is asked to do, and how long it keeps others waiting."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

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
    commits: int = 0
    lock_s: float = 0.0  # the longest time from a transaction's begin to its end
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
        if verb in WRITES and MIRROR.search(sql):
            self.written += max(context["cursor"].rowcount, 0)
        return result

    def ended(self) -> None:
        """Note the end of a transaction."""
        self.commits += 1
        if self._held_since is not None:
            self.lock_s = max(self.lock_s, time.perf_counter() - self._held_since)
        self._held_since = None


@contextmanager
def gauged() -> Iterator[Gauge]:
    """Count what this thread's connection does in the block."""
    gauge, commit = Gauge(), connection._commit

    def timed() -> Any:
        try:
            return commit()
        finally:
            gauge.ended()

    connection._commit = timed
    try:
        with connection.execute_wrapper(gauge):
            yield gauge
    finally:
        del connection._commit
