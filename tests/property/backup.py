"""Backups of the demo's library, taken and put back as a person does with Stash's."""

from copy import copy
from typing import Any

from syncapp.demo import Library
from syncapp.demo.folders import Folders

Backup = dict[str, Any]


def take(library: Library) -> Backup:
    """Return all that a library holds; its records are values and need no copy."""
    return {
        "_rows": {kind: dict(rows) for kind, rows in library._rows.items()},
        "_moved": {kind: dict(moved) for kind, moved in library._moved.items()},
        "_deleted": set(library._deleted),
        "_next": dict(library._next),
        "_next_file": library._next_file,
        "catalogue": library.catalogue,
        "folders": _folders(library.folders),
    }


def put_back(library: Library, backup: Backup) -> None:
    """Make the library what it was, ids that it will give out next included."""
    with library.lock:
        for name, value in _copied(backup).items():
            setattr(library, name, value)
        library.folders = _folders(backup["folders"])
        library._members.clear()
        library.version += 1
        library.links_version += 1


def _folders(folders: Folders) -> Folders:
    """Return folders that no later rename of the given ones changes."""
    copied = copy(folders)
    for name in ("_renames", "_records", "_ids"):
        setattr(copied, name, copy(getattr(folders, name)))
    return copied


def _copied(backup: Backup) -> Backup:
    return {
        **backup,
        "_rows": {kind: dict(rows) for kind, rows in backup["_rows"].items()},
        "_moved": {kind: dict(moved) for kind, moved in backup["_moved"].items()},
        "_deleted": set(backup["_deleted"]),
        "_next": dict(backup["_next"]),
    }
