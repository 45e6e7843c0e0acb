"""Setting up finds Python, installs once, and says what is missing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ("sh", "dirname", "basename", "sed", "date", "cat")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a project with an empty lock and a PATH of the plainest tools."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    shutil.copy(ROOT / "run", tmp_path)
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or "missing")
    return tmp_path


def setup(
    folder: Path, script: str = "scripts/setup"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(folder / script), *(["requirements.txt"] if "setup" in script else [])],
        env={"PATH": str(folder / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def give_python(folder: Path, name: str, text: str = "") -> None:
    path = folder / "bin" / name
    path.write_text(text or f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    path.chmod(0o755)


@pytest.mark.parametrize("script", ["scripts/setup", "run"])
def test_without_python_one_sentence_says_so(folder: Path, script: str) -> None:
    give_python(folder, "python3", "#!/bin/sh\nexit 1\n")  # one that is too old

    done = setup(folder, script)

    assert done.returncode == 2
    assert done.stderr.startswith("Steward needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_the_lock_is_installed_once_until_it_changes(folder: Path) -> None:
    give_python(folder, "python3")

    first, second = setup(folder), setup(folder)
    (folder / "requirements.txt").write_text("# still nothing, said anew\n")
    third = setup(folder)

    steps = "Installing the packages of requirements.txt ..."
    assert (first.returncode, second.returncode, third.returncode) == (0, 0, 0)
    assert "Making .venv with Python 3." in first.stdout
    assert steps in first.stdout
    assert second.stdout == ""
    assert steps in third.stdout
    assert "Making" not in third.stdout


def test_a_failed_install_is_not_taken_for_done(folder: Path) -> None:
    give_python(folder, "python3")
    (folder / "requirements.txt").write_text("no-such-package-at-all==1.0\n")

    first, second = setup(folder), setup(folder)

    assert (first.returncode, second.returncode) == (1, 1)
    assert "The packages of requirements.txt could not be installed" in second.stderr
