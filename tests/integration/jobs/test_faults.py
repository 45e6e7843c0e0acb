"""A short run of `make faults`: programs are hurt, no work is lost or done twice."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.redis_server import PROGRAM
from tests.starting import ROOT

POSTGRES = "postgres" in settings.DATABASES["default"]["ENGINE"]
DATABASE = "postgres" if POSTGRES else "sqlite"
# One run takes a minute where nothing else runs, and three beside a whole suite.
LIMIT_S = 400


def bench(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.faults", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def report(tmp_path: Path, *words: str) -> dict[str, Any]:
    out = tmp_path / "report.json"
    done = bench(DATABASE, "--json", str(out), *words)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(out.read_text())
    return found


@pytest.mark.timeout(LIMIT_S + 10)
def test_six_faults_lose_and_double_nothing(tmp_path: Path) -> None:
    found = report(tmp_path, "--faults", "6", "--seed", "4")

    assert (len(found["faults"]), found["wrong"]) == (6, [])
    assert found["jobs"]["succeeded"] > 10


@pytest.mark.timeout(LIMIT_S + 10)
@pytest.mark.skipif(PROGRAM is None, reason="needs redis-server (Debian: redis-server)")
def test_a_flushed_redis_loses_nothing(tmp_path: Path) -> None:
    words = ("--broker", "redis", "--only", "redis", "--faults", "2", "--seed", "4")

    found = report(tmp_path, *words)

    assert (len(found["faults"]), found["wrong"]) == (2, [])
    assert found["jobs"]["succeeded"] > 20  # as many were queued when it was flushed


@pytest.mark.timeout(LIMIT_S + 10)
def test_a_mixed_load_never_finds_the_database_locked() -> None:
    done = bench("mixed", "--database", DATABASE, "--seconds", "15")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "locked 0 times" in done.stdout
