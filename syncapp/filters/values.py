"""The filters of lists, as frozen values: read from an address, shown, compared.

Entities, sources and jobs are named by row id; tuples of ids are sorted. What is left
as it is here narrows nothing.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")
ALL_LEVELS = -1


class Missing(StrEnum):
    """What a scene can be without."""

    STUDIO = "studio"
    PERFORMERS = "performers"
    TAGS = "tags"
    DATE = "date"
    TITLE = "title"
    FILES = "files"
    PHASH = "phash"
    URLS = "urls"
    STASH_IDS = "stash_ids"


# How a column tells what a scene lacks. Stored: a new kind goes to the end of Missing.
MISSING_BITS = {kind: 1 << place for place, kind in enumerate(Missing)}


class EntityMissing(StrEnum):
    """What a performer, tag or studio can be without."""

    ALIASES = "aliases"
    STASH_IDS = "stash_ids"
    SCENES = "scenes"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which tags, performers or studios."""

    all: tuple[int, ...] = ()  # each of these
    any: tuple[int, ...] = ()  # one of these at least
    none: tuple[int, ...] = ()  # not one of these
    depth: int = 0  # levels below a tag or studio that count as it, or ALL_LEVELS

    def __bool__(self) -> bool:
        return bool(self.all or self.any or self.none)


@dataclass(frozen=True, slots=True)
class Range(Generic[T]):
    """From `low` to `high`, both included; None is no bound."""

    low: T | None = None
    high: T | None = None

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class SceneFilter:
    """Which scenes. Durations, sizes and pictures are those of a scene's first file."""

    search: str = ""
    studios: Choice = Choice()
    tags: Choice = Choice()
    performers: Choice = Choice()
    missing: tuple[Missing, ...] = ()  # without each of these, in the order of Missing
    date: Range[str] = Range()  # "2011", "2011-04" or "2011-04-30"
    added: Range[str] = Range()  # in Stash; a day, see syncapp/filters/days.py
    updated: Range[str] = Range()  # in Stash; a day
    changed: Range[str] = Range()  # here; a day
    duration: Range[float] = Range()  # seconds
    size: Range[int] = Range()  # bytes
    height: Range[int] = Range()  # pixels
    frame_rate: Range[float] = Range()  # frames per second
    bit_rate: Range[int] = Range()  # bits per second
    rating: Range[int] = Range()  # of 100
    plays: Range[int] = Range()
    o_counter: Range[int] = Range()
    organized: bool | None = None
    favorite_people: bool = False  # with a performer who is a favourite
    several_files: bool = False
    same_fingerprint: bool = False  # another scene has a file with the same phash
    folder: str = ""  # with a file in this folder, or below it
    sources: tuple[int, ...] = ()  # of one of these
    job: int | None = None  # changed last by this job
    removed: bool = False  # those that were removed in Stash, and no others

    def conditions(self) -> int:
        """Return how many of the fields ask for something."""
        return sum(getattr(self, each.name) != each.default for each in fields(self))


@dataclass(frozen=True, slots=True)
class EntityFilter:
    """Which performers, tags or studios."""

    search: str = ""
    missing: tuple[EntityMissing, ...] = ()  # in the order of EntityMissing
    scenes: Range[int] = Range()  # how many
    rating: Range[int] = Range()  # of 100; tags have none
    added: Range[str] = Range()  # in Stash; a day, see syncapp/filters/days.py
    updated: Range[str] = Range()  # in Stash; a day
    changed: Range[str] = Range()  # here; a day
    favorite: bool = False  # favourites alone
    sources: tuple[int, ...] = ()  # of one of these
    job: int | None = None  # changed last by this job
    removed: bool = False  # those that were removed in Stash, and no others
