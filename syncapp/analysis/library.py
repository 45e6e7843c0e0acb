"""What an analysis knows of a library: its names, and a person's rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class EntityKind(StrEnum):
    STUDIO = "studio"
    PERFORMER = "performer"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class KnownName:
    """A studio, performer or tag that scenes may be given. Ids are row ids."""

    kind: EntityKind
    entity_id: int
    name: str
    disambiguation: str = ""  # performers alone
    aliases: tuple[str, ...] = ()
    parent_ids: tuple[int, ...] = ()  # of a studio one at most, of a tag any number
    is_ignored: bool = False  # `ignore_auto_tag`
    scenes: int = 0  # that have it, where that was counted


class SpellingEffect(StrEnum):
    OFF = "off"  # never matches
    NEEDS_MORE = "needs_more"  # counts with a second piece of evidence alone
    WITH_STUDIO = "with_studio"  # counts where the named studio is, or is proposed


@dataclass(frozen=True, slots=True)
class SpellingRule:
    """What a person says of one spelling of one entity, or of a spelling anywhere."""

    spelling: str  # as typed; compared folded, token by token
    effect: SpellingEffect
    kind: EntityKind | None = None  # None: of anything that is spelled so
    entity_id: int | None = None
    studio_id: int | None = None  # of WITH_STUDIO


class DateOrder(StrEnum):
    """Which number of 03.04.2019 is the day; with the year first it is the last."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True)
class Rules:
    """A person's rules for one source."""

    spellings: tuple[SpellingRule, ...] = ()
    date_orders: Mapping[str, DateOrder] = field(default_factory=dict)  # by folder
    marks: Mapping[str, int] = field(default_factory=dict)  # mark ("1080p") to tag id
    # Folders that tell nothing of what is below; None: those that `find_roots` finds.
    roots: frozenset[str] | None = None
    # Two scenes, the lower id first, that somebody said are no duplicates.
    not_duplicates: frozenset[tuple[int, int]] = frozenset()
    duplicate_distance: int = 4  # bits; see `phash.USUAL_DISTANCE`


@dataclass(frozen=True, slots=True)
class KnownLibrary:
    """What every detector may ask of one source's library, made once a job."""

    entities: Mapping[tuple[EntityKind, int], KnownName]
    rules: Rules
    today: date
    roots: frozenset[str] = frozenset()  # folders, as `paths.folders` writes them
    # {studio id: {performer id: scenes of both}}, of performers who share a name.
    regulars: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    takes_partial_dates: bool = True  # whether the source keeps "2015" as a date
