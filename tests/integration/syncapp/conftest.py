"""New installations, each with a data folder and a database of its own."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.migrated import put_migrated
from tests.starting import manage


@pytest.fixture
def env(tmp_path: Path, transactional_db: None) -> Iterator[dict[str, str]]:
    """Give the settings of a new installation on this run's kind of database."""
    plain = {
        "PATH": os.environ["PATH"],
        "STEWARD_DATA_DIR": str(tmp_path / "data"),
        "STEWARD_JOB_SCHEDULES": "0",  # no job comes by itself
    }
    if connection.vendor == "sqlite":
        yield plain
        return
    name = f"up_{secrets.token_hex(6)}"
    server = connection.settings_dict
    address = f"{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT']}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield {**plain, "DATABASE_URL": f"postgres://{address}/{name}"}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def made(env: dict[str, str]) -> dict[str, str]:
    """Give those of one whose tables were made before, and are empty."""
    if "DATABASE_URL" in env:
        manage(env, "migrate", "-v", "0")
    else:
        put_migrated(Path(env["STEWARD_DATA_DIR"]))
    return env
