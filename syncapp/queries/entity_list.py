"""Lists of performers, tags and studios."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syncapp.filters.entity_sql import filtered_entities
from syncapp.filters.values import EntityFilter
from syncapp.models import Performer, Source, Studio, Tag, TagParent
from syncapp.models.library import Mirrored
from syncapp.queries.paging import (
    NUMBER,
    PAGE,
    Count,
    Sort,
    capped_count,
    keyset_page,
    page_size,
    sort_named,
    sorts,
)

MODELS: Mapping[str, type[Mirrored]] = {
    "performers": Performer,
    "tags": Tag,
    "studios": Studio,
}
SORTS = sorts(
    Sort("name", "name", "name_key"),
    Sort("-scenes", "most scenes first", "scene_count", descending=True, read=NUMBER),
)
COLUMNS = (
    *("id", "source_id", "name", "aliases", "scene_count", "favorite"),
    *("synced_at", "deleted_at"),
)
OWN = {"performers": ("disambiguation",), "studios": ("parent_id", "parent__name")}
ALL = EntityFilter()


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
    source: str
    synced_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntityPage:
    rows: tuple[EntityRow, ...]
    next: str  # the place where the following page begins; empty at the end
    found: Count
    filters: EntityFilter
    sort: str
    sorts: tuple[tuple[str, str], ...]  # (name, label)
    size: int
    synced: bool  # whether the mirror holds anything of this kind
    several_sources: bool


def list_entities(
    stream: str,
    filters: EntityFilter = ALL,
    *,
    sort: str = "",
    after: str = "",
    size: int = PAGE,
) -> EntityPage:
    """Return a page of performers, tags or studios; a fixed number of queries."""
    model, order, size = MODELS[stream], sort_named(SORTS, sort), page_size(size)
    rows = filtered_entities(model, filters)
    columns = (*COLUMNS, *OWN.get(stream, ()))
    found, following = keyset_page(rows, columns, order, after=after, size=size)
    sources = dict(Source.objects.values_list("id", "name"))
    return EntityPage(
        rows=_entity_rows(stream, found, sources),
        next=following,
        found=capped_count(rows),
        filters=filters,
        sort=order.name,
        sorts=tuple((each.name, each.label) for each in SORTS.values()),
        size=size,
        synced=bool(found) or model.objects.exists(),
        several_sources=len(sources) > 1,
    )


def _entity_rows(
    stream: str, found: list[dict[str, Any]], sources: Mapping[int, str]
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
            source=sources.get(row["source_id"], ""),
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
