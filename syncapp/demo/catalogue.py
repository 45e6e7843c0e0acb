"""The invented catalogue: every object is computed from the seed and its id alone."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from struct import Struct
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from syncapp.demo import words

Record = dict[str, Any]  # one object: plain values; relations are numeric ids
Numbers = tuple[int, ...]  # 32 numbers below 65,536, the dice of one object

_NUMBERS = Struct("<32H")
_DICE = 65_536
CREATED_FROM = 1_420_070_400  # 2015-01-01
CREATED_SPAN = 300_000_000  # about nine and a half years
UPDATED_TO = 1_751_328_000  # 2025-07-01: everything of the base is long settled
# Objects edited together share a second, as they do after a bulk edit.
TOGETHER = tuple(UPDATED_TO - 86_400 * (3 + 11 * n) - 137 * n for n in range(16))


def stamp(seconds: float, zone: ZoneInfo) -> str:
    """Return an instant as Stash keeps it: local RFC 3339 text without fractions."""
    text = datetime.fromtimestamp(int(seconds), zone).isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def utc(seconds: float) -> str:
    return stamp(seconds, ZoneInfo("UTC"))


def pick(options: list[Any], number: int) -> Any:
    return options[number % len(options)]


def some(number: int, most: int, limit: int, dice: Numbers) -> list[int]:
    """Return up to `most` different ids from 1 to `limit`; low ids are popular.

    `number` decides how many; each id spends one number of `dice`.
    """
    count = min(number % (most + 1), limit)
    found = (1 + int(limit * (one / _DICE) ** 2) for one in dice[:count])
    return list(dict.fromkeys(found))


def day(number: int, detail: int) -> str | None:
    """Return a date as people know it: whole, a month, a year, or not at all."""
    year, month = 1921 + number % 104, 1 + number // 104 % 12
    forms = (f"{year}", f"{year}-{month:02}", None, None)
    if detail % 16 < len(forms):
        return forms[detail % 16]
    return f"{year}-{month:02}-{1 + detail // 16 % 28:02}"


def identities(dice: int, number: int, created: str) -> list[Record]:
    """Return the ids under which public databases know an object: none, one or two."""
    count = max(0, dice % 4 - 1)
    return [
        {
            "endpoint": endpoint,
            "stash_id": f"{number:08x}-0000-4000-8000-{dice:012x}",
            "updated_at": created,
        }
        for endpoint in words.BOXES[:count]
    ]


def file_count(dice: Numbers) -> int:
    return {0: 0, 1: 2, 2: 2, 3: 3}.get(dice[28] % 50, 1)


@dataclass(frozen=True)
class Catalogue:
    """A library that nobody ever edited. Ids of each kind run from 1 to its count."""

    seed: int
    scenes: int
    performers: int
    tags: int
    studios: int
    zone: ZoneInfo

    endings: ClassVar[tuple[str, ...]] = ("a", "b", "c")  # of a scene's files by place

    def dice(self, kind: str, number: int) -> Numbers:
        """Return the object's 32 numbers: the same for ever, on every machine."""
        digest = blake2b(
            number.to_bytes(8, "little"),
            digest_size=64,
            salt=self.seed.to_bytes(8, "little"),
            person=kind.encode(),
        ).digest()
        return _NUMBERS.unpack(digest)

    def counts(self) -> dict[str, int]:
        return {
            "scene": self.scenes,
            "performer": self.performers,
            "tag": self.tags,
            "studio": self.studios,
        }

    def record(self, kind: str, number: int) -> Record:
        makers: dict[str, Callable[[int], Record]] = {
            "scene": self.scene,
            "performer": self.performer,
            "tag": self.tag,
            "studio": self.studio,
        }
        return makers[kind](number)

    def stamps(self, dice: Numbers) -> tuple[str, str]:
        """Return when the object was created and last updated."""
        created = CREATED_FROM + (dice[0] * _DICE + dice[1]) % CREATED_SPAN
        updated = created
        if dice[2] % 4 == 1:
            updated = max(created, TOGETHER[dice[2] // 4 % 16])
        elif dice[2] % 4:
            updated += dice[2] * (UPDATED_TO - created) // _DICE
        first = stamp(created, self.zone)
        return first, first if updated == created else stamp(updated, self.zone)

    def scene_studio(self, dice: Numbers) -> int | None:
        """Return the scene's studio; one scene in five has none."""
        if dice[3] % 5 == 0 or not self.studios:
            return None
        return 1 + int(self.studios * (dice[4] / _DICE) ** 2)

    def scene_played_at(self, dice: Numbers) -> str | None:
        """Return when the scene was played last; most never were."""
        return utc(UPDATED_TO - dice[20] * 700) if self.scene_plays(dice) else None

    def scene_plays(self, dice: Numbers) -> int:
        """Return how often the scene was played."""
        return dice[5] % 7 if dice[5] % 3 == 0 else 0

    def scene_os(self, dice: Numbers) -> int:
        """Return the scene's o-counter."""
        return dice[18] % 4 if dice[18] % 5 == 0 else 0

    def scene(self, number: int) -> Record:
        d = self.dice("scene", number)
        created, updated = self.stamps(d)
        files = self._files(number, d, created, updated)
        played, ohs = self.scene_plays(d), self.scene_os(d)
        place, site = pick(words.PLACES, d[7]), pick(words.SITES, d[10])
        return {
            "id": number,
            "title": "" if files and d[8] % 11 == 0 else self.title(d),
            "code": f"NF-{d[9]:05}" if d[9] % 3 == 0 else "",
            "details": pick(words.SENTENCES, d[11]) if d[11] % 5 else "",
            "director": f"{place} Collective" if d[12] % 6 == 0 else "",
            "date": day(d[13], d[14]),
            "rating100": d[15] % 101 if d[15] % 2 else None,
            "organized": d[16] % 3 == 0,
            "urls": [f"{site}/{number}-{n}" for n in range(max(0, d[17] % 5 - 1))],
            "o_counter": ohs,
            "last_o_at": utc(UPDATED_TO - d[19] * 700) if ohs else None,
            "play_count": played,
            "play_duration": played * (d[19] % 5000) / 4,
            "resume_time": d[20] / 32 if played and d[20] % 2 else 0.0,
            "last_played_at": self.scene_played_at(d),
            "studio": self.scene_studio(d),
            "tags": some(d[21], 10, self.tags, d[6:16]),
            "performers": some(d[22], 4, self.performers, d[23:27]),
            "stash_ids": identities(d[27], number, created),
            "files": files,
            "created_at": created,
            "updated_at": updated,
        }

    def title(self, dice: Numbers) -> str:
        """Return what the scene is called, also where it does not say so."""
        subject, place = pick(words.SUBJECTS, dice[6]), pick(words.PLACES, dice[7])
        return str(pick(words.FRAMES, dice[8])).format(subject, place, 1 + dice[9] % 40)

    def _files(
        self, number: int, d: Numbers, created: str, updated: str
    ) -> list[Record]:
        """Return the scene's files: nearly always one, some have none, two or three."""
        stamps = (created, updated)
        return [self.file(number, n, d, stamps) for n in range(file_count(d))]

    @cached_property
    def file_ids(self) -> Sequence[int]:
        """The ids of all files, ascending: a scene's id times four, and a place."""
        ids = array("I")
        for number, dice in self.scene_dice():
            ids.extend(number * 4 + place for place in range(file_count(dice)))
        return ids

    def folders(self) -> list[str]:
        """Return where the files lie, in the order of their first scenes."""
        dealt = (dice for _, dice in self.scene_dice() if file_count(dice))
        return list(dict.fromkeys(self.folder(dice) for dice in dealt))

    def folder(self, dice: Numbers) -> str:
        """Return where the scene's files lie."""
        return f"/media/{pick(words.PLACES, dice[7])}/{1990 + dice[30] % 36}"

    def stem(self, number: int, dice: Numbers, /) -> str:
        """Return what the scene's files are called, up to their place."""
        return f"{pick(words.SUBJECTS, dice[6])} {number:06}"

    def phash(self, mark: int) -> int:
        """Return the picture's fingerprint of a file whose mark this is."""
        return mark ^ 0xF0F0F0F0F0F0F0F0

    def scene_dice(self) -> Iterator[tuple[int, Numbers]]:
        return ((n, self.dice("scene", n)) for n in range(1, self.scenes + 1))

    def file(self, number: int, n: int, d: Numbers, at: tuple[str, str]) -> Record:
        form, video, audio, width, height = pick(words.VIDEO, d[29] + n)
        basename = f"{self.stem(number, d)}{self.endings[n]}.{form}"
        mark = d[30] << 48 | d[31] << 32 | number << 2 | n
        prints = [{"type": "oshash", "value": f"{mark:016x}"}]
        if d[28] % 3:
            prints.append({"type": "phash", "value": f"{self.phash(mark):x}"})
        if d[28] % 7 == 0:
            prints.append({"type": "md5", "value": f"{mark * 0x9E3779B97F4A7C15:032x}"})
        return {
            "id": number * 4 + n,
            "path": f"{self.folder(d)}/{basename}",
            "basename": basename,
            "size": 1 + d[29] * d[30] * 5 + n,
            "mod_time": stamp(CREATED_FROM - d[31] * 1000, self.zone),
            "created_at": at[0],
            "updated_at": at[n % 2],
            "format": form,
            "width": width,
            "height": height,
            "duration": d[31] / 8 + 1,
            "video_codec": video,
            "audio_codec": audio,
            "frame_rate": (25.0, 23.98, 29.97, 50.0)[d[31] % 4],
            "bit_rate": 500_000 + d[29] * 100,
            "fingerprints": prints,
        }

    def performer(self, number: int) -> Record:
        d = self.dice("performer", number)
        created, updated = self.stamps(d)
        first, last = self.performer_name(number)
        again = (number - 1) // (len(words.FIRST_NAMES) * len(words.LAST_NAMES))
        slug = f"{number}-{first.lower()}"
        links = ["https://archive.example/people/", "https://twitter.com/narrator-"]
        return {
            "id": number,
            "name": f"{first} {last}",
            "disambiguation": f"of {pick(words.PLACES, again)} {again}"
            if again
            else "",
            "urls": [link + slug for link in links[: d[3] % 3]],
            "gender": pick(words.GENDERS, d[4]) if d[4] % 8 else None,
            "birthdate": day(d[5], d[6]),
            "death_date": f"{2026 + d[7] % 9}" if d[7] % 13 == 0 else None,
            "country": pick(words.COUNTRIES, d[8]) if d[8] % 4 else "",
            "details": pick(words.SENTENCES, d[9]) if d[9] % 3 == 0 else "",
            "alias_list": [f"{first[0]}. {last}", f"{last}, {first}"][: d[10] % 3],
            "ignore_auto_tag": d[11] % 20 == 0,
            "favorite": d[12] % 10 == 0,
            "rating100": d[13] % 101 if d[13] % 3 == 0 else None,
            "stash_ids": identities(d[14], number, created),
            "tags": some(d[15], 3, self.tags, d[16:19]),
            "created_at": created,
            "updated_at": updated,
        }

    def performer_name(self, number: int) -> tuple[str, str]:
        """Return the first and the last name of a performer."""
        size = len(words.FIRST_NAMES)
        last = pick(words.LAST_NAMES, number // size + number)
        return words.FIRST_NAMES[number % size], last

    @cached_property
    def _tag_places(self) -> tuple[list[int], dict[int, int]]:
        return self._shuffled("tag", self.tags)

    @cached_property
    def _studio_places(self) -> tuple[list[int], dict[int, int]]:
        return self._shuffled("studio", self.studios)

    def _shuffled(self, kind: str, count: int) -> tuple[list[int], dict[int, int]]:
        """Return all ids in a shuffled order, and each id's place in it.

        Parents come from earlier places: no cycles, and ids rise in no direction.
        """
        order = sorted(range(1, count + 1), key=lambda number: self.dice(kind, number))
        return order, {number: place for place, number in enumerate(order)}

    def tag(self, number: int) -> Record:
        d = self.dice("tag", number)
        created, updated = self.stamps(d)
        order, places = self._tag_places
        size = len(words.TOPICS)
        topic = words.TOPICS[number % size]
        again = (number - 1) // size
        name = f"{topic} {pick(words.QUALIFIERS, again)}".strip()
        if again >= len(words.QUALIFIERS):
            name += f" {again}"
        # One tag in eight stands at a root, one in eight has two parents.
        above = {0: 0, 1: 2}.get(d[4] % 8, 1) if places.get(number) else 0
        parents = (order[one % places[number]] for one in d[5 : 5 + above])
        return {
            "id": number,
            "name": name,
            "sort_name": f"{topic} {number:05}" if d[3] % 6 == 0 else "",
            "description": pick(words.SENTENCES, d[7]) if d[7] % 3 == 0 else "",
            "aliases": [f"{topic} № {number}", f"T{number}"][: d[8] % 3],
            "ignore_auto_tag": d[9] % 12 == 0,
            "favorite": d[10] % 9 == 0,
            "stash_ids": identities(d[11], number, created),
            "parents": list(dict.fromkeys(parents)),
            "created_at": created,
            "updated_at": updated,
        }

    def studio(self, number: int) -> Record:
        d = self.dice("studio", number)
        created, updated = self.stamps(d)
        order, places = self._studio_places
        place = words.PLACES[number % len(words.PLACES)]
        child = places.get(number) and d[3] % 3 == 0
        return {
            "id": number,
            "name": self.studio_name(number),
            "urls": [f"https://studio.example/{number}/{n}" for n in range(d[4] % 3)],
            "parent_studio": order[d[5] % places[number]] if child else None,
            "details": pick(words.SENTENCES, d[6]) if d[6] % 3 == 0 else "",
            "aliases": [f"{place} № {number}"] if d[7] % 3 == 0 else [],
            "ignore_auto_tag": d[8] % 15 == 0,
            "favorite": d[9] % 8 == 0,
            "rating100": d[10] % 101 if d[10] % 3 == 0 else None,
            "stash_ids": identities(d[11], number, created),
            "tags": some(d[12], 3, self.tags, d[13:16]),
            "created_at": created,
            "updated_at": updated,
        }

    def studio_name(self, number: int) -> str:
        size = len(words.PLACES)
        again = (number - 1) // size
        name = f"{words.PLACES[number % size]} {pick(words.HOUSES, again)}"
        return f"{name} {again}" if again >= len(words.HOUSES) else name
