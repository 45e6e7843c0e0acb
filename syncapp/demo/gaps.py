"""A catalogue with gaps: paths tell what fields lack, and the truth is kept beside it.

Films are filed by the habits of many people. A scene that is organised is complete; of
the others a share lacks its studio, its people, a tag, its date or its title.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import ClassVar

from syncapp.demo import words
from syncapp.demo.catalogue import (
    Catalogue,
    Numbers,
    Record,
    day,
    file_count,
    pick,
    some,
)
from syncapp.demo.habits import HABITS, Habit, Known

ROOT = "/media/Films"
# How many of a phash's 64 bits are set: those of the brighter half, but for one.
SET_BITS = 31
# Which bits of a scene's own number decide that it lacks a field: one in four.
_LOT = {"studio": 0, "performers": 2, "date": 4, "title": 6, "tags": 8}


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a scene lacks and its paths tell; ids as the server has them."""

    studio: int | None = None
    performers: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()
    date: str = ""
    title: str = ""
    duplicate_of: int | None = None  # the scene that shows the same film


NOTHING = Hidden()


@dataclass(frozen=True)
class GappedCatalogue(Catalogue):
    """The catalogue of the same seed, filed by people and with gaps."""

    endings: ClassVar[tuple[str, ...]] = ("", " (2)", " (3)")

    def scene(self, number: int) -> Record:
        told, dice = super().scene(number), self.dice("scene", number)
        lacks = self.hidden(dice)
        told["title"] = "" if lacks.title else self.title(dice)
        told["date"] = None if lacks.date else told["date"]
        told["performers"] = [
            n for n in told["performers"] if n not in lacks.performers
        ]
        tags = dict.fromkeys((*told["tags"], *self._named_tags(dice)))
        told["tags"] = [n for n in tags if n not in lacks.tags]
        return told

    def scene_studio(self, dice: Numbers) -> int | None:
        studio = super().scene_studio(dice)
        return None if self._lacks_studio(dice, studio) else studio

    def folder(self, dice: Numbers) -> str:
        film, habit = self._filed(dice)
        return f"{ROOT}/{habit.folder(film)}"

    def stem(self, _: int, dice: Numbers, /) -> str:
        film, habit = self._filed(dice)
        return habit.stem(film)

    def phash(self, mark: int) -> int:
        return balanced(mark >> 2)  # the files of a scene show the same

    def hidden(self, dice: Numbers) -> Hidden:
        """Return what the scene of this dice lacks."""
        if not self._has_gaps(dice):
            return NOTHING
        studio, habit = super().scene_studio(dice), self._filed(dice)[1]
        dated = _lacks(dice, "date") and "date" in habit.tells
        titled = _lacks(dice, "title") and "title" in habit.tells
        return Hidden(
            studio=studio if self._lacks_studio(dice, studio) else None,
            performers=frozenset(self._lost(dice, "performers", self._people(dice))),
            tags=frozenset(self._lost(dice, "tags", self._named_tags(dice))),
            date=(day(dice[13], dice[14]) or "") if dated else "",
            title=self.title(dice) if titled else "",
        )

    def hidden_scenes(self) -> Iterator[tuple[int, Hidden]]:
        """Yield the scenes that lack something, by ascending id."""
        for number, dice in self.scene_dice():
            if (lacks := self.hidden(dice)) != NOTHING:
                yield number, lacks

    def _has_gaps(self, dice: Numbers) -> bool:
        organized = dice[16] % 3 == 0
        return not organized and file_count(dice) > 0

    def _lacks_studio(self, dice: Numbers, studio: int | None) -> bool:
        asked = studio is not None and self._has_gaps(dice) and _lacks(dice, "studio")
        return asked and not self._ignored("studio", studio or 0)

    def _lost(self, dice: Numbers, field: str, whole: list[int]) -> list[int]:
        """Return which of a list the scene lacks: all of them, or none."""
        kind = field.removesuffix("s")
        if not _lacks(dice, field):
            return []
        return [] if any(self._ignored(kind, n) for n in whole) else whole

    def _ignored(self, kind: str, number: int) -> bool:
        """Say whether this is never found by its name, so that no path tells it."""
        return bool(self.record(kind, number)["ignore_auto_tag"])

    def _people(self, dice: Numbers) -> list[int]:
        return some(dice[22], 4, self.performers, dice[23:27])

    def _named_tags(self, dice: Numbers) -> list[int]:
        """Return the tags that the title names: "Rain" of "Rain Gauges of Bergen"."""
        words_of_subject = str(pick(words.SUBJECTS, dice[6])).split()
        topics = [topic for topic in words.TOPICS if topic in words_of_subject]
        named = (self._named_tag(topic, self.title(dice)) for topic in topics)
        return [number for number in named if number <= self.tags]

    def _named_tag(self, topic: str, title: str) -> int:
        """Return the tag of a topic, or the narrower one that the title names whole."""
        size = len(words.TOPICS)
        number = words.TOPICS.index(topic) or size
        narrower = number + size * words.QUALIFIERS.index("in winter")
        whole = title.endswith(f"{topic} in Winter") and narrower <= self.tags
        return narrower if whole else number

    def _filed(self, dice: Numbers) -> tuple[Known, Habit]:
        studio = super().scene_studio(dice) or 0
        film = Known(
            studio=self.studio_name(studio) if studio else "",
            people=tuple(self.performer_name(number) for number in self._people(dice)),
            date=day(dice[13], dice[14]) or "",
            title=self.title(dice),
        )
        return film, HABITS[studio % len(HABITS)]


def _lacks(dice: Numbers, field: str) -> bool:
    lot = (dice[30] << 16 | dice[31]) * 0x9E3779B1 >> 12
    return (lot >> _LOT[field]) & 3 == 0


def balanced(mark: int) -> int:
    """Return a phash as pictures have them: always this one for this mark."""
    digest = blake2b(mark.to_bytes(16, "little")).digest()
    places = sorted(range(64), key=digest.__getitem__)
    return sum(1 << place for place in places[:SET_BITS])


def unlike(phash: int, steps: int) -> int:
    """Return a phash at a distance of twice `steps`: each swaps a set bit and a clear.

    Half of all bits are set in either, so real distances are even.
    """
    bits = range(64)
    ones = [place for place in bits if phash >> place & 1][:steps]
    zeros = [place for place in bits if not phash >> place & 1][:steps]
    return phash ^ sum(1 << place for place in (*ones, *zeros))
