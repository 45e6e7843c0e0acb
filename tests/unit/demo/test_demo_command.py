"""`manage.py demo_stash` as people and `up` run it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from syncapp.demo import DemoServer

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def command(tmp_path: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo_stash", *options],
        cwd=ROOT,
        env={**os.environ, "STEWARD_DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_serves_and_ends_well(
    tmp_path: Path, http: httpx2.Client, number: signal.Signals
) -> None:
    with command(tmp_path, "--scenes", "40", "--seed", "2") as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        query = {"query": "{ findScenes { count } }"}
        answer = http.post(f"{url}/graphql", json=query).json()
        process.send_signal(number)
        code = process.wait(30)

    assert answer["data"]["findScenes"]["count"] == 40
    assert code == 0


def test_with_gaps_it_has_films_whose_paths_tell_more_than_their_fields(
    tmp_path: Path, http: httpx2.Client
) -> None:
    with command(tmp_path, "--scenes", "40", "--gaps") as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        query = {"query": "{ findScenes(filter: {per_page: -1}) { scenes { title } } }"}
        answer = http.post(f"{url}/graphql", json=query).json()

    titles = [scene["title"] for scene in answer["data"]["findScenes"]["scenes"]]
    assert len(titles) > 100
    assert {"Eel Year", ""} < set(titles)


def test_it_asks_for_its_key(tmp_path: Path, http: httpx2.Client) -> None:
    with command(tmp_path, "--scenes", "5", "--api-key", "k3y") as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        query = {"query": "{ version { version } }"}
        closed = http.post(f"{url}/graphql", json=query)
        opened = http.post(f"{url}/graphql", json=query, headers={"ApiKey": "k3y"})

    assert (closed.status_code, opened.status_code) == (401, 200)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--scenes", "-5"], "'-5' is no whole number from 0 up."),
        (["--zone", "Nowhere"], "'Nowhere' is no time zone."),
        (["--port", "70000"], "cannot listen on 127.0.0.1 port 70000"),
    ],
)
def test_a_wrong_option_ends_it_with_2(
    tmp_path: Path, options: list[str], sentence: str
) -> None:
    with command(tmp_path, *options) as process:
        _, err = process.communicate(timeout=20)

    assert process.returncode == 2
    assert sentence in err


def test_a_busy_port_ends_it_with_2(tmp_path: Path, demo: DemoServer) -> None:
    with command(tmp_path, "--port", str(demo.port)) as process:
        out, err = process.communicate(timeout=20)

    assert process.returncode == 2
    assert out == ""
    assert f"port {demo.port}" in err
    assert err.count("\n") == 1
