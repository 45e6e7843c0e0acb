"""Lines about files and folders, which can be listed from 0.29 on."""

from typing import Any

from tests.contract.line import Data, Line, Misfit, Refused, Where

FILES = """query Files($f: FindFilterType, $w: FileFilterType) {
    findFiles(filter: $f, file_filter: $w) {
        count files { id path updated_at parent_folder { id path } } } }"""
FOLDERS = """query Folders($f: FindFilterType) { findFolders(filter: $f) {
    count folders { id path updated_at parent_folder { id } } } }"""
BY_FILES = """query Scenes($w: FileFilterType) {
    findScenes(filter: {per_page: 2}, scene_filter: {files_filter: $w}) { count } }"""
NEWEST = {"sort": "updated_at", "direction": "DESC", "per_page": 50}
LISTED = (0, 29)


def _newest_first(found: Any) -> bool:
    stamps = [file["updated_at"] for file in found["files"]]
    return stamps == sorted(stamps, reverse=True) and found["count"] >= len(stamps)


def _in_their_folders(found: Any) -> bool:
    return all(
        file["path"].startswith(file["parent_folder"]["path"])
        for file in found["files"]
    )


def _have_folders(scenes: Any) -> bool:
    files = [file for scene in scenes for file in scene["files"]]
    return all(file["parent_folder_id"].isdecimal() for file in files)


def _folders_rise(found: Any) -> bool:
    ids = [int(folder["id"]) for folder in found["folders"]]
    return ids == sorted(set(ids)) and found["count"] == len(ids)


LINES = (
    Line(
        "files come newest first, as text",
        FILES,
        (
            ((0, 24), Misfit()),
            (LISTED, Data({"findFiles": Where("newest first", _newest_first)})),
        ),
        {"f": NEWEST},
    ),
    Line(
        "files of scenes alone can be listed",
        FILES,
        Data({"findFiles": Where("newest first", _newest_first)}),
        {
            "f": NEWEST,
            "w": {"scene_count": {"value": 0, "modifier": "GREATER_THAN"}},
        },
        since=LISTED,
    ),
    Line(
        "a file tells its folder",
        FILES,
        Data({"findFiles": Where("each in its folder", _in_their_folders)}),
        {"f": {"sort": "path", "per_page": 50}},
        since=LISTED,
    ),
    Line(
        "files can be asked for from a stamp on",
        FILES,
        Data({"findFiles": {"count": 0, "files": []}}),
        {"w": {"updated_at": {"value": "never", "modifier": "GREATER_THAN"}}},
        since=LISTED,
    ),
    Line(
        "an unknown order of files is an error",
        FILES,
        Refused("invalid sort: size", None),
        {"f": {"sort": "size"}},
        since=LISTED,
    ),
    Line(
        "one missing file fails the whole list",
        "query Some($ids: [ID!]) { findFiles(ids: $ids) { count } }",
        Refused("getting file by id {missing}: sql: no rows in result set", None),
        {"ids": ["{missing}"]},
        since=LISTED,
    ),
    Line(
        "folders come by id, with those above them",
        FOLDERS,
        (
            ((0, 24), Misfit()),
            (LISTED, Data({"findFolders": Where("all, by rising ids", _folders_rise)})),
        ),
        {"f": {"sort": "id", "per_page": -1}},
    ),
    Line(
        "one missing folder fails the whole list",
        "query Some($ids: [ID!]) { findFolders(ids: $ids) { count } }",
        Refused("folder with id {missing} not found", None),
        {"ids": ["{missing}"]},
        since=LISTED,
    ),
    Line(
        "scenes can be asked for by their files' stamps from 0.30 on",
        BY_FILES,
        (((0, 24), Misfit()), ((0, 30), Data({"findScenes": {"count": 0}}))),
        {"w": {"updated_at": {"value": "never", "modifier": "GREATER_THAN"}}},
    ),
    Line(
        "a file tells the number of its folder in every version",
        """query Scenes($f: FindFilterType) { findScenes(filter: $f) {
            scenes { files { id path parent_folder_id mod_time updated_at } } } }""",
        Data({"findScenes": {"scenes": Where("folders", _have_folders)}}),
        {"f": {"per_page": 5, "sort": "id"}},
    ),
)
