"""The rules that conftest.py lays on every test bite."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LeftLoopback

ROOT = Path(__file__).resolve().parents[3]
LEAKING = """
import pytest

@pytest.mark.django_db
async def test_marked(): ...

async def test_by_fixture(db): ...

@pytest.mark.django_db
class TestIt:
    async def test_method(self): ...
"""
SOUND = """
import pytest

@pytest.mark.django_db(transaction=True)
async def test_whole(): ...

async def test_by_fixture(transactional_db): ...

async def test_without_database(): ...

@pytest.mark.django_db
def test_sync(): ...
"""


def collect(tmp_path: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Let pytest collect a file of tests, under our conftest."""
    file = tmp_path / "test_planted.py"
    file.write_text(text)
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--collect-only", "-q"),
            *("-p", "tests.conftest", "-p", "no:cacheprovider"),
            *("-c", str(ROOT / "pyproject.toml"), str(file)),
        ],
        cwd=ROOT,
        env={**os.environ, "STEWARD_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_async_tests_with_a_plain_mark_are_refused(tmp_path: Path) -> None:
    done = collect(tmp_path, LEAKING)

    said = done.stderr + done.stdout
    names = ("test_marked", "test_by_fixture", "test_method")
    assert done.returncode != 0
    assert "Async tests need `django_db(transaction=True)`" in said
    assert [name for name in names if name not in said] == []


def test_other_tests_are_collected(tmp_path: Path) -> None:
    done = collect(tmp_path, SOUND)

    assert done.returncode == 0, done.stdout
    assert "4 tests collected" in done.stdout


def test_another_address_cannot_be_reached() -> None:
    with pytest.raises(LeftLoopback):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_another_name_is_unknown() -> None:
    with pytest.raises(socket.gaierror, match="not known"):
        socket.create_connection(("stash.example", 80), timeout=1)


def test_loopback_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()

        with socket.create_connection(address, timeout=1) as connected:
            assert connected.getpeername() == address
