"""The attic: a shelf of films that were never filed, beside the catalogue.

Their ids follow the catalogue's; they are made like it, but for what their reels say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath as Path
from pathlib import PureWindowsPath

from syncapp.demo.attic_copies import COPIES
from syncapp.demo.attic_names import PEOPLE, STUDIOS, TAGS, AtticEntity
from syncapp.demo.attic_reels import BLUE_HERON, KELPLINE, OTHERS
from syncapp.demo.attic_scripts import SCRIPTS, WINDOWS
from syncapp.demo.catalogue import Catalogue, Record
from syncapp.demo.gaps import NOTHING, Hidden, balanced, unlike
from syncapp.demo.reels import ALL, Copy, Reel

REELS = (*KELPLINE, *BLUE_HERON, *OTHERS, *SCRIPTS, *WINDOWS, *COPIES)

SHORTEST_S, SPAN_S = 600, 3000  # of the attic's films
BLACK = 0x8000_0000_0000_0001  # the phash of a picture without anything on it
# Words and links of the invented objects whose ids they have, which they go without.
_BARE: Record = {"code": "", "details": "", "director": "", "urls": [], "stash_ids": []}
_BARE_NAME: Record = {"ignore_auto_tag": False, "stash_ids": [], "urls": []}


@dataclass(frozen=True)
class Attic:
    """The attic's objects, as the library of a catalogue holds them."""

    catalogue: Catalogue

    def records(self) -> Mapping[str, Sequence[Record]]:
        """Return all objects by kind, with ascending ids from the catalogue's end."""
        return {
            "studio": [self._studio(one) for one in STUDIOS],
            "performer": [self._performer(one) for one in PEOPLE],
            "tag": [self._tag(one) for one in TAGS],
            "scene": [self._scene(reel) for reel in REELS],
        }

    def hidden(self) -> Mapping[int, Hidden]:
        """Return what the attic's scenes lack, by id."""
        lacks = {self._scenes[reel.path]: self._hidden(reel) for reel in REELS}
        return {number: one for number, one in lacks.items() if one != NOTHING}

    @cached_property
    def _scenes(self) -> Mapping[str, int]:
        first = self.catalogue.scenes + 1
        return {reel.path: number for number, reel in enumerate(REELS, first)}

    @cached_property
    def _ids(self) -> Mapping[tuple[str, str], int]:
        counts = self.catalogue.counts()
        shelves = (("studio", STUDIOS), ("performer", PEOPLE), ("tag", TAGS))
        return {
            (kind, one.label): number
            for kind, shelf in shelves
            for number, one in enumerate(shelf, counts[kind] + 1)
        }

    def _id(self, kind: str, label: str) -> int | None:
        return self._ids[kind, label] if label else None

    def _listed(self, kind: str, labels: str) -> list[int]:
        return [self._ids[kind, label] for label in labels.split(";") if label]

    def _studio(self, one: AtticEntity) -> Record:
        made = self._named("studio", one)
        parent = self._id("studio", one.parent)
        return {**made, "aliases": list(one.aliases), "parent_studio": parent}

    def _performer(self, one: AtticEntity) -> Record:
        made = self._named("performer", one)
        apart = one.disambiguation
        return {**made, "alias_list": list(one.aliases), "disambiguation": apart}

    def _tag(self, one: AtticEntity) -> Record:
        made = self._named("tag", one)
        parents = self._listed("tag", one.parent)
        return {**made, "aliases": list(one.aliases), "parents": parents}

    def _named(self, kind: str, one: AtticEntity) -> Record:
        made = self.catalogue.record(kind, self._ids[kind, one.label])
        bare = {name: value for name, value in _BARE_NAME.items() if name in made}
        return {**made, **bare, "name": one.name}

    def _scene(self, reel: Reel) -> Record:
        told = self._values(reel, set(reel.has.split()))
        made = self.catalogue.scene(self._scenes[reel.path])
        return {
            **made,
            **_BARE,
            "title": told.title,
            "date": told.date or None,
            "organized": reel.organized,
            "studio": told.studio,
            "performers": sorted(told.performers),
            "tags": sorted(told.tags),
            "files": [self._file(reel)],
        }

    def _hidden(self, reel: Reel) -> Hidden:
        lacks = self._values(reel, set(ALL.split()) - set(reel.has.split()))
        if reel.copy is None or not reel.copy.is_same:
            return lacks
        return replace(lacks, duplicate_of=self._scenes[reel.copy.of])

    def _values(self, reel: Reel, fields: set[str]) -> Hidden:
        """Return these fields of what is true of the film, the others empty."""

        def of(field: str, text: str) -> str:
            return text if field in fields else ""

        return Hidden(
            studio=self._id("studio", of("studio", reel.studio)),
            performers=frozenset(self._listed("performer", of("people", reel.people))),
            tags=frozenset(self._listed("tag", of("tags", reel.tags))),
            date=of("date", reel.date),
            title=of("title", reel.title),
        )

    def _file(self, reel: Reel) -> Record:
        """Return a reel's only file; a copy's is made from the other's."""
        own = self._own_file(reel.path)
        made = own if reel.copy is None else self._copied_file(own, reel.copy)
        path = PureWindowsPath(reel.path) if "\\" in reel.path else Path(reel.path)
        prints = _prints(made, BLACK if reel.is_flat else made["phash"])
        named = {"id": own["id"], "path": reel.path, "basename": path.name}
        kept = {name: value for name, value in made.items() if name != "phash"}
        return {**kept, **named, "fingerprints": prints}

    def _own_file(self, path: str) -> Record:
        """Return the file that a scene has by its id, with its phash."""
        number = self._scenes[path]
        scene = self.catalogue.scene(number)
        stamps = (scene["created_at"], scene["updated_at"])
        file = self.catalogue.file(
            number, 0, self.catalogue.dice("scene", number), stamps
        )
        # Films of some length: of short ones a second's difference says more.
        length = SHORTEST_S + file["duration"] % SPAN_S
        return {**file, "duration": length, "phash": balanced(file["id"])}

    def _copied_file(self, own: Record, copy: Copy) -> Record:
        other = self._own_file(copy.of)
        if copy.is_exact:
            return other
        length = other["duration"] + copy.longer
        return {**own, "duration": length, "phash": unlike(other["phash"], copy.steps)}


def _prints(file: Record, phash: int) -> list[Record]:
    content = balanced(file["id"] + (1 << 40))
    prints = {"oshash": f"{content:016x}", "md5": f"{content * 3:032x}"}
    told = {**prints, "phash": f"{phash:x}"}
    return [{"type": kind, "value": value} for kind, value in told.items()]
