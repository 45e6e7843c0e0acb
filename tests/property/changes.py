"""What people and programs do to a library, each as a function of three numbers.

A number chooses among what is there, so that every history can be shortened. Each
returns what it did in words, "" when there was nothing to do it to.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from syncapp.demo import Library
from syncapp.demo.catalogue import stamp
from syncapp.demo.mutations import MUTATIONS
from tests.property.wire import Wire

T = TypeVar("T")
Change = Callable[[Wire, int, int, int], str]
KINDS = ("scene", "tag", "performer", "studio")
# The fields of a scene that no index shows: activity, and what is on the disk. The
# first ones no quick sync sees at all.
HIDDEN = {"play_duration", "resume_time"}
UNSEEN = HIDDEN | {"o_counter", "play_count", "last_played_at", "files"}


def pick(options: Sequence[T], number: int) -> T:
    return options[number % len(options)]


def some(library: Library, kind: str, number: int) -> list[int]:
    """Return up to three ids of a kind."""
    ids = library.ids(kind)
    chosen = [pick(ids, number + 7 * n) for n in range(number % 4)] if ids else []
    return list(dict.fromkeys(chosen))


def one(library: Library, kind: str, number: int) -> int | None:
    ids = library.ids(kind)
    return pick(ids, number) if ids else None


def _title(kind: str, *numbers: int) -> dict[str, Any]:
    name = "-".join(str(number) for number in numbers)
    return {"title" if kind == "scene" else "name": f"Reel {name}"}


def _links(library: Library, kind: str, number: int) -> dict[str, Any]:
    tags = some(library, "tag", number)
    if kind == "tag":
        return {"description": f"Note {number}"}
    if kind != "scene":
        return {"tags": tags}
    people = some(library, "performer", number // 3)
    studio = one(library, "studio", number) if number % 3 else None
    return {"tags": tags, "performers": people, "studio": studio}


def edit(wire: Wire, a: int, b: int, c: int) -> str:
    kind = KINDS[a % 4]
    number = one(wire.library, kind, b)
    if number is None:
        return ""
    fields = _title(kind, a, b, c) if c % 2 else _links(wire.library, kind, c)
    wire.library.edit(kind, number, **fields)
    return f"{kind} {number} edited: {fields}"


def edit_late(wire: Wire, a: int, b: int, c: int) -> str:
    """Commit an edit that waited for the writer: its stamp is up to 119 s old."""
    library, kind = wire.library, KINDS[a % 4]
    number = one(library, kind, b)
    if number is None:
        return ""
    at = wire.clock - timedelta(seconds=(0, 1, 30, 119)[c % 4])
    when = stamp(at.timestamp(), ZoneInfo(library.zone))
    fields = _title(kind, a, b, c)
    library.edit(kind, number, updated_at=when, **fields)
    return f"{kind} {number} edited late, as of {when}: {fields}"


def edit_many(wire: Wire, a: int, b: int, c: int) -> str:
    library = wire.library
    ids = sorted(set(library.ids("scene")[a % 5 :: 1 + b % 5]))
    if not ids:
        return ""
    mode = ("SET", "ADD", "REMOVE")[c % 3]
    tags = {"ids": [str(n) for n in some(library, "tag", c)], "mode": mode}
    given = {"ids": [str(n) for n in ids], "tag_ids": tags, "organized": bool(c % 2)}
    MUTATIONS["bulkSceneUpdate"](library, given)
    return f"scenes {ids} edited together: {tags}"


def add(wire: Wire, a: int, b: int, c: int) -> str:
    library, kind = wire.library, KINDS[a % 4]
    fields = {**_title(kind, a, b, c), **_links(library, kind, b)}
    if kind == "scene":
        place = f"/media/new/{a}-{b}-{c}"
        fields["files"] = [{"path": f"{place}-{n}.mp4"} for n in range(c % 3)]
    if kind == "tag":
        fields["parents"] = some(library, "tag", c)
    number = library.add(kind, **fields)
    return f"{kind} {number} added: {fields}"


def add_old(wire: Wire, a: int, b: int, c: int) -> str:
    """Import one object with its old dates, as an import from files does."""
    library, kind = wire.library, KINDS[a % 4]
    made = stamp(1_500_000_000 + b, ZoneInfo("UTC"))
    moved = stamp(1_600_000_000 + c, ZoneInfo(library.zone))
    fields = {**_title(kind, a, b, c), **_links(library, kind, c)}
    number = library.add(kind, **fields, created_at=made, updated_at=moved)
    return f"{kind} {number} imported as of {moved}: {fields}"


def delete(wire: Wire, a: int, b: int, c: int) -> str:
    kind = KINDS[a % 4]
    number = one(wire.library, kind, b)
    if number is None:
        return ""
    wire.library.delete(kind, number)
    return f"{kind} {number} deleted"


def delete_many(wire: Wire, a: int, b: int, c: int) -> str:
    kind = KINDS[a % 4]
    ids = wire.library.ids(kind)
    gone = list(ids) if c % 5 == 0 else list(ids[b % 3 :: 2 + c % 2])
    for number in gone:
        wire.library.delete(kind, number)
    return f"{kind}s {gone} deleted"


def merge(wire: Wire, a: int, b: int, c: int) -> str:
    library, kind = wire.library, ("tag", "performer")[a % 2]
    ids = library.ids(kind)
    into = one(library, kind, b)
    sources = {pick(ids, b + 1 + c % 3), pick(ids, b + c)} - {into} if ids else set()
    if into is None or not sources:
        return ""
    merged = library.merge_tags if kind == "tag" else library.merge_performers
    merged(sorted(sources), into=into)
    return f"{kind}s {sorted(sources)} merged into {into}"


def adopt(wire: Wire, a: int, b: int, c: int) -> str:
    """Edit a tag's children: the parent is bumped, the child is not."""
    library = wire.library
    child, parent = one(library, "tag", a), one(library, "tag", b)
    if child is None or parent is None or child == parent:
        return ""
    old = (library.get("tag", child) or {})["parents"]
    if parent in old:
        parents = [n for n in old if n != parent]
    elif child in library.ancestors("tag", parent):
        return ""
    else:
        parents = [*old, parent]
    library.edit("tag", child, touch=False, parents=parents)
    library.edit("tag", parent)
    return f"tag {child} has parents {parents}, edited from tag {parent}"


def move_studio(wire: Wire, a: int, b: int, c: int) -> str:
    library = wire.library
    child, parent = one(library, "studio", a), one(library, "studio", b)
    if child is None or parent is None:
        return ""
    if child == parent or child in library.ancestors("studio", parent):
        parent = None
    library.edit("studio", child, parent_studio=parent)
    return f"studio {child} put below {parent}"


def swap_names(wire: Wire, a: int, b: int, c: int) -> str:
    library, kind = wire.library, ("tag", "performer", "studio")[c % 3]
    left, right = one(library, kind, a), one(library, kind, b)
    if left is None or right is None:
        return ""
    names = [(library.get(kind, n) or {})["name"] for n in (left, right)]
    library.edit(kind, left, name=names[1])
    library.edit(kind, right, name=names[0])
    return f"{kind}s {left} and {right} swap names"


def play(wire: Wire, a: int, b: int, c: int) -> str:
    library = wire.library
    number = one(library, "scene", a)
    if number is None:
        return ""
    scene = library.get("scene", number) or {}
    library.edit(
        "scene",
        number,
        touch=False,
        play_count=scene["play_count"] + b % 3,
        o_counter=scene["o_counter"] + c % 2,
        play_duration=scene["play_duration"] + b,
        resume_time=float(c),
        last_played_at=stamp(wire.clock.timestamp(), ZoneInfo("UTC")),
        last_o_at=stamp(wire.clock.timestamp(), ZoneInfo("UTC")),
    )
    return f"scene {number} played"


def move_file(wire: Wire, a: int, b: int, c: int) -> str:
    """Move a file on the disk: its own stamp moves, the scene's does not."""
    if (number := _with_file(wire.library, a)) is None:
        return ""
    path = f"/media/moved/{b}-{c}/reel.mp4"
    wire.library.move_file(number, path)
    return f"scene {number} has its file at {path}"


def rename_folder(wire: Wire, a: int, b: int, c: int) -> str:
    """Rename a folder: the paths of its files change, and no stamp anywhere."""
    if (number := _with_file(wire.library, a)) is None:
        return ""
    old = wire.library.peek("scene", number, "files")[0]["path"].rpartition("/")[0]
    known = {folder["path"] for folder in wire.library.folders.records().values()}
    if (new := f"/media/renamed/{b}-{c}") in known:
        return ""
    wire.library.rename_folder(old, new)
    return f"folder {old} is called {new}"


def _with_file(library: Library, a: int) -> int | None:
    number = one(library, "scene", a)
    if number is None or not library.peek("scene", number, "files"):
        return None
    return number


def assign_file(wire: Wire, a: int, b: int, c: int) -> str:
    """Hand a file from one scene to another; neither is bumped."""
    library = wire.library
    giver, taker = one(library, "scene", a), one(library, "scene", b)
    if giver is None or taker is None or giver == taker:
        return ""
    had = (library.get("scene", giver) or {})["files"]
    has = (library.get("scene", taker) or {})["files"]
    if not had:
        return ""
    library.edit("scene", giver, touch=False, files=had[1:])
    library.edit("scene", taker, touch=False, files=[*has, had[0]])
    return f"file {had[0]['id']} handed from scene {giver} to scene {taker}"


CHANGES: dict[str, Change] = {
    change.__name__: change
    for change in (
        *(edit, edit_late, edit_many, add, add_old, delete, merge, adopt),
        *(move_studio, swap_names, play, move_file, rename_folder, assign_file),
    )
}
