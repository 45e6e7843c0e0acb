"""New installations, each with a data folder and a database of its own."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.migrated import put_migrated
from tests.starting import manage


def plain(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "STEWARD_DATA_DIR": str(folder),
        "STEWARD_JOB_SCHEDULES": "0",  # no job comes by itself
    }


def create_database(template: str = "template1") -> str:
    """Make a database of PostgreSQL; returns its address."""
    name = f"up_{secrets.token_hex(6)}"
    server = connection.settings_dict
    address = f"{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT']}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"postgres://{address}/{name}"


def drop_database(url: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name_of(url)} WITH (FORCE)")


def name_of(url: str) -> str:
    return url.rpartition("/")[2]


@pytest.fixture
def env(tmp_path: Path, transactional_db: None) -> Iterator[dict[str, str]]:
    """Give the settings of a new installation on this run's kind of database."""
    settings = plain(tmp_path / "data")
    if connection.vendor == "sqlite":
        yield settings
        return
    url = create_database()
    yield {**settings, "DATABASE_URL": url}
    drop_database(url)


@pytest.fixture(scope="session")
def migrated_database(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Give the name of a database of PostgreSQL to copy: all tables, no rows."""
    settings = plain(tmp_path_factory.mktemp("migrated"))
    with django_db_blocker.unblock():
        url = create_database()
        done = manage({**settings, "DATABASE_URL": url}, "migrate", "-v", "0")
    assert done.returncode == 0, done.stderr
    yield name_of(url)
    with django_db_blocker.unblock():
        drop_database(url)


@pytest.fixture
def made(
    tmp_path: Path, transactional_db: None, request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """Give those of one whose tables were made before, and are empty."""
    settings = plain(tmp_path / "data")
    if connection.vendor == "sqlite":
        put_migrated(tmp_path / "data")
        yield settings
        return
    (tmp_path / "data").mkdir()
    url = create_database(request.getfixturevalue("migrated_database"))
    yield {**settings, "DATABASE_URL": url}
    drop_database(url)
