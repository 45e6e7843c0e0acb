"""Brings the database up to date, with a copy of it put aside first."""

import fcntl
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jobs.errors import OtherKeys
from jobs.keys import check_keys
from jobs.monitoring.tables import NEWER, whose_tables

COPIES_KEPT = 3
MOUNTS = Path("/proc/self/mounts")  # on Linux alone
SHARES = re.compile(
    r"nfs4?|cifs|smb3?|smbfs|9p|afs|ceph|glusterfs|fuse\.(?:sshfs|rclone|glusterfs|s3fs)"
)


def prepare(say: Callable[[str], None]) -> None:
    """Apply what migrations are pending; says what it does, nothing if all is done.

    Raises CommandError for a database of a newer Steward, or of other keys.
    """
    warn_of_share(say)
    with _one_at_a_time():
        _make_closed()
        if whose_tables() == "newer":
            raise CommandError(NEWER, returncode=2)
        pending = _pending()
        if pending:
            _migrate(pending, say)
    try:
        check_keys()
    except OtherKeys as exc:
        raise CommandError(str(exc), returncode=2) from exc


def _migrate(pending: int, say: Callable[[str], None]) -> None:
    if connection.vendor == "sqlite" and connection.introspection.table_names():
        say(f"Copied the database to {_copy()}.")
    say(f"Bringing the database up to date: {pending} migrations.")
    call_command("migrate", interactive=False, verbosity=0)


def _make_closed() -> None:
    """Make an SQLite database that is not there, for its owner alone.

    SQLite would leave it open for all to read, and its journals alike.
    """
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).touch(mode=0o600)


def warn_of_share(say: Callable[[str], None]) -> None:
    """Say where SQLite's locks cannot be relied on."""
    if connection.vendor != "sqlite" or not MOUNTS.exists():
        return
    path = Path(connection.settings_dict["NAME"])
    if kind := share_of(path, MOUNTS.read_text()):
        say(
            f"Warning: the database {path} is on a network share ({kind}), where "
            "SQLite can be damaged. Set STEWARD_DATA_DIR to a disk of this machine, "
            "or DATABASE_URL to a PostgreSQL."
        )


def share_of(path: Path, mounts: str) -> str:
    """Return the kind of network share that holds the path; empty for a disk.

    `mounts`: the text of /proc/self/mounts, which writes a blank in a path as a number.
    """
    holder, found = Path("/"), ""
    for line in mounts.splitlines():
        _, place, kind, *_ = line.split(" ")
        point = Path(place.replace("\\040", " "))
        if path.is_relative_to(point) and point.is_relative_to(holder):
            holder, found = point, kind
    return found if SHARES.fullmatch(found) else ""


def _pending() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the data folder's lock: two starts at once migrate one after the other."""
    with (settings.DATA_DIR / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy() -> Path:
    """Copy the SQLite database with its own backup call; returns the copy's path."""
    folder = settings.DATA_DIR / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    path: Path = folder / f"steward-{datetime.now(UTC):%Y%m%dT%H%M%S}.sqlite3"
    path.touch(mode=0o600)
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    for old in sorted(folder.glob("steward-*.sqlite3"))[:-COPIES_KEPT]:
        old.unlink()
    return path
