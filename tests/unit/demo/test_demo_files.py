"""Files and folders: listed from Stash 0.29 on, and moved as people move them."""

from collections.abc import Callable
from typing import Any

import pytest

from syncapp.demo.server import DemoServer

Ask = Callable[..., Any]
FILES = """query Files($filter: FindFilterType, $file_filter: FileFilterType) {
    findFiles(filter: $filter, file_filter: $file_filter) {
        count files { id path updated_at parent_folder { id path } } } }"""
FOLDERS = """{ findFolders(filter: {sort: "id", per_page: -1}) {
    count folders { id path updated_at } } }"""
NEWEST = {"sort": "updated_at", "direction": "DESC", "per_page": 2}


def files(ask: Ask, **variables: Any) -> Any:
    return ask(FILES, **variables)["data"]["findFiles"]


def folders(ask: Ask) -> dict[str, dict[str, str]]:
    found = ask(FOLDERS)["data"]["findFolders"]["folders"]
    return {folder["id"]: folder for folder in found}


def test_every_file_and_its_folder_is_listed(demo: DemoServer, ask: Ask) -> None:
    found = files(ask, filter={"per_page": -1, "sort": "id"})

    held = [file for scene in demo.truth()["scene"].values() for file in scene["files"]]
    assert found["count"] == len(held)
    assert [int(file["id"]) for file in found["files"]] == [f["id"] for f in held]
    known = folders(ask)
    for file in found["files"]:
        folder = file["parent_folder"]
        assert file["path"].rpartition("/")[0] == folder["path"]
        assert known[folder["id"]]["path"] == folder["path"]


def test_a_moved_file_is_the_newest_while_its_scene_is_as_it_was(
    demo: DemoServer, ask: Ask
) -> None:
    before, first = demo.truth()["scene"][5], files(ask, filter=NEWEST)["files"][0]
    demo.library.move_file(5, "/media/elsewhere/kept.mp4")

    newest, second = files(ask, filter=NEWEST)["files"]
    assert (newest["path"], second) == ("/media/elsewhere/kept.mp4", first)
    assert newest["id"] == str(before["files"][0]["id"])
    after = demo.truth()["scene"][5]
    assert after["updated_at"] == before["updated_at"]
    criterion = {"value": first["updated_at"], "modifier": "GREATER_THAN"}
    assert files(ask, file_filter={"updated_at": criterion})["files"] == [newest]


def test_a_replaced_file_keeps_its_name_and_id(demo: DemoServer, ask: Ask) -> None:
    (before,) = demo.truth()["scene"][5]["files"]
    demo.library.replace_file(5, size=77, duration=12.5)

    (after,) = demo.truth()["scene"][5]["files"]
    assert (after["id"], after["path"]) == (before["id"], before["path"])
    assert (after["size"], after["duration"]) == (77, 12.5)
    assert files(ask, filter=NEWEST)["files"][0]["id"] == str(before["id"])


def test_a_renamed_folder_changes_paths_and_no_stamp(
    demo: DemoServer, ask: Ask
) -> None:
    demo.library.edit("scene", 9, title="Edited before")
    path = demo.truth()["scene"][5]["files"][0]["path"]
    old = path.rpartition("/")[0].rpartition("/")[0]
    before, known = files(ask, filter={"per_page": -1}), folders(ask)
    demo.library.rename_folder(old, "/media/renamed")

    def renamed(path: str) -> str:
        return "/media/renamed" + path[len(old) :] if path.startswith(old) else path

    for one in (*before["files"], *known.values()):
        one["path"] = renamed(one["path"])
    for one in before["files"]:
        one["parent_folder"]["path"] = renamed(one["parent_folder"]["path"])
    assert demo.truth()["scene"][5]["files"][0]["path"].startswith("/media/renamed/")
    assert files(ask, filter={"per_page": -1}) == before
    assert folders(ask) == known


def test_a_file_given_to_another_scene_leaves_no_trace(demo: DemoServer) -> None:
    before = demo.truth()["scene"]
    (file,) = before[5]["files"]
    demo.library.assign_file(file["id"], 6)

    after = demo.truth()["scene"]
    assert (after[5]["files"], after[6]["files"][-1]) == ([], file)
    for number in (5, 6):
        assert after[number]["updated_at"] == before[number]["updated_at"]


@pytest.mark.parametrize("version", [(0, 24), (0, 28)])
def test_older_servers_list_no_files(
    demo: DemoServer, ask: Ask, version: tuple[int, int]
) -> None:
    demo.play_version(*version)

    codes = [ask(document)["errors"][0]["extensions"] for document in (FILES, FOLDERS)]
    assert codes == [{"code": "GRAPHQL_VALIDATION_FAILED"}] * 2


def test_scenes_ever_played_are_counted(demo: DemoServer, ask: Ask) -> None:
    played = """{ findScenes(filter: {per_page: 0},
        scene_filter: {play_count: {value: 0, modifier: GREATER_THAN}}) { count } }"""
    plays = {n: one["play_count"] for n, one in demo.truth()["scene"].items()}
    before = ask(played)["data"]["findScenes"]["count"]
    never = next(number for number, count in plays.items() if not count)
    demo.library.edit("scene", never, touch=False, play_count=1)
    ever = next(number for number, count in plays.items() if count)
    demo.library.edit("scene", ever, touch=False, play_count=9)

    assert before == sum(count > 0 for count in plays.values())
    assert ask(played)["data"]["findScenes"]["count"] == before + 1
