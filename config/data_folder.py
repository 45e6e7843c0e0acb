"""The data folder: what Steward keeps in it is for its owner alone."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

# All that Steward writes there, drafts and SQLite's journals as well.
OURS = (
    *("*.sqlite3", "*.sqlite3-*", "secret.*", "fernet.*", "setup-code*"),
    *("sample-address*", "migrate.lock", "backups"),
)
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def close_folder(folder: Path) -> None:
    """Close our files in the folder, and the folder too if nothing else is in it.

    One that holds more may be shared with others on purpose; `check_data_folder` tells.
    """
    for path in folder.iterdir():
        if _is_ours(path):
            _close(path)
            _close_all(path.iterdir() if path.is_dir() else ())
    if all(_is_ours(path) for path in folder.iterdir()):
        _close(folder)


def _is_ours(path: Path) -> bool:
    return any(path.match(pattern) for pattern in OURS)


def _close_all(paths: Iterable[Path]) -> None:
    for path in paths:
        _close(path)


def close_database(path: Path) -> None:
    """Close an SQLite database, wherever it is, with its journals."""
    _close_all(path.with_name(path.name + end) for end in ("", "-wal", "-shm"))


def _close(path: Path) -> None:
    """Take all rights from others, where the file is ours and the disk knows rights."""
    with suppress(OSError):  # deleted meanwhile, or on a disk without rights
        found = path.stat()
        if found.st_mode & OTHERS and found.st_uid == os.geteuid():
            path.chmod(0o700 if stat.S_ISDIR(found.st_mode) else 0o600)
