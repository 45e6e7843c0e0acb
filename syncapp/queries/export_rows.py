"""What an export tells of a row: columns in a fixed order, names in a stable one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from syncapp.filters.entity_sql import filtered_entities
from syncapp.filters.scene_matches import these_scenes
from syncapp.filters.scene_sql import walked_scenes
from syncapp.filters.values import EntityFilter, SceneFilter
from syncapp.models import SceneFile, ScenePerformer, SceneTag, TagParent
from syncapp.queries.entity_list import MODELS
from syncapp.queries.entity_list import SORTS as ENTITY_SORTS
from syncapp.queries.paging import KeysetCursor, OrderedRows, Sort, sort_named
from syncapp.queries.scene_list import SORTS as SCENE_SORTS

Cell = str | int | float | bool | datetime | tuple[str, ...] | None
ExportRow = tuple[Cell, ...]
SORTS: Mapping[str, Mapping[str, Sort]] = {
    "scenes": SCENE_SORTS,
    **dict.fromkeys(MODELS, ENTITY_SORTS),
}
# The name of a column > the field that is told there. What is not a field of the row
# itself is read for all rows of a batch at once, and stands under its own name.
MOMENTS = {
    "added_at": "remote_created_at",
    "updated_at": "remote_updated_at",
    "changed_at": "synced_at",
    "removed_at": "deleted_at",
}
START = {"id": "id", "source": "source__name", "remote_id": "remote_id"}
OF_NAMES = {"aliases": "aliases", "favorite": "favorite", "scenes": "scene_count"}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "scenes": {
        **START,
        "title": "title",
        "date": "date",
        "studio": "studio__name",
        "performers": "performers",
        "tags": "tags",
        "organized": "organized",
        "rating": "rating100",
        "plays": "play_count",
        "path": "path",
        "size": "size",
        "duration_s": "duration",
        "width": "width",
        "height": "height",
        "files": "files",
        "urls": "urls",
        **MOMENTS,
    },
    "performers": {
        **START,
        "name": "name",
        "disambiguation": "disambiguation",
        **OF_NAMES,
        "gender": "gender",
        "country": "country",
        "birthdate": "birthdate",
        "death_date": "death_date",
        "rating": "rating100",
        "urls": "urls",
        **MOMENTS,
    },
    "tags": {
        **START,
        "name": "name",
        "sort_name": "sort_name",
        "parents": "parents",
        **OF_NAMES,
        **MOMENTS,
    },
    "studios": {
        **START,
        "name": "name",
        "parent": "parent__name",
        **OF_NAMES,
        "rating": "rating100",
        "urls": "urls",
        **MOMENTS,
    },
}
OF_FILE = ("path", "size", "duration", "width", "height")
BESIDE = {
    "scenes": ("performers", "tags", "files", *OF_FILE),
    "tags": ("parents",),
}


def export_rows(
    stream: str,
    filters: SceneFilter | EntityFilter,
    ids: Sequence[int] | None,
    *,
    sort: str,
    after: str,
    size: int,
) -> tuple[tuple[ExportRow, ...], str]:
    """Return the next rows of a list in its order, and the place of those behind.

    `ids`: of all scenes that match, if they are known.

    Raises ValueError for a place that is none: the list would begin anew.
    """
    order = sort_named(SORTS[stream], sort)
    place = KeysetCursor.read(after, order)
    if after and place is None:
        msg = f"{after!r} is no place in a list of {stream}."
        raise ValueError(msg)
    columns = COLUMNS[stream]
    own = tuple(x for x in columns.values() if x not in BESIDE.get(stream, ()))
    listed = OrderedRows(_filtered(stream, filters, ids, order), own, order)
    more = listed.read(place, size + 1)
    found = more[:size]
    following = str(listed.place_of(found[-1])) if len(more) > size else ""
    beside = _beside(stream, [row["id"] for row in found])
    told = tuple(
        tuple(_row({**row, **beside.get(row["id"], {})}, columns.values()))
        for row in found
    )
    return told, following


def _filtered(
    stream: str,
    filters: SceneFilter | EntityFilter,
    ids: Sequence[int] | None,
    order: Sort,
) -> Any:
    if isinstance(filters, EntityFilter):
        return filtered_entities(MODELS[stream], filters)
    return walked_scenes(filters, order.column) if ids is None else these_scenes(ids)


def _row(values: Mapping[str, Any], wanted: Iterable[str]) -> Iterator[Cell]:
    for name in wanted:
        value = values.get(name)
        yield tuple(map(str, value)) if isinstance(value, list) else value


def _beside(stream: str, ids: Sequence[int]) -> Mapping[int, dict[str, Any]]:
    if stream == "tags":
        links = TagParent.objects.filter(tag_id__in=ids)
        parents = _names(links, "tag_id", "parent_id", "parent__name")
        return {key: {"parents": parents.get(key, [])} for key in ids}
    if stream != "scenes":
        return {}
    people = ScenePerformer.objects.filter(scene_id__in=ids)
    tags = SceneTag.objects.filter(scene_id__in=ids)
    performers = _names(people, "scene_id", "performer_id", "performer__name")
    tag_names = _names(tags, "scene_id", "tag_id", "tag__name")
    files = _files_of(ids)
    return {
        key: {
            **files.get(key, {"files": 0}),
            "performers": performers.get(key, []),
            "tags": tag_names.get(key, []),
        }
        for key in ids
    }


def _names(links: Any, of: str, key: str, name: str) -> dict[int, list[str]]:
    """Return the names that these links lead to: by code point, then by id.

    Databases sort by rules of their own; sorted here, both tell the same.
    """
    found: dict[int, list[tuple[str, int]]] = {}
    for row_id, target, text in links.order_by().values_list(of, key, name):
        found.setdefault(row_id, []).append((text or "", target))
    return {row_id: [text for text, _ in sorted(x)] for row_id, x in found.items()}


def _files_of(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the first file of each scene, and how many there are."""
    found: dict[int, dict[str, Any]] = {}
    rows = SceneFile.objects.filter(scene_id__in=ids).order_by()
    for row in rows.values("scene_id", "position", *OF_FILE):
        told = found.setdefault(row["scene_id"], {"files": 0})
        told["files"] += 1
        if row["position"] == 0:
            told.update({name: row[name] for name in OF_FILE})
    return found
