"""The mutations: what an edit through Stash's API changes, and what it refuses."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from syncapp.demo.catalogue import Record, utc
from syncapp.demo.finding import whole
from syncapp.demo.inputs import LINKS, UNLINKED, Input, changes, linked, texts
from syncapp.demo.library import Library, LibraryError
from syncapp.demo.names import TAGS_NAMED_SINCE, check_performer, check_unique

BULK_LISTS = ("urls", "tag_ids", "performer_ids")
NO_PERSON = {
    **dict.fromkeys(("name", "disambiguation"), ""),
    **dict.fromkeys(("birthdate", "death_date")),
    "alias_list": (),
}


def _id(given: Input) -> int:
    return whole(given["id"], "converting id: ")


def _existing(library: Library, kind: str, number: int) -> Record:
    record = library.get(kind, number)
    if record is None:
        msg = f"{kind} with id {number} not found"
        raise LibraryError(msg)
    return record


# Scenes


def _scene_create(library: Library, given: Input) -> Record | None:
    fields = changes(library, given)
    _check_title(fields.get("title"), ())
    return library.get("scene", library.add("scene", **fields))


def _scene_update(library: Library, given: Input) -> Record:
    number = _id(given)
    scene = _existing(library, "scene", number)
    fields = changes(library, given)
    _check_title(fields.get("title", scene["title"]), scene["files"])
    return library.edit("scene", number, **fields)


def _check_title(title: str | None, files: Any) -> None:
    if not title and not files:
        msg = "title must be set if scene has no files"
        raise LibraryError(msg)


def _scenes_update(library: Library, given: list[Input]) -> list[Record]:
    """Update several, all or none."""
    for one in given:
        fields = changes(library, one)
        scene = _existing(library, "scene", _id(one))
        _check_title(fields.get("title", scene["title"]), scene["files"])
    return [_scene_update(library, one) for one in given]


def _bulk_scene_update(library: Library, given: Input) -> list[Record] | None:
    """Update several in one way, all or none."""
    numbers = [whole(text, "converting ids: ") for text in given.get("ids") or ()]
    # Here a null list is untouched, unlike in sceneUpdate.
    moves = {name: given[name] for name in BULK_LISTS if given.get(name) is not None}
    plain = {name: value for name, value in given.items() if name not in BULK_LISTS}
    # What cannot be read is refused before anything is looked for.
    changes(library, {n: v for n, v in plain.items() if n != "studio_id"})
    if any(library.get("scene", number) is None for number in numbers):
        raise LibraryError(_missing(moves))
    fields = changes(library, plain)
    given_lists = {name: _given(library, name, move) for name, move in moves.items()}
    edited = [_bulk_edit(library, number, fields, given_lists) for number in numbers]
    return edited or None


def _missing(moves: Input) -> str:
    """Return how a missing scene is told: the row that links it fails first."""
    links = any(
        move["mode"] != "REMOVE" and (move.get("ids") or move.get("values"))
        for move in moves.values()
    )
    return UNLINKED if links else "sql: no rows in result set"


def _given(library: Library, name: str, move: Input) -> tuple[str, list[Any]]:
    """Return the mode and the elements; to take away, they need not be there."""
    mode = move["mode"]
    if name not in LINKS:
        return mode, texts(library, move.get("values") or ())
    ids = move.get("ids") or ()
    if mode == "REMOVE":
        return mode, [whole(text, "converting ids: ") for text in ids]
    return mode, linked(library, LINKS[name][1], ids)


def _bulk_edit(
    library: Library,
    number: int,
    fields: Input,
    lists: Mapping[str, tuple[str, list[Any]]],
) -> Record:
    scene = library.get("scene", number) or {}
    edit = dict(fields)
    for name, (mode, given) in lists.items():
        field, _ = LINKS.get(name, (name, ""))
        edit[field] = _moved(scene[field], given, mode)
    return library.edit("scene", number, **edit)


def _moved(old: list[Any], given: list[Any], mode: str) -> list[Any]:
    if mode == "REMOVE":
        return [one for one in old if one not in given]
    if mode == "ADD":
        return [*old, *(one for one in given if one not in old)]
    return given


def _counted(count: str, last: str) -> Callable[[Library, Any], Record]:
    """Return the mutation that counts more times at which a scene was enjoyed."""

    def counted(library: Library, given: Input) -> Record:
        scene = _existing(library, "scene", _id(given))
        times = given.get("times") or [library.now().isoformat()]
        known = [utc(datetime.fromisoformat(text).timestamp()) for text in times]
        latest = max([*known, scene[last] or ""])
        more = {count: scene[count] + len(known), last: latest}
        library.edit("scene", scene["id"], touch=False, **more)
        return {"count": more[count]}

    return counted


# Performers, tags and studios


def _performer_create(library: Library, given: Input) -> Record | None:
    fields = changes(library, given)
    check_performer(library, {**NO_PERSON, **fields}, own=None)
    return library.get("performer", library.add("performer", **fields))


def _performer_update(library: Library, given: Input) -> Record:
    number = _id(given)
    fields = changes(library, given)
    old = _existing(library, "performer", number)
    check_performer(library, {**old, **fields}, own=number)
    return library.edit("performer", number, **fields)


def _create(kind: str) -> Callable[[Library, Any], Record | None]:
    def create(library: Library, given: Input) -> Record | None:
        fields = changes(library, given)
        check_unique(library, kind, fields, own=None)
        return library.get(kind, library.add(kind, **fields))

    return create


def _tag_update(library: Library, given: Input) -> Record:
    number = _id(given)
    tag = _existing(library, "tag", number)
    fields = changes(library, given)
    if given.get("name") is None and library.release < TAGS_NAMED_SINCE:
        fields.pop("name", None)
    check_unique(library, "tag", fields, own=number)
    for parent in fields.get("parents", ()):
        if parent == number or number in library.ancestors("tag", parent):
            above = _existing(library, "tag", parent)["name"]
            msg = (
                f'cannot apply tag "{above}" as a parent of "{tag["name"]}" '
                f"as it is already a descendant"
            )
            raise LibraryError(msg)
    return library.edit("tag", number, **fields)


def _tags_merge(library: Library, given: Input) -> Record | None:
    if not given["source"]:
        return None
    into = whole(given["destination"], "converting destination id: ")
    sources = [whole(text, "converting source ids: ") for text in given["source"]]
    if into in sources:
        msg = "cannot merge where source == destination"
        raise LibraryError(msg)
    _existing(library, "tag", into)
    for number in sources:
        _check_there(library, "tag", number)
    library.merge_tags(sources, into)
    return library.get("tag", into)


def _check_there(library: Library, kind: str, number: int) -> None:
    if library.get(kind, number) is None:
        msg = f"id {number} does not exist in {kind}s"
        raise LibraryError(msg)


def _destroy(kind: str) -> Callable[[Library, Any], bool]:
    def destroy(library: Library, given: Input) -> bool:
        number = _id(given)
        if kind != "scene":
            _check_there(library, kind, number)
        library.delete(kind, number)
        return True

    return destroy


# Tasks


def _task(description: str) -> Callable[[Library, Any], str]:
    return lambda library, _: str(library.tasks.add(description, library.now()))


def _stop_job(library: Library, given: Input) -> bool:
    library.tasks.stop(whole(given["job_id"], "converting id: "), library.now())
    return True


MUTATIONS: Mapping[str, Callable[[Library, Any], Any]] = {
    "sceneCreate": _scene_create,
    "sceneUpdate": _scene_update,
    "scenesUpdate": _scenes_update,
    "bulkSceneUpdate": _bulk_scene_update,
    "sceneAddPlay": _counted("play_count", "last_played_at"),
    "sceneAddO": _counted("o_counter", "last_o_at"),
    "sceneDestroy": _destroy("scene"),
    "performerCreate": _performer_create,
    "performerUpdate": _performer_update,
    "performerDestroy": _destroy("performer"),
    "tagCreate": _create("tag"),
    "tagUpdate": _tag_update,
    "tagDestroy": _destroy("tag"),
    "tagsMerge": _tags_merge,
    "studioCreate": _create("studio"),
    "studioDestroy": _destroy("studio"),
    "metadataScan": _task("Scanning..."),
    "metadataGenerate": _task("Generating..."),
    "stopJob": _stop_job,
}
