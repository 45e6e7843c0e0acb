"""Asks for what changes without a trace in a scene: its activity, files and folders.

A play, a moved file or a renamed folder leaves the `updated_at` of the scene as it was,
so no index shows it. Each question here is small, and asked where the server has it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from syncapp.stash import bounds
from syncapp.stash.answers import Answer
from syncapp.stash.client import StashClient
from syncapp.stash.mending import whole_text
from syncapp.stash.reading import NEWEST
from syncapp.stash.records import Id
from syncapp.stash.sense import Listed, Sense
from syncapp.stash.server import Server

FOLDERS_SIZE = 5_000  # folders in one answer
MOST_FOLDER_PAGES = 200


@dataclass(frozen=True, slots=True)
class Activity:
    """One kind of what people do with scenes, and how the latest are listed."""

    counter: str  # the scene's field that counts it
    sort: str
    moment: str  # the scene's field that tells the latest; empty: no field does
    needs: frozenset[str]  # what the server must have


PLAYS = Activity(  # Stash 0.26 and later
    "play_count",
    "last_played_at",
    "last_played_at",
    frozenset({"Scene.last_played_at", "SceneFilterType.last_played_at"}),
)
O_COUNTS = Activity(  # Stash 0.25 and later, with lists by ids; no field has its time
    "o_counter", "last_o_at", "", frozenset({"Query.findScenes.ids"})
)
ACTIVITIES = (PLAYS, O_COUNTS)


class ActivityRow(NamedTuple):
    remote_id: int
    times: int
    at: str  # when it was last, as the server tells it; empty where it does not


@dataclass(frozen=True, slots=True)
class Told:
    """What the server tells of one activity."""

    latest: Listed  # of ActivityRow, the latest first
    ever: int | None  # scenes that had any; None: what it tells cannot be true


class FileRow(NamedTuple):
    remote_id: int
    path: str
    updated_at: str


class _Scene(msgspec.Struct):
    id: Id
    play_count: int | None = None
    o_counter: int | None = None
    last_played_at: str | None = None


class _File(msgspec.Struct):
    id: Id
    path: str
    updated_at: str


class _Folder(msgspec.Struct):
    path: str


_FILES = """\
query FilesUpdated($filter: FindFilterType, $file_filter: FileFilterType) {
  findFiles(filter: $filter, file_filter: $file_filter) {
    files { id path updated_at }
  }
}"""
_FOLDERS = """\
query Folders($filter: FindFilterType) {
  findFolders(filter: $filter) { folders { path } }
}"""
_OF_SCENES = {"scene_count": {"value": 0, "modifier": "GREATER_THAN"}}
_LATEST = {"per_page": NEWEST, "direction": "DESC"}


def activities(server: Server) -> list[Activity]:
    """Return what this server can list by its latest."""
    return [each for each in ACTIVITIES if each.needs <= server.fields]


def lists_files(server: Server) -> bool:
    """Whether files and folders can be listed (Stash 0.29 and later)."""
    needed = {"Query.findFiles", "Query.findFolders", "FileFilterType.scene_count"}
    return needed <= server.fields


def first_look(client: StashClient) -> dict[Activity, Told]:
    """Return the latest of each activity and how many scenes had any; one request."""
    asked = activities(client.server)
    if not asked:
        return {}
    variables: dict[str, Any] = {"none": {"per_page": 0}}
    for each in asked:
        variables[each.counter] = {**_LATEST, "sort": each.sort}
        some = {each.counter: {"value": 0, "modifier": "GREATER_THAN"}}
        variables[f"ever_{each.counter}"] = some
    answer = client.ask(_look_document(asked), variables)
    sense = Sense(client.url)
    return {
        each: Told(
            _rows(sense, answer, each),
            sense.count(sense.part(answer, f"ever_{each.counter}", "count")),
        )
        for each in asked
    }


def further_look(client: StashClient, activity: Activity, page: int) -> Listed:
    """Return a later page of scenes with their latest; `page` counts from 0."""
    asked = {**_LATEST, "sort": activity.sort, "page": page + 1}
    answer = client.ask(_further_document(activity), {activity.counter: asked})
    return _rows(Sense(client.url), answer, activity)


def newest_files(client: StashClient, page: int) -> Listed:
    """Return files of scenes, those updated last first; `page` counts from 0."""
    asked = {**_LATEST, "sort": "updated_at", "page": page + 1}
    answer = client.ask(_FILES, {"filter": asked, "file_filter": _OF_SCENES})
    sense = Sense(client.url)
    listed = sense.each(sense.part(answer, "findFiles", "files"), _File)
    rows = [
        FileRow(int(row.id), whole_text(row.path), whole_text(row.updated_at))
        for row in listed.rows[:NEWEST]
        if len(row.path) <= bounds.TEXT
    ]
    return Listed(rows, listed.told)


def folder_paths(client: StashClient) -> Iterator[list[str]]:
    """Yield the paths of all folders, by their ids, 5,000 at a time."""
    for page in range(1, MOST_FOLDER_PAGES + 1):
        asked = {
            "sort": "id",
            "direction": "ASC",
            "per_page": FOLDERS_SIZE,
            "page": page,
        }
        answer = client.ask(_FOLDERS, {"filter": asked})
        sense = Sense(client.url)
        listed = sense.each(sense.part(answer, "findFolders", "folders"), _Folder)
        yield [whole_text(row.path) for row in listed.rows]
        if listed.told < FOLDERS_SIZE:
            return


def _look_document(asked: Sequence[Activity]) -> str:
    declared, roots = ["$none: FindFilterType"], []
    for each in asked:
        declared.append(f"${each.counter}: FindFilterType")
        declared.append(f"$ever_{each.counter}: SceneFilterType")
        roots.append(_latest_root(each))
        roots.append(
            f"  ever_{each.counter}: findScenes(filter: $none, "
            f"scene_filter: $ever_{each.counter}) {{ count }}"
        )
    return _query("ScenesActive", declared, roots)


def _further_document(activity: Activity) -> str:
    declared = [f"${activity.counter}: FindFilterType"]
    return _query("ScenesActiveBefore", declared, [_latest_root(activity)])


def _query(name: str, declared: Sequence[str], roots: Sequence[str]) -> str:
    return "\n".join([f"query {name}({', '.join(declared)}) {{", *roots, "}"])


def _latest_root(activity: Activity) -> str:
    fields = " ".join(filter(None, ["id", activity.counter, activity.moment]))
    return (
        f"  {activity.counter}: findScenes(filter: ${activity.counter}) "
        f"{{ scenes {{ {fields} }} }}"
    )


def _rows(sense: Sense, answer: Answer, activity: Activity) -> Listed:
    """Return the scenes that had any of it: those that never had come last.

    `told` counts also what cannot be used: less than a page is the end of the list.
    """
    listed = sense.each(sense.part(answer, activity.counter, "scenes"), _Scene)
    rows = [
        ActivityRow(
            int(row.id),
            _stored(getattr(row, activity.counter)),
            (getattr(row, activity.moment) or "") if activity.moment else "",
        )
        for row in listed.rows[:NEWEST]
    ]
    active = [row for row in rows if row.times or row.at]
    return Listed(active, listed.told - (len(rows) - len(active)))


def _stored(times: int | None) -> int:
    """Return a number as the mirror has it: none that its column does not hold."""
    return times if times is not None and 0 < times <= bounds.INT32 else 0
