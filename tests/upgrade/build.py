"""Makes the small copy of a database as the state before left it: before.json.

`python -m tests.upgrade.build` checks that state out beside this one, migrates and
fills a database with its own code, and writes its rows down. Made once; made again only
to put more into it.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.run import OURS, ROOT

BEFORE = "4ac9d60"  # the last commit with the old names
HERE = Path(__file__).resolve().parent
FIXTURE = HERE / "before.json"
LANES = "system+short:2,long:1"  # as they are when nothing is set
# Of the copy alone: they sign its messages and open its source's key.
KEYS = {
    "STEWARD_SECRET_KEY": "of the copy of the state before, and of nothing else",
    "STEWARD_FERNET_KEYS": "b2YgdGhlIGNvcHkgb2YgdGhlIHN0YXRlIGJlZm9yZSE=",
}
# Django and SQLite keep these themselves.
LEFT_OUT = {"django_migrations", "sqlite_sequence"}


@contextmanager
def state_before(folder: Path) -> Iterator[Path]:
    """Yield a work tree of it."""
    tree = folder / "tree"
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--detach", str(tree), BEFORE], check=True)
    try:
        yield tree
    finally:
        subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def settings(folder: Path) -> dict[str, str]:
    """Return the environment of its programs: no setting of a developer is in it."""
    plain = {key: text for key, text in os.environ.items() if not key.startswith(OURS)}
    return {
        **plain,
        **KEYS,
        "STEWARD_DATA_DIR": str(folder),
        "STEWARD_LANES": LANES,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def fill(tree: Path, folder: Path) -> None:
    """Make its database, and let its own code fill it."""
    env = {**settings(folder), "PYTHONPATH": str(tree)}
    subprocess.run(
        [sys.executable, "manage.py", "migrate"], cwd=tree, env=env, check=True
    )
    # q2's scheduler wants to be a cluster: the one that has the tick.
    env["Q_CLUSTER_NAME"] = "short+system"
    subprocess.run([sys.executable, HERE / "fill.py"], cwd=tree, env=env, check=True)


def read(path: Path) -> dict[str, Any]:
    """Return the last migration of each app, and each table's columns and rows."""
    with closing(sqlite3.connect(path)) as database:
        last = "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"
        names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        tables = [name for (name,) in database.execute(names) if name not in LEFT_OUT]
        read_all = {name: _read_table(database, name) for name in tables}
        return {
            "migrations": database.execute(last).fetchall(),
            "tables": {name: rows for name, rows in read_all.items() if rows[1:]},
        }


def _read_table(database: sqlite3.Connection, name: str) -> list[list[Any]]:
    """Return the columns and then the rows, in the order they were written."""
    about = database.execute(f"PRAGMA table_info({name})")  # without generated ones
    columns = [column for _, column, *_ in about]
    quoted = ", ".join(f'"{column}"' for column in columns)
    rows = database.execute(f"SELECT {quoted} FROM {name} ORDER BY rowid")
    return [columns, *map(list, rows)]


def write(found: Mapping[str, Any]) -> None:
    """Write it down, a row a line."""
    tables = [
        f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]"
        for name, rows in found["tables"].items()
    ]
    migrations = f'"migrations": {json.dumps(found["migrations"])}'
    together = ",\n".join(tables)
    FIXTURE.write_text(f'{{\n{migrations},\n"tables": {{\n{together}\n}}\n}}\n')


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="steward-before-") as name:
        folder = Path(name)
        with state_before(folder) as tree:
            fill(tree, folder)
        write(read(folder / "steward.sqlite3"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
