"""The data folder: what Steward keeps in it is for its owner alone."""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

DATABASES = ("*.sqlite3", "*.sqlite3-*")  # with SQLite's journals
BACKUPS, COVERS = "backups", "covers"
# All that Steward writes there, drafts as well.
OURS = (
    *(*DATABASES, BACKUPS, COVERS, "secret.*", "fernet.*", "setup-code*"),
    *("sample-address*", "migrate.lock"),
)
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def close_folder(folder: Path) -> None:
    """Close our files in the folder, and the folder too if nothing else is in it.

    One that holds more may be shared with others on purpose; `check_data_folder` tells.
    So may be what a link leads to.
    """
    _close_ours(folder, OURS)
    backups = folder / BACKUPS
    if not backups.is_symlink():
        with suppress(OSError):  # there is none, or somebody else made it
            _close_ours(backups, DATABASES)


def _close_ours(folder: Path, ours: Sequence[str]) -> None:
    paths = list(folder.iterdir())
    closed = [path for path in paths if any(map(path.match, ours))]
    for path in closed:
        if not path.is_symlink() and not path.is_dir():
            _close(path)
    if len(closed) == len(paths):
        _close(folder)


def close_database(path: Path) -> None:
    """Close an SQLite database, wherever it is, with its journals."""
    for end in ("", "-wal", "-shm"):
        _close(path.with_name(path.name + end))


def _close(path: Path) -> None:
    """Take all rights from others, where the file is ours and the disk knows rights."""
    with suppress(OSError):  # deleted meanwhile, or on a disk without rights
        found = path.stat()
        if found.st_mode & OTHERS and found.st_uid == os.geteuid():
            path.chmod(0o700 if stat.S_ISDIR(found.st_mode) else 0o600)
