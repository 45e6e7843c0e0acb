"""The filters of lists, as frozen values: read from an address, shown, compared."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SceneFilter:
    """Which scenes. A studio, tag or performer: its row id, or a name."""

    search: str = ""
    studio: str = ""
    tag: str = ""
    performer: str = ""
    organized: bool | None = None
    rating: int | None = None  # at least
    removed: bool = False  # those that were removed in Stash, and no others


@dataclass(frozen=True, slots=True)
class EntityFilter:
    """Which performers, tags or studios."""

    search: str = ""
    favorite: bool = False  # favourites alone
    removed: bool = False  # those that were removed in Stash, and no others
