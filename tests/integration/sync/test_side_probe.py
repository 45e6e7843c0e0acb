"""Plays, o-counters, files and folders change without a trace in a scene's times."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from syncapp.models import Scene, SceneFile, StreamState
from syncapp.sync import side_probe
from tests.mirror import Mirror

pytestmark = pytest.mark.django_db
LATELY, LONG_AGO = "2026-11-02T20:15:00Z", "2015-06-01T20:15:00Z"


@pytest.fixture
def synced(mirror: Mirror) -> Mirror:
    """Give a mirror that is equal to a library which nobody edits."""
    mirror.full()
    mirror.demo.requests.clear()
    return mirror


def edit(mirror: Mirror, number: int, **fields: Any) -> None:
    mirror.demo.library.edit("scene", number, touch=False, **fields)


def counted(field: str, *, above: int) -> list[int]:
    rows = Scene.objects.filter(**{f"{field}__gt": above})
    return list(rows.order_by("-last_played_at").values_list("remote_id", flat=True))


def never(field: str) -> list[int]:
    return list(Scene.objects.filter(**{field: 0}).values_list("remote_id", flat=True))


def asked(mirror: Mirror, operation: str) -> int:
    times: int = mirror.demo.requests.count(operation=operation)
    return times


# Plays and o-counters


@pytest.mark.parametrize("scenes", [1, 260], ids=["one", "more than a page"])
def test_scenes_that_were_played_are_read_again(scenes: int, synced: Mirror) -> None:
    for number in range(1, scenes + 1):
        edit(synced, number, play_count=number + 50, last_played_at=LATELY)

    result = synced.quick()

    assert result["streams"]["scenes"]["changed"] == scenes
    assert synced.differences() == []


def test_second_play_that_is_older_than_the_last_is_seen(synced: Mirror) -> None:
    number = counted("play_count", above=0)[5]
    edit(synced, number, play_count=99)

    synced.quick()

    assert synced.differences() == []


def test_first_play_in_the_past_is_looked_for(synced: Mirror) -> None:
    for number in range(1, 300):
        edit(synced, number, play_count=7, last_played_at=LATELY)
    synced.quick()
    number = next(n for n in never("play_count") if n >= 300)
    edit(synced, number, play_count=1, last_played_at=LONG_AGO)
    synced.demo.requests.clear()

    synced.quick()

    assert synced.differences() == []
    assert asked(synced, "ScenesActiveBefore") > 0
    synced.demo.requests.clear()
    synced.quick()
    assert asked(synced, "ScenesActiveBefore") == 0


def without_an_id(body: bytes) -> bytes:
    return re.sub(rb'"id":\s*"[0-9]+"', b'"id":"x"', body, count=1)


def test_an_odd_row_is_no_end_of_the_latest(synced: Mirror) -> None:
    for number in range(1, 300):
        edit(synced, number, play_count=7, last_played_at=LATELY)
    synced.quick()
    number = next(n for n in never("play_count") if n >= 300)
    edit(synced, number, play_count=1, last_played_at=LONG_AGO)
    synced.demo.faults.alter(without_an_id, operation="ScenesActive")

    synced.quick()

    assert Scene.objects.get(remote_id=number).play_count == 1


def test_looking_back_has_an_end(
    synced: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_probe, "MOST_PAGES", 1)
    StreamState.objects.filter(stream="scenes").update(
        side_probe={"play_count": 1, "o_counter": 1}
    )

    synced.quick()

    assert asked(synced, "ScenesActiveBefore") == 0


def test_scene_that_was_counted_is_read_again(synced: Mirror) -> None:
    number = never("o_counter")[0]
    edit(synced, number, o_counter=1, last_o_at=LATELY)

    synced.quick()

    assert Scene.objects.get(remote_id=number).o_counter == 1
    assert synced.differences() == []


def test_mirror_that_never_took_the_probe_counts_for_itself(synced: Mirror) -> None:
    StreamState.objects.update(side_probe={})
    for number in range(1, 300):
        edit(synced, number, play_count=7, last_played_at=LATELY)
    number = next(n for n in never("play_count") if n >= 300)
    edit(synced, number, play_count=1, last_played_at=LONG_AGO)

    synced.quick()

    assert synced.differences() == []


# Files and folders


def move(mirror: Mirror) -> None:
    mirror.demo.library.move_file(5, "/media/elsewhere/kept.mp4")


def replace(mirror: Mirror) -> None:
    mirror.demo.library.replace_file(5, size=77, duration=12.5)


def rename(mirror: Mirror) -> None:
    mirror.demo.library.rename_folder(folder_of(5), "/media/renamed")


def rename_above(mirror: Mirror) -> None:
    mirror.demo.library.rename_folder("/media", "/archive")


def folder_of(number: int) -> str:
    file = SceneFile.objects.filter(scene__remote_id=number).first()
    assert file is not None
    return str(file.path.rpartition("/")[0])


ACTS: dict[str, Callable[[Mirror], None]] = {
    "a file moved": move,
    "a file replaced under its name": replace,
    "a folder renamed": rename,
    "a folder above all renamed": rename_above,
}


@pytest.mark.parametrize("act", ACTS)
def test_quick_sync_sees_files_from_0_29_on(act: str, synced: Mirror) -> None:
    ACTS[act](synced)
    assert synced.differences() != []

    synced.quick()

    assert synced.differences() == []
    synced.demo.requests.clear()
    synced.quick()
    assert len(synced.demo.requests) == 9


def test_more_moved_files_than_a_page_are_all_found(synced: Mirror) -> None:
    for number in range(1, 301):
        if SceneFile.objects.filter(scene__remote_id=number).exists():
            path = f"/media/moved/{number}.mp4"
            synced.demo.library.move_file(number, path)

    synced.quick()

    assert synced.differences() == []


def test_folder_that_came_has_nothing_read_again(synced: Mirror) -> None:
    file = {"path": "/media/a new folder/reel.mp4"}
    synced.demo.library.add("scene", title="New", files=[file])

    result = synced.quick()

    assert result["streams"]["scenes"]["seen"] == 1
    assert synced.differences() == []


@pytest.mark.parametrize("version", [(0, 24), (0, 28)])
def test_older_server_is_not_asked_for_files(
    version: tuple[int, int], synced: Mirror
) -> None:
    synced.demo.play_version(*version)
    synced.quick()  # reads all anew, for there are fewer fields
    synced.demo.requests.clear()

    synced.quick()

    assert asked(synced, "FilesUpdated") == asked(synced, "Folders") == 0


@pytest.mark.parametrize(
    ("path", "name", "folder"),
    [
        (r"D:\reel.mp4", "reel.mp4", "D:"),
        (r"D:\films\a.mp4", "a.mp4", r"D:\films"),
        (r"D:\films\a.mp4", "", r"D:\films"),
        ("/reel.mp4", "reel.mp4", ""),
        ("/films/a.mp4", "", "/films"),
    ],
)
def test_folder_is_known_however_a_server_parts_paths(
    path: str, name: str, folder: str
) -> None:
    assert side_probe._folder(path, name) == folder


def test_marks_and_what_was_told_are_kept_together(synced: Mirror) -> None:
    rename(synced)
    before = StreamState.objects.get(stream="scenes").side_probe

    synced.quick()

    after = StreamState.objects.get(stream="scenes").side_probe
    assert before["folders"] != after["folders"]
    assert before["play_count"] == after["play_count"] > 0


def test_question_that_fails_stops_no_sync(synced: Mirror) -> None:
    synced.demo.library.edit("scene", 5, title="Edited")
    synced.demo.faults.fail_field("not now", field="findFolders", times=9)

    synced.quick()

    assert synced.differences() == []
    assert "side_probe_failed" in synced.reporter.codes()
