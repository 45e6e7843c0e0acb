"""How a field of an answer is read from a record, where it is not simply kept there."""

import random
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from syncapp.demo.catalogue import Record
from syncapp.demo.library import Library

Getter = Callable[[Library, Record], Any]

KIND_OF = {"Scene": "scene", "Performer": "performer", "Tag": "tag", "Studio": "studio"}
# Lists without an order of their own; `Library.shuffle` deals them anew each time.
UNORDERED = {
    *("Scene.performers", "Scene.stash_ids", "VideoFile.fingerprints"),
    *("Performer.alias_list", "Performer.tags", "Performer.stash_ids"),
    *("Tag.aliases", "Tag.parents", "Tag.stash_ids", "Tag.children"),
    *("Studio.aliases", "Studio.tags", "Studio.stash_ids", "Studio.child_studios"),
}
SITES = ("twitter", "instagram")


def getter(name: str) -> Getter | None:
    """Return how "Type.field" is read, or None when the record holds it as it is."""
    read = GETTERS.get(name)
    if name not in UNORDERED:
        return read
    field = name.partition(".")[2]

    def dealt(library: Library, record: Record) -> Any:
        values = read(library, record) if read else record[field]
        if library.shuffle and len(values) > 1:
            return random.sample(values, len(values))
        return values

    return dealt


def _id(_: Library, record: Record) -> str:
    return str(record["id"])


def _many(kind: str, field: str) -> Getter:
    def read(library: Library, record: Record) -> list[Record]:
        return library.chosen(kind, record[field])

    return read


def _studio(field: str) -> Getter:
    def read(library: Library, record: Record) -> Record | None:
        number = record[field]
        return None if number is None else library.get("studio", number)

    return read


def _tags_by_name(library: Library, record: Record) -> list[Record]:
    return sorted(library.chosen("tag", record["tags"]), key=lambda tag: tag["name"])


def _first_url(_: Library, record: Record) -> str | None:
    return next(_plain(record["urls"]), None)


def _plain(urls: Iterable[str]) -> Any:
    return (url for url in urls if not any(f"//{site}.com/" in url for site in SITES))


def _url_at(site: str) -> Getter:
    def read(_: Library, record: Record) -> str | None:
        return next((url for url in record["urls"] if f"//{site}.com/" in url), None)

    return read


def _below(kind: str, field: str) -> Getter:
    def read(library: Library, record: Record) -> list[Record]:
        number = record["id"]
        if field == "parents":
            return [one for one in library.records(kind) if number in one[field]]
        return [one for one in library.records(kind) if one[field] == number]

    return read


def _scene_count(kind: str) -> Getter:
    return lambda library, record: library.scene_counts(kind)[record["id"]]


def _picture(kind: str, name: str) -> Getter:
    """Return an address as Stash makes it: of the server, with the edit's instant.

    Of a tag, performer or studio without a picture it says so.
    """

    def read(library: Library, record: Record) -> str:
        at = int(datetime.fromisoformat(record["updated_at"]).timestamp())
        number = record["id"]
        none = name == "image" and not library.has_picture(kind, number)
        rest = "&default=true" if none else ""
        return f"{library.public_url}/{kind}/{number}/{name}?t={at}{rest}"

    return read


def _folder(library: Library, record: Record) -> Record:
    return library.folders.of(record["path"])


def _folder_id(library: Library, record: Record) -> str:
    return str(library.folders.of(record["path"])["id"])


def _folder_above(library: Library, record: Record) -> Record | None:
    parent = record["parent"]
    return None if parent is None else library.folders.records()[parent]


def _paths(_: Library, record: Record) -> Record:
    return record


GETTERS: dict[str, Getter] = {
    "VideoFile.id": _id,
    "VideoFile.parent_folder": _folder,
    "VideoFile.parent_folder_id": _folder_id,
    "Folder.id": _id,
    "Folder.parent_folder": _folder_above,
    "Scene.id": _id,
    "Scene.url": _first_url,
    "Scene.paths": _paths,
    "ScenePathsType.screenshot": _picture("scene", "screenshot"),
    "Scene.studio": _studio("studio"),
    "Scene.tags": _tags_by_name,
    "Scene.performers": _many("performer", "performers"),
    "Performer.id": _id,
    "Performer.url": _first_url,
    "Performer.twitter": _url_at("twitter"),
    "Performer.instagram": _url_at("instagram"),
    "Performer.tags": _many("tag", "tags"),
    "Performer.image_path": _picture("performer", "image"),
    "Performer.scene_count": _scene_count("performer"),
    "Tag.id": _id,
    "Tag.parents": _many("tag", "parents"),
    "Tag.children": _below("tag", "parents"),
    "Tag.image_path": _picture("tag", "image"),
    "Tag.scene_count": _scene_count("tag"),
    "Studio.id": _id,
    "Studio.url": _first_url,
    "Studio.parent_studio": _studio("parent_studio"),
    "Studio.child_studios": _below("studio", "parent_studio"),
    "Studio.tags": _many("tag", "tags"),
    "Studio.image_path": _picture("studio", "image"),
    "Studio.scene_count": _scene_count("studio"),
}
# Read from other objects, so an answer made earlier may be out of date.
WANDERING = {name for name in GETTERS if name.endswith("_count")}
