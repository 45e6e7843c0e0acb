"""One command starts everything, one Ctrl-C stops it, and its refusals are clear."""

import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import psutil
import pytest
import redis

from jobs.worker.processes import listens
from syncapp.demo import Library
from tests.migrated import put_migrated
from tests.ports import free_port
from tests.starting import (
    answers,
    manage,
    running,
    setup_page,
    until,
    up,
)
from tests.workers import is_alive

COUNT_SCENES = (
    "from syncapp.models import Scene, Source;"
    "print(Scene.objects.filter(source__is_demo=True).count(), Source.objects.count())"
)


def mirrored(env: Mapping[str, str]) -> bool:
    """Return whether one source is there, with all scenes of the sample library."""
    time.sleep(2)  # to ask takes a program of its own, and half of a busy machine
    counted = manage(env, "shell", "-v", "0", "-c", COUNT_SCENES)
    return counted.stdout == f"{len(Library(gaps=True).ids('scene'))} 1\n"


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[redis.Redis]:
    """Give a Redis of our own, started for this test."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server was not found (Debian: redis-server)")
    port = free_port()
    argv = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with psutil.Popen(argv, cwd=tmp_path, stdout=subprocess.DEVNULL) as server:
        with redis.Redis(port=port) as client:
            until(lambda: listens(("127.0.0.1", port)))
            yield client
        server.terminate()


def test_web_and_worker_start_and_one_ctrl_c_stops_all(
    made: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    with up(made, tmp_path, "--no-demo", "--port", str(port)) as (process, out):
        until(lambda: answers(port))
        until(lambda: len(running(process)) > 2)
        children = running(process)
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=10)

    text = out.read_text()
    assert code == 0, text
    assert not any(map(is_alive, children))
    assert f"Steward answers on http://127.0.0.1:{port}\n" in text
    assert f"There is no administrator yet. Open {setup_page(port)} and type" in text
    assert "Traceback" not in text


def test_nothing_is_left_when_it_is_killed(
    made: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    with up(made, tmp_path, "--no-demo", "--port", str(port)) as (process, _):
        until(lambda: answers(port))
        until(lambda: len(running(process)) > 2)
        children = running(process)

        process.kill()

        _gone, left = psutil.wait_procs(children, timeout=5)
        assert not left


@pytest.mark.timeout(300)
def test_a_new_installation_mirrors_the_sample_library(
    env: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    with up(env, tmp_path, "--port", str(port)) as (_, out):
        until(lambda: answers(port))

        until(lambda: mirrored(env), seconds=240)

        assert "Traceback" not in out.read_text()


@pytest.mark.timeout(300)
def test_redis_carries_the_wake_ups_when_it_is_set(
    made: dict[str, str], tmp_path: Path, cache: redis.Redis
) -> None:
    port, redis_port = free_port(), cache.get_connection_kwargs()["port"]
    made["REDIS_URL"] = f"redis://127.0.0.1:{redis_port}/0"
    with up(made, tmp_path, "--port", str(port)) as (_, out):
        until(lambda: mirrored(made), seconds=240)

        pushes = cache.info("commandstats")["cmdstat_rpush"]["calls"]
        assert pushes >= 1
        assert "Traceback" not in out.read_text()


def test_a_busy_port_gives_one_sentence(env: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        done = manage(env, "up", "--port", str(port))

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"Port {port} on 127.0.0.1 is in use by another program" in done.stderr
    assert f"STEWARD_PORT={port + 1}" in done.stderr


def test_an_sqlite_database_is_copied_before_it_is_changed(
    env: dict[str, str], tmp_path: Path
) -> None:
    env.pop("DATABASE_URL", None)  # PostgreSQL has its own tools for this
    put_migrated(tmp_path / "data")
    manage(env, "migrate", "-v", "0", "sessions", "zero")
    env["STEWARD_ADMIN_USER"] = "ada"  # without a password: it goes no further

    done = manage(env, "up", "--port", str(free_port()))

    (copy,) = (tmp_path / "data" / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as database:
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    assert f"Copied the database to {copy}." in done.stdout
    assert "syncapp_source" in tables
    assert "django_session" not in tables
