"""The list of scenes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from syncapp.filters.query_string import ParsedFilter
from syncapp.filters.scene_matches import Matches
from syncapp.filters.scene_sql import FoundScenes, found_scenes
from syncapp.filters.values import SceneFilter
from syncapp.models import Scene, SceneFile, ScenePerformer, SceneTag
from syncapp.queries.columns import usual_columns
from syncapp.queries.entity_list import shown_name
from syncapp.queries.filter_names import NamedEntity, UnclearName, resolve_names
from syncapp.queries.indexing import Indexing, source_names
from syncapp.queries.paging import (
    MOMENT,
    NUMBER,
    PAGE,
    Count,
    OrderedRows,
    Sort,
    keyset_page,
    page_size,
    sort_named,
    sorts,
)
from syncapp.queries.source_marks import UNKNOWN, SourceMark, source_marks
from syncapp.queries.suggestions import Suggestions, suggested_names

NAMES_SHOWN = 3


def in_both_ways(what: str, moment: str) -> tuple[Sort, Sort]:
    """Return the two orders of a moment, the latest first."""
    return (
        Sort(f"-{what}", f"last {what} first", moment, descending=True, read=MOMENT),
        Sort(what, f"first {what} first", moment, read=MOMENT),
    )


# Each is what an index carries, read forward or backward.
SORTS = sorts(
    Sort("-date", "newest date first", "date", descending=True),
    Sort("date", "oldest date first", "date", empty=""),
    Sort("title", "title, A first", "title_key"),
    Sort("-title", "title, Z first", "title_key", descending=True),
    *in_both_ways("added", "remote_created_at"),
    *in_both_ways("updated", "remote_updated_at"),
    Sort("-rating", "best rating first", "rating_rank", descending=True, read=NUMBER),
    Sort("rating", "worst rating first", "rating_rank", read=NUMBER, empty=-1),
)
COLUMNS = (
    *("id", "source_id", "title", "date", "rating100", "organized", "studio__name"),
    *("remote_created_at", "remote_updated_at", "synced_at", "deleted_at"),
    *("duration", "height", "size"),
)
NOTHING = FoundScenes(Scene.objects.none(), Matches(0, more=False, ids=()))
OF_FILE = ("scene_id", "basename", "path")
ALL = ParsedFilter(SceneFilter())


@dataclass(frozen=True, slots=True)
class SceneRow:
    """A scene in the list; what is of a column that is not shown may be left out."""

    scene_id: int
    title: str
    studio: str
    performers: tuple[str, ...]
    tags: tuple[str, ...]
    date: str
    duration_s: float | None
    height: int | None
    size: int | None  # bytes
    path: str  # of its first file
    rating100: int | None
    organized: bool
    source: SourceMark
    added_at: datetime
    updated_at: datetime
    synced_at: datetime
    deleted_at: datetime | None

    @property
    def first_performers(self) -> tuple[str, ...]:
        return self.performers[:NAMES_SHOWN]

    @property
    def more_performers(self) -> int:
        return max(0, len(self.performers) - NAMES_SHOWN)


@dataclass(frozen=True, slots=True)
class ScenePage:
    rows: tuple[SceneRow, ...]
    previous: str  # the place that the page before ends at; empty at the beginning
    next: str  # the place where the following page begins; empty at the end
    begins: int | None  # how many are before these; None beyond what is counted
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
    indexing: Indexing | None  # search and order are still being built
    cut: tuple[str, ...]  # words by which more are called than a search looks for
    sources: Mapping[int, str]  # names by row id


def list_scenes(
    parsed: ParsedFilter = ALL,
    *,
    sort: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE,
    columns: Collection[str] = usual_columns("scenes"),
) -> ScenePage:
    """Return a page of scenes; a fixed number of queries for each name that was typed.

    A filter of which something is wrong or unclear has no scenes: it is not known
    which are meant. `columns`: what is shown of each.
    """
    order, size = sort_named(SORTS, sort), page_size(size)
    sources, indexing = source_names()
    asked = resolve_names(parsed, sources)
    is_clear = not (parsed.wrong or asked.unclear)
    scenes = found_scenes(asked.filters, order.column) if is_clear else NOTHING
    listed = OrderedRows(scenes.rows, COLUMNS, order)
    page = keyset_page(listed, after=after, before=before, size=size)
    return ScenePage(
        rows=_scene_rows(page.rows, source_marks(sources), columns),
        previous=page.previous,
        next=page.next,
        begins=page.begins,
        found=page.found(partial(Count, scenes.found.number, more=scenes.found.more)),
        filters=asked.filters,
        chosen=asked.chosen,
        unclear=asked.unclear,
        sort=order.name,
        sorts=tuple((each.name, each.label) for each in SORTS.values()),
        size=size,
        suggestions=suggested_names(),
        synced=bool(page.rows) or Scene.objects.exists(),
        indexing=indexing,
        cut=scenes.cut,
        sources=sources,
    )


def _scene_rows(
    found: Sequence[Mapping[str, Any]],
    marks: Mapping[int, SourceMark],
    columns: Collection[str],
) -> tuple[SceneRow, ...]:
    ids = [row["id"] for row in found]
    files = _files(ids)
    performers = _names(ScenePerformer, "performer", ids, columns)
    tags = _names(SceneTag, "tag", ids, columns)
    rows = []
    for row in found:
        key = row["id"]
        basename, path = files.get(key, ("", ""))
        rows.append(
            SceneRow(
                scene_id=key,
                title=row["title"] or basename or "Untitled",
                studio=row["studio__name"] or "",
                performers=tuple(performers.get(key, ())),
                tags=tuple(tags.get(key, ())),
                date=row["date"],
                duration_s=row["duration"],
                height=row["height"],
                size=row["size"],
                path=path,
                rating100=row["rating100"],
                organized=row["organized"],
                source=marks.get(row["source_id"], UNKNOWN),
                added_at=row["remote_created_at"],
                updated_at=row["remote_updated_at"],
                synced_at=row["synced_at"],
                deleted_at=row["deleted_at"],
            )
        )
    return tuple(rows)


def _files(ids: Sequence[int]) -> dict[int, list[str]]:
    """Return names and paths of first files; the name stands in for a title."""
    rows = SceneFile.objects.filter(scene_id__in=ids, position=0).order_by()
    return {key: names for key, *names in rows.values_list(*OF_FILE)}


def _names(
    table: type[ScenePerformer] | type[SceneTag],
    linked: str,
    ids: Sequence[int],
    columns: Collection[str],
) -> dict[int, list[str]]:
    """Return the names of what is linked to each scene, if they are shown."""
    names: dict[int, list[str]] = {}
    if f"{linked}s" not in columns:
        return names
    name = [f"{linked}__name"]
    if linked == "performer":
        name.append("performer__disambiguation")
    links = table.objects.filter(scene_id__in=ids).order_by(name[0])
    for scene_id, *parts in links.values_list("scene_id", *name):
        names.setdefault(scene_id, []).append(shown_name(*parts))
    return names
