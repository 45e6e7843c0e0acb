"""One performer, tag or studio, whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syncapp.models import Performer, Studio, Tag
from syncapp.queries.entity_list import MODELS, EntityRef, shown_name
from syncapp.queries.history import RowHistory, row_history
from syncapp.queries.last_changed_by import ChangedBy, changed_by
from syncapp.queries.scene_titles import shown_titles
from syncapp.queries.stash_pages import page_in_stash

MOST_RELATED, LATEST = 200, 12


@dataclass(frozen=True, slots=True)
class SceneLine:
    scene_id: int
    title: str
    date: str


@dataclass(frozen=True, slots=True)
class EntityDetail:
    row_id: int
    remote_id: int
    name: str  # with what tells it from others of that name
    favorite: bool
    source: str
    address: str  # of its page in Stash; empty if it was removed there
    parents: tuple[EntityRef, ...]
    children: tuple[EntityRef, ...]
    tags: tuple[EntityRef, ...]
    facts: tuple[tuple[str, str], ...]  # (label, value), those that are set
    details: str
    aliases: tuple[str, ...]
    urls: tuple[str, ...]
    stash_ids: tuple[tuple[str, str], ...]
    scene_count: int
    scenes: tuple[SceneLine, ...]  # the latest few
    remote_created_at: datetime
    remote_updated_at: datetime
    synced_at: datetime
    deleted_at: datetime | None
    changed_by: ChangedBy | None
    history: RowHistory


def entity_by_id(stream: str, row_id: int) -> EntityDetail | None:
    """Return one with all that is mirrored of it; None if it is not there."""
    rows = MODELS[stream].objects.select_related("source")
    row: Any = rows.filter(pk=row_id).first()
    if row is None:
        return None
    return EntityDetail(
        row_id=row.pk,
        remote_id=row.remote_id,
        name=shown_name(row.name, getattr(row, "disambiguation", "")),
        favorite=row.favorite,
        source=row.source.name,
        address=page_in_stash(row.source, stream, row),
        parents=_parents(row),
        children=_named(row.children) if hasattr(row, "children") else (),
        tags=_named(row.tags) if hasattr(row, "tags") else (),
        facts=_facts(row),
        details=row.description if isinstance(row, Tag) else row.details,
        aliases=tuple(row.aliases),
        urls=tuple(getattr(row, "urls", ())),
        stash_ids=tuple((endpoint, number) for endpoint, number in row.stash_ids),
        scene_count=row.scene_count,
        scenes=_scenes(row),
        remote_created_at=row.remote_created_at,
        remote_updated_at=row.remote_updated_at,
        synced_at=row.synced_at,
        deleted_at=row.deleted_at,
        changed_by=changed_by(row.changed_by_job),
        history=row_history(stream, row.pk),
    )


def _parents(row: Any) -> tuple[EntityRef, ...]:
    if isinstance(row, Tag):
        return _named(row.parents)
    if isinstance(row, Studio) and row.parent_id is not None:
        return _named(Studio.objects.filter(pk=row.parent_id))
    return ()


def _named(related: Any) -> tuple[EntityRef, ...]:
    rows = related.filter(deleted_at=None).order_by("name", "id")
    pairs = rows.values_list("id", "name")[:MOST_RELATED]
    return tuple(EntityRef(row_id, shown_name(name)) for row_id, name in pairs)


def _scenes(row: Any) -> tuple[SceneLine, ...]:
    rows = row.scenes.filter(deleted_at=None).order_by("-date", "-id")[:LATEST]
    found = list(rows.values_list("id", "title", "date"))
    titles = shown_titles({key: title for key, title, _ in found})
    return tuple(SceneLine(key, titles[key], date) for key, _, date in found)


def _facts(row: Any) -> tuple[tuple[str, str], ...]:
    rating = getattr(row, "rating100", None)
    values: Mapping[str, Any] = {
        "Rating": None if rating is None else f"{rating} of 100",
        **(_person(row) if isinstance(row, Performer) else {}),
        "Sorted as": getattr(row, "sort_name", ""),
        "Auto-tagging": "ignored" if row.ignore_auto_tag else "",
    }
    return tuple((k, str(v)) for k, v in values.items() if v not in {None, ""})


def _person(row: Performer) -> dict[str, str]:
    return {
        "Gender": row.gender.replace("_", " ").lower(),
        "Country": row.country,
        "Born": row.birthdate,
        "Died": row.death_date,
    }
