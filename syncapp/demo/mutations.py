"""The mutations: what an edit through Stash's API changes, and what it refuses."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from syncapp.demo.catalogue import Record
from syncapp.demo.finding import whole
from syncapp.demo.library import Library, LibraryError

Input = Mapping[str, Any]

# Names of inputs that stand for a relation, and the kind they point at.
LINKS = {
    "tag_ids": ("tags", "tag"),
    "performer_ids": ("performers", "performer"),
    "parent_ids": ("parents", "tag"),
}
LISTS = {"urls", "aliases", "alias_list"}
FLAGS = {"organized", "favorite", "ignore_auto_tag", "play_duration"}
# Stash takes these in a scene's input and does nothing with them.
IGNORED = {"id", "ids", "o_counter", "play_count", "resume_time"}


def _changes(library: Library, given: Input) -> dict[str, Any]:
    """Return the fields that an input sets: left out is untouched, null is cleared."""
    return dict(
        _change(library, name, value)
        for name, value in given.items()
        if name not in IGNORED
    )


def _change(library: Library, name: str, value: Any) -> tuple[str, Any]:
    """Return which field a part of an input sets, and to what."""
    if name in LINKS:
        field, kind = LINKS[name]
        return field, _linked(library, kind, value or ())
    if name in LISTS:
        return name, [text.strip() for text in value or ()]
    if name == "url":
        return "urls", [value.strip()] if value else []
    if name == "studio_id":
        linked = None if value is None else _linked(library, "studio", [value])[0]
        return "studio", linked
    if name == "stash_ids":
        return name, _stash_ids(library, value or ())
    return name, _scalar(name, value)


def _scalar(name: str, value: Any) -> Any:
    if name in FLAGS and value is None:
        msg = "Internal system error. Error <null value not allowed in optional bool>"
        raise LibraryError(msg)
    return value.strip() or None if isinstance(value, str) else value


def _linked(library: Library, kind: str, given: Iterable[Any]) -> list[int]:
    numbers = [whole(text) for text in given]
    for number in numbers:
        if library.get(kind, number) is None:
            msg = "FOREIGN KEY constraint failed"
            raise LibraryError(msg)
    return list(dict.fromkeys(numbers))


def _stash_ids(library: Library, given: Iterable[Input]) -> list[Record]:
    now = library.timestamp()
    found = [{**one, "updated_at": one.get("updated_at") or now} for one in given]
    if len({one["endpoint"] for one in found}) < len(found):
        msg = "UNIQUE constraint failed: stash_ids.endpoint"
        raise LibraryError(msg)
    return found


def _scene_update(library: Library, given: Input) -> Record:
    number = whole(given["id"])
    scene = library.get("scene", number)
    if scene is None:
        msg = f"scene with id {number} not found"
        raise LibraryError(msg)
    fields = _changes(library, given)
    if not scene["files"] and fields.get("title", scene["title"]) is None:
        msg = "title must be set if scene has no files"
        raise LibraryError(msg)
    return library.edit("scene", number, **fields)


def _scenes_update(library: Library, given: list[Input]) -> list[Record]:
    """Update several, all or none."""
    for one in given:
        _changes(library, one)
        if library.get("scene", whole(one["id"])) is None:
            msg = f"scene with id {one['id']} not found"
            raise LibraryError(msg)
    return [_scene_update(library, one) for one in given]


def _bulk_scene_update(library: Library, given: Input) -> list[Record]:
    numbers = [whole(text) for text in given.get("ids") or ()]
    if any(library.get("scene", number) is None for number in numbers):
        msg = "sql: no rows in result set"
        raise LibraryError(msg)
    lists = {"urls", "tag_ids", "performer_ids"}
    plain = {name: value for name, value in given.items() if name not in lists}
    fields = _changes(library, plain)
    # Here a null list is untouched, unlike in sceneUpdate.
    moves = {name: given[name] for name in lists if given.get(name) is not None}
    targets = {LINKS[n][1]: moves[n]["ids"] or () for n in moves if n in LINKS}
    for kind, ids in targets.items():
        _linked(library, kind, ids)
    return [_bulk_edit(library, number, fields, moves) for number in numbers]


def _bulk_edit(library: Library, number: int, fields: Input, moves: Input) -> Record:
    scene = library.get("scene", number) or {}
    changes = dict(fields)
    for name, move in moves.items():
        field, kind = LINKS.get(name, (name, ""))
        given = _linked(library, kind, move["ids"] or ()) if kind else move["values"]
        changes[field] = _moved(scene[field], given or [], move["mode"])
    return library.edit("scene", number, **changes)


def _moved(old: list[Any], given: list[Any], mode: str) -> list[Any]:
    if mode == "REMOVE":
        return [one for one in old if one not in given]
    return list(dict.fromkeys([*old, *given] if mode == "ADD" else given))


def _performer_update(library: Library, given: Input) -> Record:
    number = whole(given["id"])
    return library.edit("performer", number, **_changes(library, given))


def _tag_create(library: Library, given: Input) -> Record | None:
    fields = _changes(library, given)
    _check_tag_names(library, fields, own=None)
    return library.get("tag", library.add("tag", **fields))


def _tag_update(library: Library, given: Input) -> Record:
    number = whole(given["id"])
    fields = _changes(library, given)
    _check_tag_names(library, fields, own=number)
    for parent in fields.get("parents", ()):
        if parent == number or number in library.ancestors("tag", parent):
            msg = "tag hierarchy would contain a cycle"
            raise LibraryError(msg)
    return library.edit("tag", number, **fields)


def _check_tag_names(library: Library, fields: Input, *, own: int | None) -> None:
    """Refuse a name or alias that another tag has; letters' case does not count."""
    wanted = [fields["name"]] if fields.get("name") else []
    for text in [*wanted, *fields.get("aliases", ())]:
        for tag in library.records("tag"):
            if tag["id"] == own:
                continue
            if tag["name"].casefold() == text.casefold():
                msg = f"tag with name '{text}' already exists"
                raise LibraryError(msg)
            if text.casefold() in (alias.casefold() for alias in tag["aliases"]):
                msg = f"name '{text}' is used as alias for '{tag['name']}'"
                raise LibraryError(msg)


def _tags_merge(library: Library, given: Input) -> Record | None:
    if not given["source"]:
        return None
    into = whole(given["destination"])
    library.merge_tags([whole(text) for text in given["source"]], into)
    return library.get("tag", into)


def _destroy(kind: str) -> Callable[[Library, Any], bool]:
    def destroy(library: Library, given: Input) -> bool:
        library.delete(kind, whole(given["id"]))
        return True

    return destroy


MUTATIONS: dict[str, Callable[[Library, Any], Any]] = {
    "sceneUpdate": _scene_update,
    "scenesUpdate": _scenes_update,
    "bulkSceneUpdate": _bulk_scene_update,
    "sceneDestroy": _destroy("scene"),
    "performerUpdate": _performer_update,
    "performerDestroy": _destroy("performer"),
    "tagCreate": _tag_create,
    "tagUpdate": _tag_update,
    "tagDestroy": _destroy("tag"),
    "tagsMerge": _tags_merge,
    "studioDestroy": _destroy("studio"),
}
