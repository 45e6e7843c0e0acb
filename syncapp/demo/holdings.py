"""What the demo's library holds: the catalogue with what was changed since, to read.

Only differences are kept in memory: a scene that nobody touched is computed when it is
asked for. Every public method may be called from any thread. Records that come out are
values: an edit makes a new one, and nobody changes one in place.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from threading import RLock
from typing import Any
from zoneinfo import ZoneInfo

from syncapp.demo.attic import Attic
from syncapp.demo.catalogue import Catalogue, Numbers, Record
from syncapp.demo.drawing import is_drawn
from syncapp.demo.folders import Folders
from syncapp.demo.gaps import GappedCatalogue, Hidden
from syncapp.demo.tasks import Tasks

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
# Fields of untouched scenes that orders and filters ask of large libraries.
CHEAP: dict[str, Callable[[Catalogue, Numbers], Any]] = {
    "last_played_at": Catalogue.scene_played_at,
    "play_count": Catalogue.scene_plays,
    "o_counter": Catalogue.scene_os,
}


class Holdings:
    """The objects of the library and how they are read; `Library` changes them."""

    shuffle = False  # deal lists without an order anew in each answer
    draws = False  # make up pictures for most of the catalogue
    public_url = "http://127.0.0.1"  # as the server is reached
    server_version = "v0.30.1"  # as the server tells it
    release: tuple[int, ...] = (0, 30, 1)  # as it behaves
    app_schema = 75
    status = "OK"  # or SETUP, NEEDS_MIGRATION
    hooks: Sequence[Any] = ()  # plugins that run: `hooks.PluginHook`

    def __init__(  # noqa: PLR0913 - each by its name, each with a default
        self,
        *,
        seed: int = 1,
        scenes: int = 2000,
        performers: int | None = None,
        tags: int | None = None,
        studios: int | None = None,
        zone: str = "Europe/Oslo",
        gaps: bool = False,
    ) -> None:
        """Make the library of this seed; counts left out grow with the scenes.

        `zone` is the server's own: timestamps are written in it. A later change of
        `self.zone` shows in later edits only, as it does in Stash. `gaps` makes paths
        tell what fields lack, and adds the attic; see `hidden_truth`.
        """
        self.lock = RLock()
        self.zone = zone
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.hidden: dict[str, frozenset[int]] = {}  # ids that listings leave out
        self.spoiled: dict[tuple[str, int], tuple[str, str]] = {}
        self.version = 0  # rises with every change
        self.links_version = 0  # rises when untouched scenes read differently
        made = GappedCatalogue if gaps else Catalogue
        self.catalogue = made(
            seed=seed,
            scenes=scenes,
            performers=_scaled(performers, scenes * 3 // 20, (5, 5000)),
            tags=_scaled(tags, scenes // 10, (8, 1000)),
            studios=_scaled(studios, scenes * 3 // 100, (4, 600)),
            zone=ZoneInfo(zone),
        )
        self.folders = Folders(self.catalogue)
        self.tasks = Tasks()
        # What was uploaded: (kind, id) -> content type and bytes.
        self.pictures: dict[tuple[str, int], tuple[str, bytes]] = {}
        self._next = {kind: n + 1 for kind, n in self.catalogue.counts().items()}
        # Of scenes only those that were added or edited; of the small kinds all.
        self._rows = {kind: self._first_rows(kind) for kind in KINDS}
        self._deleted: set[int] = set()  # scenes of the catalogue
        self._moved: dict[str, dict[int, int | None]] = {kind: {} for kind in KINDS}
        self._members: dict[str, Sequence[int]] = {}
        self._counted: tuple[int, dict[str, Counter[int]]] = (-1, {})
        self._next_file = scenes * 4 + 4
        self._attic = Attic(self.catalogue) if gaps else None
        self._shelve(self._attic.records() if self._attic else {})
        # Objects from here on somebody added: no pictures are made up for them.
        self._first_added = dict(self._next)

    def _first_rows(self, kind: str) -> dict[int, Record]:
        count = 0 if kind == "scene" else self.catalogue.counts()[kind]
        return {n: self.catalogue.record(kind, n) for n in range(1, count + 1)}

    def _shelve(self, shelf: Mapping[str, Sequence[Record]]) -> None:
        for kind, records in shelf.items():
            self._rows[kind].update((record["id"], record) for record in records)
            self._next[kind] += len(records)
        self._next_file += 4 * len(shelf.get("scene", ()))

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

    def has_picture(self, kind: str, number: int) -> bool:
        """Return whether an object has a picture of its own, uploaded or made up."""
        return (kind, number) in self.pictures or self.has_drawn(kind, number)

    def has_drawn(self, kind: str, number: int) -> bool:
        known = number < self._first_added[kind]
        return self.draws and known and is_drawn(kind, number)

    def chosen(self, kind: str, numbers: Iterable[int]) -> list[Record]:
        """Return the objects of these ids; an id without one is left out."""
        rows = self._rows[kind]
        found = (rows.get(number) for number in numbers)
        return [record for record in found if record is not None]

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
                record[field] = follow(record[field], moved)
        for file in record["files"] if self.folders.renamed else ():
            file["path"] = self.folders.now_at(file["path"])
        return record

    def untouched_stamps(self, number: int) -> Record:
        """Return what an index asks of a scene, at a fifth of the cost."""
        created, updated = self.catalogue.stamps(self.catalogue.dice("scene", number))
        return {"id": number, "created_at": created, "updated_at": updated}

    def peek(self, kind: str, number: int, field: str) -> Any:
        """Return one field of an object that exists, cheaply for large catalogues."""
        known = self._rows[kind].get(number)
        return (
            self.peek_untouched(kind, number, field) if known is None else known[field]
        )

    def peek_untouched(self, kind: str, number: int, field: str) -> Any:
        """Return one field of a scene of the catalogue, edited or not."""
        catalogue = self.catalogue
        dice = catalogue.dice(kind, number)
        if field == "studio":
            return follow(catalogue.scene_studio(dice), self._moved["studio"])
        if field in {"created_at", "updated_at"}:
            return catalogue.stamps(dice)[field == "updated_at"]
        if (cheap := CHEAP.get(field)) is not None:
            return cheap(catalogue, dice)
        return self.untouched(number)[field]

    def base(self, _: str) -> Sequence[int]:
        """Return the scenes of the catalogue, edited or not, ascending."""
        return range(1, self.catalogue.scenes + 1)

    def touched(self, kind: str = "scene") -> Sequence[int]:
        """Return the scenes that were added or edited, ascending."""
        return sorted(self._rows[kind])

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

    def hidden_truth(self) -> dict[int, Hidden]:
        """Return what scenes lacked at first and their paths tell, by scene id."""
        if not isinstance(self.catalogue, GappedCatalogue) or self._attic is None:
            return {}
        return dict(self.catalogue.hidden_scenes()) | dict(self._attic.hidden())

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


def _scaled(given: int | None, wanted: int, limits: tuple[int, int]) -> int:
    return given if given is not None else min(max(wanted, limits[0]), limits[1])


def follow(value: Any, moved: dict[int, int | None]) -> Any:
    """Return an id or ids after a merge or deletion, each once."""
    if not isinstance(value, list):
        return moved.get(value, value)
    if moved.keys().isdisjoint(value):
        return value
    after = (moved.get(number, number) for number in value)
    return list(dict.fromkeys(number for number in after if number is not None))
