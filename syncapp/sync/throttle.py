"""Spaces out the writes of a run, so that others get to write as well.

Writers on SQLite wait for each other by looking now and then. One that takes the lock
again at once keeps it from them for up to a second (measured; 56 ms with a wait).
PostgreSQL locks rows, and nobody else writes these: nothing is spaced out there.

SQLite's log is copied into the database during such a wait, when others may write. By
itself it is copied at the end of a commit, where it looks like a lock held too long.
"""

import time

from django.db import connection

SHARE, LEAST_S = 0.25, 0.005  # of the time that the lock was held
SELDOM_S = 1.0
# Records in one transaction. On a slow machine a whole page holds the lock too long.
MOST, LEAST = 250, 50
LONG_S, SHORT_S = 0.08, 0.025
# Transactions. Many pages change in each of them, and are copied once. The log of a
# large library grows to some 200 MB meanwhile.
COPY_EVERY = 16


def copy_log() -> bool:
    """Copy SQLite's log into the database, as far as readers let it be.

    Returns whether that was all of it. Until it is, the log grows: a reader stands in
    the way, or another connection is just copying it.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        is_busy, pages, copied = cursor.fetchone()
    return not is_busy and pages == copied


class WriteThrottle:
    """When this run wrote last, and when it may write again."""

    def __init__(self) -> None:
        self._ended = self._until = 0.0
        self._uncopied = 0
        self.batch_size = MOST

    @property
    def is_idle(self) -> bool:
        """Whether nothing was written for a while."""
        return time.monotonic() - self._ended >= SELDOM_S

    def wait(self) -> None:
        """Sleep until it may write: fetching and comparing count as waiting as well."""
        if self._uncopied >= COPY_EVERY and copy_log():
            self._uncopied = 0
        time.sleep(max(0.0, self._until - time.monotonic()))

    def after(self, began: float) -> None:
        """Note a transaction that has just ended and held the lock since `began`."""
        self._ended = time.monotonic()
        if connection.vendor != "sqlite":
            return
        self._uncopied += 1
        held = self._ended - began
        self._until = self._ended + max(LEAST_S, SHARE * held)
        if held > LONG_S:
            self.batch_size = max(LEAST, self.batch_size // 2)
        elif held < SHORT_S:
            self.batch_size = min(MOST, self.batch_size * 2)
