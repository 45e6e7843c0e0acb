"""The bench tells every figure, so that it never rots; how fast is not asked here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run import ROOT

FACTS = {"  statements that wrote to the mirror": 0}
TOLD = {
    "first load, whole command",
    "full sync, nothing changed",
    "quick sync, nothing changed",
    "  ratio to the plain loop",
    "  ratio to the floor",
    "write lock held, longest",
    "memory of the worker above idle, full sync",
    "one scene re-synced, button to done, p95 of 30",
}


@pytest.mark.timeout(240)
def test_a_small_library_is_measured_from_end_to_end(tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    argv = ["-m", "tests.bench", "sqlite", "--scenes", "300", "--json", str(file)]

    done = subprocess.run(
        [sys.executable, *argv], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    rows = {row["what"]: row["value"] for row in json.loads(file.read_text())}
    assert rows.keys() >= TOLD
    assert {name: rows[name] for name in FACTS} == FACTS
    assert all(name in done.stdout for name in TOLD)
