"""Lists of performers, tags and studios, by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from syncapp.models import Performer, Source, Studio, Tag, TagParent
from syncapp.models.library import Mirrored
from syncapp.queries.paging import PAGE, Count, Place, capped_count, search_text

MODELS: Mapping[str, type[Mirrored]] = {
    "performers": Performer,
    "tags": Tag,
    "studios": Studio,
}


@dataclass(frozen=True, slots=True)
class NameRow:
    row_id: int
    name: str
    note: str  # what tells it from others of that name: parents, disambiguation
    aliases: tuple[str, ...]
    scene_count: int
    favorite: bool
    source: str
    synced_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class NamePage:
    rows: tuple[NameRow, ...]
    next: str  # the place where the following page begins; empty at the end
    found: Count
    search: str
    removed: bool
    synced: bool  # whether the mirror holds anything of this kind
    several_sources: bool


def list_names(
    stream: str, *, search: str = "", after: str = "", removed: bool = False
) -> NamePage:
    """Return a page of performers, tags or studios; a fixed number of queries."""
    model = MODELS[stream]
    text = search_text(search)
    rows = model.objects.filter(deleted_at__isnull=not removed)
    if text:
        rows = rows.filter(name__icontains=text)
    place = Place.read(after)
    page = rows if place is None else rows.filter(place.following("name"))
    found = list(_values(stream, page.order_by("name", "id")[: PAGE + 1]))
    last = found[PAGE - 1] if len(found) > PAGE else None
    sources = dict(Source.objects.values_list("id", "name"))
    return NamePage(
        rows=_rows(stream, found[:PAGE], sources),
        next=str(Place(last["name"], last["id"])) if last else "",
        found=capped_count(rows),
        search=text,
        removed=removed,
        synced=model.objects.exists(),
        several_sources=len(sources) > 1,
    )


def _values(stream: str, rows: "QuerySet[Any, Any]") -> "QuerySet[Any, dict[str, Any]]":
    own = {"performers": "disambiguation", "studios": "parent__name"}.get(stream)
    columns = ("id", "source_id", "name", "aliases", "scene_count", "favorite")
    return rows.values(*columns, "synced_at", "deleted_at", *([own] if own else []))


def _rows(
    stream: str, found: list[dict[str, Any]], sources: Mapping[int, str]
) -> tuple[NameRow, ...]:
    notes = _notes(stream, found)
    return tuple(
        NameRow(
            row_id=row["id"],
            name=row["name"],
            note=notes.get(row["id"], ""),
            aliases=tuple(row["aliases"]),
            scene_count=row["scene_count"],
            favorite=row["favorite"],
            source=sources.get(row["source_id"], ""),
            synced_at=row["synced_at"],
            deleted_at=row["deleted_at"],
        )
        for row in found
    )


def _notes(stream: str, found: list[dict[str, Any]]) -> dict[int, str]:
    if stream == "performers":
        return {row["id"]: row["disambiguation"] for row in found}
    if stream == "studios":
        return {row["id"]: row["parent__name"] or "" for row in found}
    parents: dict[int, list[str]] = {}
    links = TagParent.objects.filter(tag_id__in=[row["id"] for row in found])
    for tag_id, name in links.order_by("parent__name").values_list(
        "tag_id", "parent__name"
    ):
        parents.setdefault(tag_id, []).append(name)
    return {tag_id: ", ".join(names) for tag_id, names in parents.items()}
