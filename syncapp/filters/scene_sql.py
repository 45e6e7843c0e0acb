"""The SQL of `SceneFilter`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from jobs.numbers import parse_id
from syncapp.filters.values import SceneFilter
from syncapp.models import Performer, Scene, Studio, Tag
from syncapp.text.folding import search_text

MOST_MEANT = 100  # rows that one name may mean
KINDS: Mapping[str, type[Studio] | type[Tag] | type[Performer]] = {
    "studio": Studio,
    "tag": Tag,
    "performer": Performer,
}
RELATIONS = {"studio": "studio_id", "tag": "tags", "performer": "performers"}
SceneRows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class ResolvedName:
    """What a filter's name meant; `known` if the mirror has anything of that name."""

    kind: str
    name: str
    known: bool


def filtered_scenes(filters: SceneFilter) -> tuple[SceneRows, tuple[ResolvedName, ...]]:
    """Return the scenes that match, in no order, and what the filter's names meant."""
    rows: SceneRows = Scene.objects.filter(deleted_at__isnull=not filters.removed)
    if text := search_text(filters.search):
        rows = rows.filter(title__icontains=text)
    if filters.organized is not None:
        rows = rows.filter(organized=filters.organized)
    if filters.rating is not None:
        rows = rows.filter(rating_rank__gte=filters.rating)
    resolved = []
    for kind in KINDS:
        if wanted := search_text(getattr(filters, kind)):
            ids, name = _meant(kind, wanted)
            resolved.append(ResolvedName(kind, name, known=bool(ids)))
            rows = _having(rows, kind, ids)
    return rows, tuple(resolved)


def _having(rows: SceneRows, kind: str, ids: list[int]) -> SceneRows:
    relation = RELATIONS[kind]
    if len(ids) == 1:
        return rows.filter(**{relation: ids[0]})
    if kind == "studio":
        return rows.filter(studio_id__in=ids)
    through = KINDS[kind].scenes.through.objects  # type: ignore[union-attr]
    owners = through.filter(**{f"{kind}_id__in": ids}).values("scene_id")
    return rows.filter(id__in=owners)


def _meant(kind: str, text: str) -> tuple[list[int], str]:
    """Return the row ids that `text` means, and how to call them."""
    objects = KINDS[kind].objects
    if (key := parse_id(text)) is not None:
        name = objects.filter(pk=key).values_list("name", flat=True).first()
        if name is not None:
            return [key], name or f"{kind} without a name"
    same = objects.filter(name__iexact=text).values_list("id", flat=True)
    ids = list(same.order_by("id")[:MOST_MEANT])
    if not ids:
        like = objects.filter(name__icontains=text).values_list("id", flat=True)
        ids = list(like.order_by("-scene_count", "-id")[:MOST_MEANT])
    return ids, text
