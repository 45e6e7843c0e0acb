"""Ends the wait of a process that looks for messages when there may be one.

A bell is marked, then the queue is looked at, then the bell waited for: what comes in
between rings as well. Each wait ends by itself after a while, for a ring may be lost.
"""

import logging
import math
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.db import connection

logger = logging.getLogger(__name__)
CHANNEL = "steward_queue"
FALLBACK_S = 5.0  # a wait without a ring
LOOK_S = 0.1  # at least, between two looks because of SQLite's files
SETTLE_S = 0.02  # in which one request has written all that it writes
RETRY_S = 1.0  # until listening is tried again


class Bell(Protocol):
    def mark(self) -> None:
        """Note how things stand before the queue is looked at."""

    def wait(self) -> None:
        """Return when something may have come since, at the latest after a while."""

    def close(self) -> None:
        """Let go of what it listens with."""


class WatchBell:
    """Rings at every write to a SQLite database, whoever writes: Linux tells of it.

    Its folder is watched, for the log of a database comes and goes.
    """

    def __init__(self, path: str) -> None:
        from inotify_simple import INotify, flags  # noqa: PLC0415 - Linux alone has it

        file = Path(path)
        self._names = {file.name, f"{file.name}-wal"}
        self._told = INotify(nonblocking=True)
        self._told.add_watch(file.parent, flags.MODIFY | flags.CREATE | flags.MOVED_TO)
        self._looks_again = False
        self._rang_at = 0.0

    def mark(self) -> None:
        self._hear(0)

    def wait(self) -> None:
        # A write is told of just before others can see it: look once more.
        within_s = LOOK_S if self._looks_again else FALLBACK_S
        self._looks_again = False
        until = time.monotonic() + within_s
        while (left_s := until - time.monotonic()) > 0 and not self._hear(left_s):
            pass
        # One who asks for a job writes two or three times; a job without pause.
        time.sleep(max(SETTLE_S, self._rang_at + LOOK_S - time.monotonic()))
        self._rang_at = time.monotonic()

    def close(self) -> None:
        self._told.close()

    def _hear(self, within_s: float) -> bool:
        """Return whether the database was written to since, or is within this time."""
        told = self._told.read(math.ceil(within_s * 1000))
        is_ours = any(each.name in self._names for each in told)
        self._looks_again |= is_ours
        return is_ours


class LookBell:
    """Rings at every write to a SQLite database where the system does not tell of it.

    To look at two files costs a fiftieth of a query, and nobody has to tell anybody.
    """

    def __init__(self, path: str) -> None:
        self._paths = (path, f"{path}-wal")
        self._seen: object = None
        self._is_fresh = False

    def mark(self) -> None:
        now = self._state()
        # Two writes within one tick of the files' clock look alike: look once more.
        self._is_fresh = now != self._seen
        self._seen = now

    def wait(self) -> None:
        until = time.monotonic() + FALLBACK_S
        while time.monotonic() < until:
            time.sleep(LOOK_S)
            if self._is_fresh or self._state() != self._seen:
                return

    def close(self) -> None:
        pass

    def _state(self) -> tuple[tuple[int, int], ...]:
        return tuple(_written(path) for path in self._paths)


def _written(path: str) -> tuple[int, int]:
    with suppress(OSError):
        found = os.stat(path)  # noqa: PTH116 - ten times a second
        return found.st_mtime_ns, found.st_size
    return 0, 0


class NotifyBell:
    """Rings at PostgreSQL's notifications for one queue; it keeps a connection."""

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._own: psycopg.Connection[Any] | None = None

    def mark(self) -> None:
        """Listen from now on: what comes later is kept until the wait."""
        if self._own is not None:
            return
        try:
            self._own = psycopg.connect(**connect_params(), autocommit=True)
            self._own.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as exc:
            self._give_up(exc)

    def wait(self) -> None:
        if self._own is None:
            time.sleep(RETRY_S)
            return
        until = time.monotonic() + FALLBACK_S
        try:
            while (left_s := until - time.monotonic()) > 0:
                heard = self._own.notifies(timeout=left_s, stop_after=1)
                if any(each.payload == self._queue for each in heard):
                    return
        except psycopg.Error as exc:
            self._give_up(exc)

    def _give_up(self, exc: psycopg.Error) -> None:
        logger.warning("No notifications of messages for a while: %s", exc)
        self.close()

    def close(self) -> None:
        if self._own is not None:
            self._own.close()
        self._own = None


def bell_of(queue: str) -> Bell:
    """Return what rings for messages to this queue in the database."""
    if connection.vendor == "postgresql":
        return NotifyBell(queue)
    path = str(connection.settings_dict["NAME"])
    if sys.platform == "linux":
        with suppress(OSError):  # a system has only so many watches
            return WatchBell(path)
    return LookBell(path)


def ring(queue: str) -> None:
    """Ring at the commit; SQLite's files tell by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, queue])


def connect_params() -> dict[str, Any]:
    """Return how to connect beside Django: a pool lends nothing for that long."""
    given = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    names |= {"host": "HOST", "port": "PORT"}
    plain = {k: v for k, v in given["OPTIONS"].items() if isinstance(v, str | int)}
    return {**plain, **{k: given[name] for k, name in names.items() if given[name]}}
