"""Pictures on disk: bounded, the last used ones, whole or not at all."""

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from syncapp.models.keys import row_id
from syncapp.services import cover_files
from syncapp.services.cover_files import (
    BLOCK,
    SHARES,
    USED_S,
    CoverFiles,
    CoverName,
    Kept,
)
from syncapp.stash.pictures import NONE, Picture

MB = 2**20
SMALL = Picture("image/jpeg", b"\xff\xd8\xff" + bytes(1_000))  # takes one block


@pytest.fixture
def files(tmp_path: Path) -> CoverFiles:
    """Give a folder whose shares each hold four small pictures."""
    return CoverFiles(tmp_path / "covers", 4 * BLOCK * SHARES)


def name(number: int, version: str = "0a", kind: str = "scene") -> CoverName:
    """Return a name; all of them have one share."""
    return CoverName(kind, row_id(1, number * SHARES), version)


def shown(kept: Kept | None) -> Picture | None:
    return kept and kept.picture


def all_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_kept_comes_back(files: CoverFiles) -> None:
    files.keep(name(1), SMALL)
    files.keep(name(2), NONE)

    assert shown(files.read(name(1))) == SMALL
    assert shown(files.read(name(2))) == NONE
    assert files.read(name(3)) is None
    assert files.read(name(1, "0b")) is None
    assert files.read(name(1, kind="tag")) is None


def test_what_was_not_used_for_longest_makes_room(files: CoverFiles) -> None:
    for number in range(1, 5):
        files.keep(name(number), SMALL)
        age(files, number, USED_S * (10 - number))
    files.read(name(1))  # the oldest, but used now

    files.keep(name(5), SMALL)

    there = [number for number in range(1, 6) if files.read(name(number))]
    assert there == [1, 3, 4, 5]


def test_the_bound_holds_whatever_comes(files: CoverFiles) -> None:
    found: list[Path] = []
    for number in range(60):
        body = SMALL.body + bytes(number * 997 % 20_000)
        files.keep(
            name(number, kind="tag" if number % 3 else "scene"), Picture("", body)
        )

        found = all_files(files.folder)
        taken = sum(-(-path.stat().st_size // BLOCK) * BLOCK for path in found)
        assert taken <= files.most // SHARES
    assert found


def test_one_that_is_larger_than_a_share_is_not_kept(files: CoverFiles) -> None:
    files.keep(name(1), SMALL)
    files.keep(name(2), Picture("image/jpeg", SMALL.body + bytes(4 * BLOCK)))

    assert files.read(name(1))
    assert files.read(name(2)) is None


def test_of_a_row_there_is_one_picture(files: CoverFiles) -> None:
    files.keep(name(1, "0a"), SMALL)
    files.keep(name(1, "0b"), SMALL)

    assert len(all_files(files.folder)) == 1


def test_with_no_room_at_all_nothing_is_kept(tmp_path: Path) -> None:
    files = CoverFiles(tmp_path / "covers", 0)

    files.keep(name(1), SMALL)

    assert files.read(name(1)) is None
    assert not (tmp_path / "covers").exists()


@pytest.mark.parametrize("spoil", ["cut", "longer", "changed", "empty"])
def test_what_was_changed_on_disk_is_as_good_as_none(
    spoil: str, files: CoverFiles
) -> None:
    files.keep(name(1), SMALL)
    (path,) = all_files(files.folder)
    data = path.read_bytes()
    path.write_bytes(
        {
            "cut": data[:-1],
            "longer": data + b"!",
            "changed": data[:-1] + b"!",
            "empty": b"",
        }[spoil]
    )

    assert files.read(name(1)) is None


def test_a_disk_that_fills_up_leaves_no_half_a_file(
    files: CoverFiles, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    files.keep(name(1), SMALL)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    files.keep(name(2), SMALL)

    assert "No space left on device" in caplog.text
    assert len(all_files(files.folder)) == 1
    assert files.read(name(1))


def test_the_database_keeps_its_room_on_the_disk(
    files: CoverFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly_full = SimpleNamespace(free=cover_files.FREE - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: nearly_full)

    files.keep(name(1), SMALL)

    assert not all_files(files.folder)


def test_what_a_process_left_when_it_died_is_cleared_away(files: CoverFiles) -> None:
    files.keep(name(1), SMALL)
    share = all_files(files.folder)[0].parent
    old, new = share / ".scene-1-0a.11", share / ".scene-2-0a.22"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))

    files.keep(name(2), SMALL)

    assert (old.exists(), new.exists()) == (False, True)


def test_a_source_that_goes_takes_its_pictures_along(files: CoverFiles) -> None:
    ours, theirs = row_id(1, 70), row_id(2, 70)
    for key in (ours, theirs):
        files.keep(CoverName("tag", key, "0a"), SMALL)

    (files.folder / "00" / ".DS_Store").parent.mkdir(exist_ok=True)
    (files.folder / "00" / ".DS_Store").touch()
    files.forget_source(1)

    assert files.read(CoverName("tag", ours, "0a")) is None
    assert files.read(CoverName("tag", theirs, "0a"))


def age(files: CoverFiles, number: int, seconds: float) -> None:
    """Make a picture as if it was used so long ago."""
    (path,) = files.folder.rglob(name(number).file)
    at = path.stat().st_mtime - seconds
    os.utime(path, (at, at))
