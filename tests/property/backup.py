"""Backups of the demo's library, taken and put back as a person does with Stash's."""

from typing import Any

from syncapp.demo import Library

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
    }


def put_back(library: Library, backup: Backup) -> None:
    """Make the library what it was, ids that it will give out next included."""
    with library.lock:
        for name, value in _copied(backup).items():
            setattr(library, name, value)
        library._members.clear()
        library.version += 1
        library.links_version += 1


def _copied(backup: Backup) -> Backup:
    return {
        **backup,
        "_rows": {kind: dict(rows) for kind, rows in backup["_rows"].items()},
        "_moved": {kind: dict(moved) for kind, moved in backup["_moved"].items()},
        "_deleted": set(backup["_deleted"]),
        "_next": dict(backup["_next"]),
    }
