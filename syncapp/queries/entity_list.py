"""Lists of performers, tags and studios."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from syncapp.filters.entity_query_string import ParsedEntityFilter
from syncapp.filters.entity_sql import filtered_entities
from syncapp.filters.values import EntityFilter
from syncapp.models import Performer, Studio, Tag, TagParent
from syncapp.models.library import Mirrored
from syncapp.queries.indexing import Indexing, source_names
from syncapp.queries.paging import (
    NUMBER,
    PAGE,
    Count,
    OrderedRows,
    Sort,
    capped_count,
    keyset_page,
    page_size,
    sort_named,
    sorts,
)
from syncapp.queries.source_marks import UNKNOWN, SourceMark, source_marks

MODELS: Mapping[str, type[Mirrored]] = {
    "performers": Performer,
    "tags": Tag,
    "studios": Studio,
}
SORTS = sorts(
    Sort("name", "name, A first", "name_key", empty=""),
    Sort("-name", "name, Z first", "name_key", descending=True),
    Sort("-scenes", "most scenes first", "scene_count", descending=True, read=NUMBER),
    Sort("scenes", "fewest scenes first", "scene_count", read=NUMBER),
)
COLUMNS = (
    *("id", "source_id", "name", "aliases", "scene_count", "favorite"),
    *("synced_at", "deleted_at"),
)
OWN = {
    "performers": ("disambiguation", "birthdate", "country", "rating100"),
    "studios": ("parent_id", "parent__name", "rating100"),
}
ALL = ParsedEntityFilter(EntityFilter())


@dataclass(frozen=True, slots=True)
class EntityRef:
    row_id: int
    name: str


def shown_name(name: str | None, *notes: str | None) -> str:
    """Return the name as it is shown: nothing can be neither read nor clicked.

    With `notes`, what tells it from others of that name: "Ida Berg (painter)".
    """
    told = ", ".join(filter(None, notes))
    shown = name or "Without a name"
    return f"{shown} ({told})" if told else shown


@dataclass(frozen=True, slots=True)
class EntityRow:
    row_id: int
    name: str  # with what tells it from others of that name
    parents: tuple[EntityRef, ...]
    aliases: tuple[str, ...]
    scene_count: int
    favorite: bool
    source: SourceMark
    born: str
    country: str
    rating100: int | None
    synced_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntityPage:
    rows: tuple[EntityRow, ...]
    previous: str  # the place that the page before ends at; empty at the beginning
    next: str  # the place where the following page begins; empty at the end
    begins: int | None  # how many are before these; None beyond what is counted
    found: Count
    filters: EntityFilter
    sort: str
    sorts: tuple[tuple[str, str], ...]  # (name, label)
    size: int
    synced: bool  # whether the mirror holds anything of this kind
    sources: Mapping[int, str]  # names by row id
    indexing: Indexing | None  # search and order are still being built


def list_entities(
    stream: str,
    parsed: ParsedEntityFilter = ALL,
    *,
    sort: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE,
) -> EntityPage:
    """Return a page of performers, tags or studios; a fixed number of queries.

    A filter of which something is wrong has no rows: it is not known which are meant.
    """
    model, order, size = MODELS[stream], sort_named(SORTS, sort), page_size(size)
    rows = filtered_entities(model, parsed.filters)
    if parsed.wrong:
        rows = rows.none()
    columns = (*COLUMNS, *OWN.get(stream, ()))
    listed = OrderedRows(rows, columns, order)
    page = keyset_page(listed, after=after, before=before, size=size)
    sources, indexing = source_names()
    return EntityPage(
        rows=_entity_rows(stream, page.rows, source_marks(sources)),
        previous=page.previous,
        next=page.next,
        begins=page.begins,
        found=page.found(partial(capped_count, rows)),
        filters=parsed.filters,
        sort=order.name,
        sorts=tuple((each.name, each.label) for each in SORTS.values()),
        size=size,
        synced=bool(page.rows) or model.objects.exists(),
        sources=sources,
        indexing=indexing,
    )


def _entity_rows(
    stream: str, found: list[dict[str, Any]], marks: Mapping[int, SourceMark]
) -> tuple[EntityRow, ...]:
    parents = _parents(stream, found)
    return tuple(
        EntityRow(
            row_id=row["id"],
            name=shown_name(row["name"], row.get("disambiguation")),
            parents=tuple(parents.get(row["id"], ())),
            aliases=tuple(row["aliases"]),
            scene_count=row["scene_count"],
            favorite=row["favorite"],
            source=marks.get(row["source_id"], UNKNOWN),
            born=row.get("birthdate", ""),
            country=row.get("country", ""),
            rating100=row.get("rating100"),
            synced_at=row["synced_at"],
            deleted_at=row["deleted_at"],
        )
        for row in found
    )


def _parents(stream: str, found: list[dict[str, Any]]) -> dict[int, list[EntityRef]]:
    if stream == "studios":
        return {
            row["id"]: [EntityRef(row["parent_id"], shown_name(row["parent__name"]))]
            for row in found
            if row["parent_id"] is not None
        }
    if stream != "tags":
        return {}
    parents: dict[int, list[EntityRef]] = {}
    links = TagParent.objects.filter(tag_id__in=[row["id"] for row in found])
    columns = ("tag_id", "parent_id", "parent__name")
    for tag_id, parent_id, name in links.order_by("parent__name").values_list(*columns):
        parents.setdefault(tag_id, []).append(EntityRef(parent_id, shown_name(name)))
    return parents
