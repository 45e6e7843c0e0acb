"""The list of scenes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syncapp.filters.query_string import ParsedFilter
from syncapp.filters.scene_matches import Matches
from syncapp.filters.scene_sql import FoundScenes, found_scenes
from syncapp.filters.values import SceneFilter
from syncapp.models import Scene, SceneFile, ScenePerformer, Source
from syncapp.queries.entity_list import shown_name
from syncapp.queries.filter_names import NamedEntity, UnclearName, resolve_names
from syncapp.queries.paging import (
    MOMENT,
    NUMBER,
    PAGE,
    Count,
    Sort,
    cached_count,
    keyset_page,
    page_size,
    sort_named,
    sorts,
)
from syncapp.queries.suggestions import Suggestions, suggested_names

NAMES_SHOWN = 3
SORTS = sorts(
    Sort("-date", "newest date first", "date", descending=True),
    Sort("date", "oldest date first", "date"),
    Sort("title", "title", "title_key"),
    Sort(
        "-added", "last added first", "remote_created_at", descending=True, read=MOMENT
    ),
    Sort(
        "-updated",
        "last updated first",
        "remote_updated_at",
        descending=True,
        read=MOMENT,
    ),
    Sort("-rating", "best rating first", "rating_rank", descending=True, read=NUMBER),
)
COLUMNS = (
    *("id", "source_id", "title", "date", "rating100", "organized"),
    *("studio__name", "synced_at", "deleted_at"),
    *("tag_count", "duration", "height"),
)
NOTHING = FoundScenes(Scene.objects.none(), Matches(0, more=False, ids=()))
ALL = ParsedFilter(SceneFilter())


@dataclass(frozen=True, slots=True)
class SceneRow:
    scene_id: int
    title: str
    studio: str
    performers: tuple[str, ...]  # the first few
    more_performers: int
    tag_count: int
    date: str
    duration_s: float | None
    height: int | None
    rating100: int | None
    organized: bool
    source: str
    synced_at: datetime
    deleted_at: datetime | None

    @property
    def credits(self) -> str:
        """Return who made it: "Harbour Films · Ida Berg, Noor Vos and 2 more"."""
        people = ", ".join(self.performers)
        if self.more_performers:
            people += f" and {self.more_performers} more"
        return " · ".join(filter(None, (self.studio, people)))


@dataclass(frozen=True, slots=True)
class ScenePage:
    rows: tuple[SceneRow, ...]
    next: str  # the place where the following page begins; empty at the end
    found: Count
    filters: SceneFilter
    chosen: Mapping[str, Mapping[int, NamedEntity]]  # whom the filter names, by field
    unclear: tuple[
        UnclearName, ...
    ]  # names that were typed, and that have to be chosen
    sort: str
    sorts: tuple[tuple[str, str], ...]  # (name, label)
    size: int
    suggestions: Suggestions
    synced: bool  # whether the mirror holds any scene
    sources: Mapping[int, str]  # names by row id


def list_scenes(
    parsed: ParsedFilter = ALL,
    *,
    sort: str = "",
    after: str = "",
    size: int = PAGE,
) -> ScenePage:
    """Return a page of scenes; a fixed number of queries for each name that was typed.

    A filter of which something is wrong or unclear has no scenes: it is not known
    which are meant.
    """
    order, size = sort_named(SORTS, sort), page_size(size)
    sources = dict(Source.objects.values_list("id", "name"))
    asked = resolve_names(parsed, sources)
    is_clear = not (parsed.wrong or asked.unclear)
    scenes = found_scenes(asked.filters, order.column) if is_clear else NOTHING
    found, following = keyset_page(scenes.rows, COLUMNS, order, after=after, size=size)
    whole = not (after or following)
    return ScenePage(
        rows=_scene_rows(found, sources),
        next=following,
        found=_count(scenes, asked.filters, len(found), whole=whole),
        filters=asked.filters,
        chosen=asked.chosen,
        unclear=asked.unclear,
        sort=order.name,
        sorts=tuple((each.name, each.label) for each in SORTS.values()),
        size=size,
        suggestions=suggested_names(),
        synced=bool(found) or Scene.objects.exists(),
        sources=sources,
    )


def _count(
    scenes: FoundScenes, filters: SceneFilter, shown: int, *, whole: bool
) -> Count:
    if whole:  # there is one page, and this is it
        return Count(shown)
    if scenes.found is None:
        return cached_count(scenes.rows, repr(filters))
    return Count(scenes.found.number, more=scenes.found.more)


def _scene_rows(
    found: Sequence[Mapping[str, Any]], sources: Mapping[int, str]
) -> tuple[SceneRow, ...]:
    ids = [row["id"] for row in found]
    performers = _performers(ids)
    basenames = _basenames(ids)
    rows = []
    for row in found:
        key = row["id"]
        people = performers.get(key, [])
        rows.append(
            SceneRow(
                scene_id=key,
                title=row["title"] or basenames.get(key) or "Untitled",
                studio=row["studio__name"] or "",
                performers=tuple(people[:NAMES_SHOWN]),
                more_performers=max(0, len(people) - NAMES_SHOWN),
                tag_count=row["tag_count"] or 0,
                date=row["date"],
                duration_s=row["duration"],
                height=row["height"],
                rating100=row["rating100"],
                organized=row["organized"],
                source=sources.get(row["source_id"], ""),
                synced_at=row["synced_at"],
                deleted_at=row["deleted_at"],
            )
        )
    return tuple(rows)


def _basenames(ids: Sequence[int]) -> dict[int, str]:
    """Return the names of first files, which stand in for titles."""
    rows = SceneFile.objects.filter(scene_id__in=ids, position=0).order_by()
    return dict(rows.values_list("scene_id", "basename"))


def _performers(ids: Sequence[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    links = ScenePerformer.objects.filter(scene_id__in=ids).order_by("performer__name")
    for scene_id, name in links.values_list("scene_id", "performer__name"):
        names.setdefault(scene_id, []).append(shown_name(name))
    return names
