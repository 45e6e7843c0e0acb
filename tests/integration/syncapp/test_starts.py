"""What stops a start is told in one sentence that says what to do."""

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import AsyncClient

from jobs.monitoring import health
from syncapp.management import database
from tests.ports import free_port
from tests.starting import MANAGE, manage

ADD_MIGRATION = (
    "from django.db.migrations.recorder import MigrationRecorder as R;"
    "from django.db import connection; R(connection).record_applied('jobs', '9000_x')"
)
UP = ("up", "--no-demo", "--no-browser", "--port")


def told(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the one sentence that a command ended with."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "words",
    [("jobs", "list"), ("source", "list"), ("setup_link",), ("worker",)],
    ids=" ".join,
)
def test_a_command_before_the_first_start_says_to_start(
    words: tuple[str, ...], env: dict[str, str]
) -> None:
    assert "run `manage.py up`" in told(manage(env, *words))


def test_the_database_of_a_newer_steward_is_left_alone(made: dict[str, str]) -> None:
    manage(made, "shell", "-v", "0", "-c", ADD_MIGRATION)

    started = manage(made, *UP, str(free_port()))
    worker = manage(made, "worker")

    assert "used by a newer Steward" in told(started)
    assert "used by a newer Steward" in told(worker)


@pytest.mark.parametrize("words", [(*UP, "8999"), ("worker",), ("jobs", "list")])
def test_a_damaged_database_is_told_with_where_its_copies_are(
    words: tuple[str, ...], env: dict[str, str]
) -> None:
    env.pop("DATABASE_URL", None)  # PostgreSQL does not start on a damaged one
    folder = Path(env["STEWARD_DATA_DIR"])
    folder.mkdir()
    (folder / "steward.sqlite3").write_bytes(b"not a database at all " * 1_000)

    said = told(manage(env, *words))

    assert f"{folder}/steward.sqlite3 is damaged or is none" in said
    assert f"{folder}/backups" in said


def without_room(env: dict[str, str], *words: str) -> Any:
    """Run a command that can make no file longer, as on a disk that is full."""
    return subprocess.run(
        [*MANAGE, *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )


def test_a_full_disk_at_the_first_start_is_told_and_leaves_no_half_key(
    env: dict[str, str],
) -> None:
    said = told(without_room(env, *UP, str(free_port())))

    assert "There is no room to write" in said
    assert not list(Path(env["STEWARD_DATA_DIR"]).glob("*.key"))


def test_a_full_disk_at_a_later_start_is_told(env: dict[str, str]) -> None:
    env.pop("DATABASE_URL", None)  # the limit is for files of this process
    manage(env, "check")

    assert "There is no room to write" in told(without_room(env, *UP, "8999"))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/steward.sqlite3", ""),
        ("/mnt/nas/data/steward.sqlite3", "nfs4"),
        ("/mnt/nas/disk/steward.sqlite3", ""),
        ("/mnt/my share/steward.sqlite3", "cifs"),
        ("/mnt/nasty/steward.sqlite3", ""),
    ],
)
def test_a_network_share_is_known_by_what_holds_the_path(path: str, kind: str) -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n"
        "nas:/volume /mnt/nas nfs4 rw 0 0\n"
        "/dev/sdb1 /mnt/nas/disk xfs rw 0 0\n"
        "//nas/share /mnt/my\\040share cifs rw 0 0\n"
    )

    assert database.share_of(Path(path), mounts) == kind


@pytest.mark.django_db
def test_a_start_warns_of_sqlite_on_a_network_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("nas:/volume / nfs rw 0 0\n")
    monkeypatch.setattr(database, "MOUNTS", mounts)
    said: list[str] = []

    database.prepare(said.append)

    warned = [line for line in said if "is on a network share (nfs)" in line]
    assert len(warned) == (connection.vendor == "sqlite")


@pytest.mark.django_db(transaction=True)
async def test_steward_is_not_ready_while_nothing_can_be_written(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (await async_client.get("/readyz")).json()
    monkeypatch.setattr(health, "LEAST_FREE", sys.maxsize)

    after = (await async_client.get("/readyz")).json()

    assert before["room"]
    assert after["room"] == (connection.vendor != "sqlite")


@pytest.mark.django_db(transaction=True)
def test_steward_is_not_ready_while_postgresql_is_read_only() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET default_transaction_read_only = on")
        found = health.readiness()
        if connection.vendor == "postgresql":
            cursor.execute("RESET default_transaction_read_only")

    assert found.room == (connection.vendor != "postgresql")
    assert not found.ready
