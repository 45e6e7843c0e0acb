"""The import contracts are kept, and each of them bites."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# One wrong line for each contract: where it is written, what it says.
PLANTED = {
    "config > syncapp > jobs": ("jobs/enums.py", "import syncapp.apps"),
    "Rooms of syncapp": ("syncapp/utils.py", "import json"),
    "Rooms of jobs": ("jobs/helpers.py", "import json"),
    "Floors of the queue": ("jobs/queue/leases.py", "import jobs.queue.runner"),
    "Floors of the engine": ("syncapp/sync/context.py", "import syncapp.sync.writer"),
    "Views and sockets import no models": (
        "jobs/web/views/jobs.py",
        "import jobs.models",
    ),
    "stash, demo and text know no Django and no jobs": (
        "syncapp/text/folding.py",
        "import django",
    ),
    "Detectors and what they share know no Django and no tables": (
        "syncapp/analysis/facts.py",
        "import django",
    ),
    "What analysis reads and writes of tables is for its engine": (
        "syncapp/analysis/proposals.py",
        "import syncapp.analysis.analyse",
    ),
    "Detectors know nothing of one another": (
        "syncapp/analysis/detectors/tags.py",
        "import syncapp.analysis.detectors.date",
    ),
    "sync, analysis, applying and editing know no queue": (
        "syncapp/sync/engine.py",
        "import jobs.errors",
    ),
    "What is asked of a model, and taken from it, knows no HTTP and no Django": (
        "syncapp/analysis/language_model/asking.py",
        "import syncapp.analysis.language_model.client",
    ),
    "A model's client knows no Django and no jobs": (
        "syncapp/analysis/language_model/client.py",
        "import django",
    ),
    "django_q stands behind one door": ("jobs/services.py", "import django_q"),
    "channels serves the sockets alone": ("jobs/queries.py", "import channels.db"),
    "What syncapp sees of jobs": ("syncapp/services.py", "import jobs.queue.leases"),
    "Nobody imports the demo but its commands": (
        "syncapp/queries.py",
        "import syncapp.demo",
    ),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the rooms and their contracts to where we may break them."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ("config", "jobs", "syncapp"):
        shutil.copytree(ROOT / room, tmp_path / room)
    return tmp_path


def test_every_contract_bites(copy: Path) -> None:
    for name, line in PLANTED.values():
        with (copy / name).open("a") as file:
            file.write(f"\n{line}\n")

    done = lint(copy)

    kept = [name for name in PLANTED if f"{name} BROKEN" not in done.stdout]
    assert (kept, done.returncode) == ([], 1), done.stdout
    assert " 0 kept, " in done.stdout


def test_the_contracts_are_kept(copy: Path) -> None:
    done = lint(copy)

    assert done.returncode == 0, done.stdout
