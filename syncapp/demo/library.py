"""The demo's library: the catalogue with what was edited, added and deleted since.

Only differences are kept in memory: a scene that nobody touched is computed when it is
asked for. Every public method may be called from any thread. Records that come out are
values: an edit makes a new one, and nobody changes one in place.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from threading import RLock
from typing import Any
from zoneinfo import ZoneInfo

from syncapp.demo.catalogue import Catalogue, Record, stamp

KINDS = ("scene", "performer", "tag", "studio")

# Who points at a kind: (kind that points, its field).
POINTERS: dict[str, tuple[tuple[str, str], ...]] = {
    "scene": (),
    "performer": (("scene", "performers"),),
    "tag": (
        ("scene", "tags"),
        ("performer", "tags"),
        ("studio", "tags"),
        ("tag", "parents"),
    ),
    "studio": (("scene", "studio"), ("studio", "parent_studio")),
}
_EMPTY: dict[str, Any] = {
    "organized": False,
    "favorite": False,
    "ignore_auto_tag": False,
    "o_counter": 0,
    "play_count": 0,
    "play_duration": 0.0,
    "resume_time": 0.0,
}


class LibraryError(Exception):
    """The library refuses; the text is what Stash would answer."""


class Library:
    """What the demo Stash holds. See `edit`, `add`, `delete`, `merge_tags`, `truth`."""

    def __init__(
        self,
        *,
        seed: int = 1,
        scenes: int = 2000,
        performers: int | None = None,
        tags: int | None = None,
        studios: int | None = None,
        zone: str = "Europe/Oslo",
    ) -> None:
        """Make the library of this seed; counts left out grow with the scenes.

        `zone` is the server's own: timestamps are written in it. A later change of
        `self.zone` shows in later edits only, as it does in Stash.
        """
        self.lock = RLock()
        self.zone = zone
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.shuffle = False  # deal lists without an order anew in each answer
        self.public_url = "http://127.0.0.1"  # as the server is reached
        self.server_version = "v0.30.1"
        self.app_schema = 75
        self.status = "OK"  # or SETUP, NEEDS_MIGRATION
        self.hidden: dict[str, frozenset[int]] = {}  # ids that listings leave out
        self.spoiled: dict[tuple[str, int], tuple[str, str]] = {}
        self.version = 0  # rises with every change
        self.links_version = 0  # rises when untouched scenes read differently
        self.catalogue = Catalogue(
            seed=seed,
            scenes=scenes,
            performers=_scaled(performers, scenes * 3 // 20, (5, 5000)),
            tags=_scaled(tags, scenes // 10, (8, 1000)),
            studios=_scaled(studios, scenes * 3 // 100, (4, 600)),
            zone=ZoneInfo(zone),
        )
        counts = self.catalogue.counts()
        self._next = {kind: count + 1 for kind, count in counts.items()}
        # Of scenes only those that were added or edited; of the small kinds all.
        self._rows: dict[str, dict[int, Record]] = {
            kind: {}
            if kind == "scene"
            else {n: self.catalogue.record(kind, n) for n in range(1, counts[kind] + 1)}
            for kind in KINDS
        }
        self._deleted: set[int] = set()  # scenes of the catalogue
        self._moved: dict[str, dict[int, int | None]] = {kind: {} for kind in KINDS}
        self._members: dict[str, Sequence[int]] = {}
        self._counted: tuple[int, dict[str, Counter[int]]] = (-1, {})
        self._next_file = scenes * 4 + 4

    # Reading

    def ids(self, kind: str) -> Sequence[int]:
        """Return the ids that exist, ascending."""
        with self.lock:
            if kind not in self._members:
                self._members[kind] = self._living(kind)
            return self._members[kind]

    def _living(self, kind: str) -> Sequence[int]:
        rows, base = self._rows[kind], range(1, self.catalogue.scenes + 1)
        if kind != "scene":
            return array("I", sorted(rows))
        added = sorted(number for number in rows if number not in base)
        if not added and not self._deleted:
            return base
        return array("I", [n for n in base if n not in self._deleted] + added)

    def get(self, kind: str, number: int) -> Record | None:
        """Return one object, or None when there is none of this id."""
        with self.lock:
            if (known := self._rows[kind].get(number)) is not None:
                return known
            return self.untouched(number) if self.is_untouched(kind, number) else None

    def chosen(self, kind: str, numbers: Iterable[int]) -> list[Record]:
        """Return the objects of these ids; an id without one is left out."""
        rows = self._rows[kind]
        return [rows[number] for number in numbers if number in rows]

    def is_untouched(self, kind: str, number: int) -> bool:
        """Say whether this is a scene that nobody added, edited or deleted."""
        return (
            kind == "scene"
            and 0 < number <= self.catalogue.scenes
            and number not in self._rows["scene"]
            and number not in self._deleted
        )

    def untouched(self, number: int) -> Record:
        """Return a scene of the catalogue, with the merges and deletions applied."""
        record = self.catalogue.scene(number)
        for kind, moved in self._moved.items():
            fields = [field for owner, field in POINTERS[kind] if owner == "scene"]
            for field in fields if moved else ():
                record[field] = _follow(record[field], moved)
        return record

    def untouched_stamps(self, number: int) -> Record:
        """Return what an index asks of a scene, at a fifth of the cost."""
        created, updated = self.catalogue.stamps(self.catalogue.dice("scene", number))
        return {"id": number, "created_at": created, "updated_at": updated}

    def peek(self, kind: str, number: int, field: str) -> Any:
        """Return one field of an object that exists, cheaply for large catalogues."""
        known = self._rows[kind].get(number)
        return self.peek_untouched(number, field) if known is None else known[field]

    def peek_untouched(self, number: int, field: str) -> Any:
        """Return one field of a scene of the catalogue, edited or not."""
        if field not in {"created_at", "updated_at", "last_played_at", "studio"}:
            return self.untouched(number)[field]
        dice = self.catalogue.dice("scene", number)
        if field == "last_played_at":
            return self.catalogue.scene_played_at(dice)
        if field == "studio":
            return _follow(self.catalogue.scene_studio(dice), self._moved["studio"])
        return self.catalogue.stamps(dice)[field == "updated_at"]

    def touched(self) -> Sequence[int]:
        """Return the scenes that were added or edited, ascending."""
        return sorted(self._rows["scene"])

    def records(self, kind: str) -> Iterator[Record]:
        """Yield every object of a kind by ascending id."""
        for number in self.ids(kind):
            if (record := self.get(kind, number)) is not None:
                yield dict(record)

    def truth(self) -> dict[str, dict[int, Record]]:
        """Return the whole library: {"scene": {12: {...}}, ...}, relations as ids."""
        with self.lock:
            return {
                kind: {record["id"]: record for record in self.records(kind)}
                for kind in KINDS
            }

    def scene_counts(self, kind: str) -> Counter[int]:
        """Return how many scenes each tag, performer or studio has."""
        with self.lock:
            if self._counted[0] != self.version:
                counted: dict[str, Counter[int]] = {k: Counter() for k in KINDS}
                for number in self.ids("scene"):
                    self._count(number, counted)
                self._counted = (self.version, counted)
            return self._counted[1][kind]

    def _count(self, number: int, counted: dict[str, Counter[int]]) -> None:
        scene = self.get("scene", number)
        if scene is None:
            return
        counted["tag"].update(scene["tags"])
        counted["performer"].update(scene["performers"])
        if scene["studio"] is not None:
            counted["studio"][scene["studio"]] += 1

    # Changing

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
        return stamp(self.now().timestamp(), ZoneInfo(self.zone))

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
                after = _follow(record[field], moved)
                if after != record[field]:
                    self._rows[owner][number] = {**record, field: after}
        known = self._moved[kind]
        for number, target in known.items():
            known[number] = _follow(target, moved)
        known.update(moved)
        self.version += 1
        self.links_version += 1


def _scaled(given: int | None, wanted: int, limits: tuple[int, int]) -> int:
    return given if given is not None else min(max(wanted, limits[0]), limits[1])


def _follow(value: Any, moved: dict[int, int | None]) -> Any:
    """Return an id or ids after a merge or deletion, each once."""
    if not isinstance(value, list):
        return moved.get(value, value)
    if moved.keys().isdisjoint(value):
        return value
    after = (moved.get(number, number) for number in value)
    return list(dict.fromkeys(number for number in after if number is not None))


def _blank(name: str, sample: Record) -> Any:
    return [] if isinstance(sample[name], list) else _EMPTY.get(name)


def _check_names(kind: str, fields: dict[str, Any], sample: Record) -> None:
    if unknown := sorted(fields.keys() - sample.keys()):
        msg = f"A {kind} has no field {', '.join(unknown)}. It has {', '.join(sample)}."
        raise TypeError(msg)
