"""The list of scenes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import QuerySet

from syncapp.models import (
    Performer,
    Scene,
    SceneFile,
    ScenePerformer,
    SceneTag,
    Source,
    Studio,
    Tag,
)
from syncapp.queries.paging import PAGE, Count, Place, capped_count, search_text

NAMES_SHOWN = 3
# What the list can be narrowed to: a model, and the scenes' relation to it.
NARROWED_BY = {
    "performer": (Performer, "performers"),
    "tag": (Tag, "tags"),
    "studio": (Studio, "studio"),
}


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


@dataclass(frozen=True, slots=True)
class ScenePage:
    rows: tuple[SceneRow, ...]
    next: str  # the place where the following page begins; empty at the end
    found: Count
    search: str
    removed: bool
    narrowed: str  # "performer", "tag", "studio" or nothing
    narrowed_id: int
    narrowed_name: str
    synced: bool  # whether the mirror holds any scene
    several_sources: bool


def list_scenes(
    *,
    search: str = "",
    after: str = "",
    removed: bool = False,
    narrowed: str = "",
    narrowed_id: int = 0,
) -> ScenePage:
    """Return a page of scenes, the latest date first; a fixed number of queries."""
    text = search_text(search)
    rows = Scene.objects.filter(deleted_at__isnull=not removed)
    if text:
        rows = rows.filter(title__icontains=text)
    name = ""
    if narrowed in NARROWED_BY:
        model, relation = NARROWED_BY[narrowed]
        rows = rows.filter(**{relation: narrowed_id})
        named = model.objects.filter(pk=narrowed_id).values_list("name", flat=True)
        name = named.first() or "unknown"
    place = Place.read(after)
    page = rows if place is None else rows.filter(place.preceding("date"))
    found = list(_values(page.order_by("-date", "-id")[: PAGE + 1]))
    last = found[PAGE - 1] if len(found) > PAGE else None
    sources = dict(Source.objects.values_list("id", "name"))
    return ScenePage(
        rows=_rows(found[:PAGE], sources),
        next=str(Place(last["date"], last["id"])) if last else "",
        found=capped_count(rows),
        search=text,
        removed=removed,
        narrowed=narrowed if name else "",
        narrowed_id=narrowed_id,
        narrowed_name=name,
        synced=Scene.objects.exists(),
        several_sources=len(sources) > 1,
    )


def _values(rows: "QuerySet[Any, Any]") -> "QuerySet[Any, dict[str, Any]]":
    columns = ("id", "source_id", "title", "date", "rating100", "organized")
    return rows.values(*columns, "studio__name", "synced_at", "deleted_at")


def _rows(
    found: Sequence[Mapping[str, Any]], sources: Mapping[int, str]
) -> tuple[SceneRow, ...]:
    ids = [row["id"] for row in found]
    files, performers, tags = _files(ids), _performers(ids), _tag_counts(ids)
    rows = []
    for row in found:
        key = row["id"]
        file, people = files.get(key, {}), performers.get(key, [])
        rows.append(
            SceneRow(
                scene_id=key,
                title=row["title"] or file.get("basename") or "Untitled",
                studio=row["studio__name"] or "",
                performers=tuple(people[:NAMES_SHOWN]),
                more_performers=max(0, len(people) - NAMES_SHOWN),
                tag_count=tags.get(key, 0),
                date=row["date"],
                duration_s=file.get("duration"),
                height=file.get("height"),
                rating100=row["rating100"],
                organized=row["organized"],
                source=sources.get(row["source_id"], ""),
                synced_at=row["synced_at"],
                deleted_at=row["deleted_at"],
            )
        )
    return tuple(rows)


def _files(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = SceneFile.objects.filter(scene_id__in=ids, position=0).order_by()
    found = rows.values("scene_id", "basename", "duration", "height")
    return {row["scene_id"]: dict(row) for row in found}


def _performers(ids: Sequence[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    links = ScenePerformer.objects.filter(scene_id__in=ids).order_by("performer__name")
    for scene_id, name in links.values_list("scene_id", "performer__name"):
        names.setdefault(scene_id, []).append(name)
    return names


def _tag_counts(ids: Sequence[int]) -> dict[int, int]:
    links = SceneTag.objects.filter(scene_id__in=ids).order_by()
    return dict(links.values_list("scene_id").annotate(n=CountOf("tag_id")))
