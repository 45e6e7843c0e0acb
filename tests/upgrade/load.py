"""Puts before.json into an empty database: `python -m tests.upgrade.load`.

The database is that of DATABASE_URL. Its tables are made by the migrations that there
were, so they have the names and columns of the state before.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import django
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tests.upgrade.build import FIXTURE


def insert(tables: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """Write the rows, and no others. Links are looked at when the transaction ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name, (columns, *rows) in tables.items():
            cursor.execute(f'DELETE FROM "{name}"')  # what a migration put there
            names = ", ".join(f'"{column}"' for column in columns)
            places = ", ".join(["%s"] * len(columns))
            insertion = f'INSERT INTO "{name}" ({names}) VALUES ({places})'
            cursor.executemany(insertion, [list(map(_text, row)) for row in rows])


def _text(value: Any) -> str | None:
    """Return it as a text, which either database makes into what the column holds."""
    return None if value is None else str(value)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    found = json.loads(FIXTURE.read_text())
    targets = [(app, name) for app, name in found["migrations"]]
    executor = MigrationExecutor(connection)
    # Each step that there was, though one migration stands for many of them now.
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    state = executor.migrate(targets)
    insert(found["tables"])
    models = state.apps.get_models(include_auto_created=True)
    with connection.cursor() as cursor:  # new rows get numbers that are free
        for line in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
