"""The demo's library: its objects, and what can happen to them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from syncapp.demo.catalogue import Record, stamp
from syncapp.demo.folders import moved_below
from syncapp.demo.holdings import POINTERS, Holdings, follow

_EMPTY: dict[str, Any] = {
    "organized": False,
    "favorite": False,
    "ignore_auto_tag": False,
    "o_counter": 0,
    "play_count": 0,
    "play_duration": 0.0,
    "resume_time": 0.0,
    **dict.fromkeys(("title", "code", "details", "director", "disambiguation"), ""),
    **dict.fromkeys(("country", "description", "sort_name"), ""),
}


class LibraryError(Exception):
    """The library refuses; the text is what Stash would answer."""


class Library(Holdings):
    """What the demo Stash holds. See `edit`, `add`, `delete`, `merge_tags`, `truth`.

    Files move by `move_file`, `rename_folder`, `replace_file` and `assign_file`.
    """

    _stamp_of: datetime | None = None

    def spoil(
        self,
        kind: str,
        number: int,
        field: str = "stash_ids",
        message: str = "the requested element is null which the schema does not allow",
    ) -> None:
        """Make one field of one object unreadable: answers that hold it fail whole."""
        with self.lock:
            self.spoiled[kind, number] = (field, message)

    def mend(self) -> None:
        """Make everything readable again."""
        with self.lock:
            self.spoiled.clear()

    def timestamp(self) -> str:
        """Return what a change made now writes as its `updated_at`."""
        at = self._stamp_of or self.now()
        return stamp(at.timestamp(), ZoneInfo(self.zone))

    @contextmanager
    def stamped(self, at: datetime) -> Iterator[None]:
        """Let what is changed within bear this stamp: when it was asked for."""
        with self.lock:
            before, self._stamp_of = self._stamp_of, at
            try:
                yield
            finally:
                self._stamp_of = before

    def edit(
        self, kind: str, number: int, *, touch: bool = True, **fields: Any
    ) -> Record:
        """Change fields of one object, as an edit in Stash's pages does.

        `touch=False` leaves `updated_at` alone, as many changes in Stash do; a given
        `updated_at="..."` wins. Relations are given as numeric ids, files as dicts, of
        which the rest is made up.
        """
        with self.lock:
            old = self.get(kind, number)
            if old is None:
                msg = f"{kind} with id {number} not found"
                raise LibraryError(msg)
            _check_names(kind, fields, old)
            new = {**old, **fields}
            if touch and "updated_at" not in fields:
                new["updated_at"] = self.timestamp()
            renamed = kind == "tag" and new["name"] != old["name"]
            self._put(kind, new)
            if renamed:  # scenes list their tags by name
                self.links_version += 1
            return new

    def add(self, kind: str, **fields: Any) -> int:
        """Add an object and return its id; fields left out are empty.

        Ids are never used twice. `created_at` and `updated_at` may be given, as an
        import does that keeps the old ones.
        """
        with self.lock:
            number = self._next[kind]
            self._next[kind] += 1
            sample = self.catalogue.record(kind, 1)
            _check_names(kind, fields, sample)
            now = self.timestamp()
            blank = {name: _blank(name, sample) for name in sample}
            stamps = {"created_at": now, "updated_at": fields.get("created_at", now)}
            self._members.pop(kind, None)
            self._put(kind, {**blank, **stamps, **fields, "id": number})
            return number

    def _put(self, kind: str, record: Record) -> None:
        if kind == "scene":
            record["files"] = [self._whole_file(file) for file in record["files"]]
        self._rows[kind][record["id"]] = record
        self.version += 1

    def _whole_file(self, file: Record) -> Record:
        if "id" in file:
            return file
        self._next_file += 1
        dice = self.catalogue.dice("scene", self._next_file)
        sample = self.catalogue.file(self._next_file, 0, dice, ("", ""))
        now = self.timestamp()
        path = str(file.get("path", f"/media/new/{self._next_file}.mp4"))
        made = {"path": path, "basename": path.rpartition("/")[2], "fingerprints": []}
        stamps = dict.fromkeys(("mod_time", "created_at", "updated_at"), now)
        return {**sample, **made, **stamps, **file, "id": self._next_file}

    def move_file(self, scene: int, path: str, *, place: int = 0) -> None:
        """Move or rename one file of a scene: only the file is bumped."""
        basename = path.rpartition("/")[2]
        self._edit_file(scene, place, path=path, basename=basename)

    def replace_file(self, scene: int, *, place: int = 0, **fields: Any) -> None:
        """Put another file under a file's name: only the file is bumped."""
        self._edit_file(scene, place, **{"mod_time": self.timestamp(), **fields})

    def _edit_file(self, scene: int, place: int, **fields: Any) -> None:
        with self.lock:
            files = list(self._existing("scene", scene)["files"])
            fields.setdefault("updated_at", self.timestamp())
            files[place] = {**files[place], **fields}
            self.edit("scene", scene, touch=False, files=files)

    def assign_file(self, file: int, scene: int) -> None:
        """Take a file from its scene and give it to another: nothing is bumped."""
        with self.lock:
            owner = next(
                one
                for one in self.records("scene")
                if file in (held["id"] for held in one["files"])
            )
            moved = [held for held in owner["files"] if held["id"] == file]
            left = [held for held in owner["files"] if held["id"] != file]
            self.edit("scene", owner["id"], touch=False, files=left)
            files = self._existing("scene", scene)["files"]
            self.edit("scene", scene, touch=False, files=[*files, *moved])

    def rename_folder(self, old: str, new: str) -> None:
        """Rename a folder: all paths below it change, and no stamp anywhere does."""
        with self.lock:
            self.folders.rename(old, new)
            for number, scene in self._rows["scene"].items():
                files = [
                    {**file, "path": moved_below(file["path"], old, new)}
                    for file in scene["files"]
                ]
                self._rows["scene"][number] = {**scene, "files": files}
            self.version += 1
            self.links_version += 1

    def delete(self, kind: str, number: int) -> None:
        """Delete one object; nothing that pointed at it is bumped."""
        with self.lock:
            if self.get(kind, number) is None:
                msg = f"{kind} with id {number} not found"
                raise LibraryError(msg)
            self._remove(kind, number)
            self._relink(kind, {number: None})

    def _remove(self, kind: str, number: int) -> None:
        self._rows[kind].pop(number, None)
        if kind == "scene" and number <= self.catalogue.scenes:
            self._deleted.add(number)
        self._members.pop(kind, None)
        self.version += 1

    def merge_tags(self, sources: Iterable[int], into: int) -> None:
        """Merge tags: sources vanish, their names become aliases, none is bumped."""
        with self.lock:
            gone = [number for number in dict.fromkeys(sources) if number != into]
            old = [self._existing("tag", number) for number in gone]
            names = [n for tag in old for n in (tag["name"], *tag["aliases"])]
            kept = self._existing("tag", into)
            self.edit(
                "tag",
                into,
                touch=False,
                aliases=list(dict.fromkeys([*kept["aliases"], *names])),
                parents=[n for n in kept["parents"] if n not in gone],
            )
            above = self.ancestors("tag", into) | {into}
            for number in above:  # a child of a source that stands above would circle
                tag = self._existing("tag", number)
                rest = [n for n in tag["parents"] if n not in gone]
                self.edit("tag", number, touch=False, parents=rest)
            for number in gone:
                self._remove("tag", number)
            self._relink("tag", dict.fromkeys(gone, into))

    def merge_performers(self, sources: Iterable[int], into: int) -> None:
        """Merge performers: the destination is bumped, its scenes are not."""
        with self.lock:
            gone = [number for number in dict.fromkeys(sources) if number != into]
            for number in [*gone, into]:
                self._existing("performer", number)
            for number in gone:
                self._remove("performer", number)
            self._relink("performer", dict.fromkeys(gone, into))
            self.edit("performer", into)

    def ancestors(self, kind: str, number: int) -> set[int]:
        """Return everything above a tag or studio."""
        found: set[int] = set()
        ahead = [number]
        while ahead:
            record = self._existing(kind, ahead.pop())
            above = record["parents"] if kind == "tag" else [record["parent_studio"]]
            fresh = {one for one in above if one is not None} - found
            found |= fresh
            ahead += fresh
        return found

    def _existing(self, kind: str, number: int) -> Record:
        record = self.get(kind, number)
        if record is None:
            msg = f"{kind} with id {number} not found"
            raise LibraryError(msg)
        return record

    def _relink(self, kind: str, moved: dict[int, int | None]) -> None:
        """Point everything that pointed at the keys at the values, or at nothing."""
        if not POINTERS[kind]:
            return
        for owner, field in POINTERS[kind]:
            for number, record in list(self._rows[owner].items()):
                after = follow(record[field], moved)
                if after != record[field]:
                    self._rows[owner][number] = {**record, field: after}
        known = self._moved[kind]
        for number, target in known.items():
            known[number] = follow(target, moved)
        known.update(moved)
        self.version += 1
        self.links_version += 1


def _blank(name: str, sample: Record) -> Any:
    return [] if isinstance(sample[name], list) else _EMPTY.get(name)


def _check_names(kind: str, fields: dict[str, Any], sample: Record) -> None:
    if unknown := sorted(fields.keys() - sample.keys()):
        msg = f"A {kind} has no field {', '.join(unknown)}. It has {', '.join(sample)}."
        raise TypeError(msg)
