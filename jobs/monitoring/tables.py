"""Whether the tables of the database are those of this program."""

from typing import Literal

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Tables = Literal["ours", "older", "newer"]
NEWER = (
    "This database was used by a newer Steward, whose tables this one does not know. "
    "Start that newer one, or bring back a copy from before its upgrade."
)
OLDER = (
    "The database lacks tables of this program: run `manage.py up`, which makes them, "
    "or `manage.py migrate`."
)


def whose_tables() -> Tables:
    """Compare what was applied to the database with what this program has."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    greatest: dict[str, str] = {}
    for app, name in loader.disk_migrations:
        greatest[app] = max(name, greatest.get(app, ""))
    # Names begin with their number. One that is unknown and lower was merged away.
    if any(name > greatest.get(app, name) for app, name in loader.applied_migrations):
        return "newer"
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    return "older" if plan else "ours"
