"""The data folder is closed to others, and what is theirs is left to them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config import env
from config.data_folder import close_folder

COPY = "steward-20260517T120000.sqlite3"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def opened(folder: Path, *names: str) -> Path:
    """Make a folder with these files, which all may read."""
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch()
        (folder / name).chmod(0o644)
    folder.chmod(0o755)
    return folder


def test_what_links_lead_to_is_left_as_it_is(tmp_path: Path) -> None:
    shared = opened(tmp_path / "shared", COPY, "photo.jpeg")
    folder = opened(tmp_path / "data", "steward.sqlite3")
    (folder / "backups").symlink_to(shared)
    (folder / "old.sqlite3").symlink_to(shared / COPY)

    close_folder(folder)

    assert (mode(folder), mode(folder / "steward.sqlite3")) == (0o700, 0o600)
    assert {path.name: mode(path) for path in (shared, *shared.iterdir())} == {
        "shared": 0o755,
        "photo.jpeg": 0o644,
        COPY: 0o644,
    }


def test_of_the_backups_steward_s_own_are_closed(tmp_path: Path) -> None:
    backups = opened(tmp_path / "data" / "backups", COPY, "photo.jpeg")

    close_folder(tmp_path / "data")

    assert (mode(backups / COPY), mode(backups / "photo.jpeg")) == (0o600, 0o644)
    assert mode(backups) == 0o755


def test_backups_that_cannot_be_listed_keep_nobody_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = opened(tmp_path / "data", "steward.sqlite3")
    opened(folder / "backups")
    listed = Path.iterdir

    def refused(path: Path) -> Iterator[Path]:  # as of root's, which only root may list
        if path.name == "backups":
            raise PermissionError(path)
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refused)

    assert env.data_dir(str(folder)) == folder
    assert mode(folder / "steward.sqlite3") == 0o600
