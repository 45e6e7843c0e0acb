"""What the scenes of a source lack, each a number that leads to the list of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlencode

from django.core.cache import cache

from syncapp.analysis.gather import WantedScenes
from syncapp.analysis.looking import digest_of_run, versions_of
from syncapp.filters.query_string import filter_params
from syncapp.filters.scene_sql import found_scenes
from syncapp.filters.values import Missing, SceneFilter
from syncapp.queries.paging import CAP, Count
from syncapp.queries.sources import SourceLine, source_line

UNANALYSED = "not analysed"  # since they changed: it leads to no list
KEPT_S = 30  # seconds that counted numbers are good for
# In the order in which they are shown: a name and what is counted.
TILES: Mapping[str, SceneFilter] = {
    "no studio": SceneFilter(missing=(Missing.STUDIO,)),
    "no date": SceneFilter(missing=(Missing.DATE,)),
    "no performers": SceneFilter(missing=(Missing.PERFORMERS,)),
    "no tags": SceneFilter(missing=(Missing.TAGS,)),
    "not organised": SceneFilter(organized=False),
    "several files": SceneFilter(several_files=True),
    "same fingerprint": SceneFilter(same_fingerprint=True),
}


@dataclass(frozen=True, slots=True)
class QualityTile:
    name: str
    query: str  # of the list that it leads to
    found: Count | None  # None while it was not counted


@dataclass(frozen=True, slots=True)
class SourceQuality:
    source_id: int
    name: str
    tiles: tuple[QualityTile, ...]
    unanalysed: Count | None = None  # scenes that changed since, or never were

    @property
    def counted(self) -> bool:
        return all(tile.found is not None for tile in self.tiles)


def source_quality(source_id: int) -> SourceQuality | None:
    """Return the tiles of a source, counted within the last seconds; None without it.

    Each stops at 10,000, but what few scenes lack is looked for in all of them: the
    dashboard does not wait for it.
    """
    source = source_line(source_id)
    if source is None:
        return None
    if not known_quality(source).counted:
        counts = {name: _counted(tile) for name, tile in _of(source_id).items()}
        counts[UNANALYSED] = _unanalysed(source_id)
        cache.set(_key(source_id), counts, timeout=KEPT_S)
    return known_quality(source)


def known_quality(source: SourceLine) -> SourceQuality:
    """Return the tiles of a source with what was counted of late, without a query."""
    counts: Mapping[str, Count] = cache.get(_key(source.source_id)) or {}
    return SourceQuality(
        source.source_id,
        source.name,
        tuple(
            QualityTile(name, urlencode(filter_params(filters)), counts.get(name))
            for name, filters in _of(source.source_id).items()
        ),
        counts.get(UNANALYSED),
    )


def _of(source_id: int) -> dict[str, SceneFilter]:
    return {name: replace(f, sources=(source_id,)) for name, f in TILES.items()}


def _key(source_id: int) -> str:
    return f"quality:{source_id}"


def _counted(filters: SceneFilter) -> Count:
    found = found_scenes(filters).found
    return Count(found.number, more=found.more)


def _unanalysed(source_id: int) -> Count:
    """Return how many scenes an analysis that nobody narrows would look at."""
    wanted = WantedScenes(source_id, digest=digest_of_run(versions_of(()), ()))
    number = sum(1 for _ in islice(wanted.unanalysed_ids(), CAP + 1))
    return Count(min(number, CAP), more=number > CAP)
