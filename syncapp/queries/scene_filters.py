"""Narrows scenes to a studio, a tag, a performer: named by row id, or as people do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.core.cache import cache
from django.db.models import QuerySet

from syncapp.models import Performer, Studio, Tag
from syncapp.queries.paging import ID_LENGTH, LARGEST_ID, search_text

MOST_NAMES = 100  # that a name may mean, and that are suggested
KEPT_S = 60  # what is suggested need not be of this moment
KINDS: Mapping[str, type[Studio] | type[Tag] | type[Performer]] = {
    "studio": Studio,
    "tag": Tag,
    "performer": Performer,
}
RELATIONS = {"studio": "studio_id", "tag": "tags", "performer": "performers"}


@dataclass(frozen=True, slots=True)
class ResolvedName:
    """What a list was narrowed to; `known` if the mirror has anything of that name."""

    kind: str
    name: str
    known: bool


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The names that most scenes have, to choose from while one types."""

    studios: tuple[str, ...]
    tags: tuple[str, ...]
    performers: tuple[str, ...]


def filter_by_names(
    rows: "QuerySet[Any, Any]", studio: str, tag: str, performer: str
) -> tuple["QuerySet[Any, Any]", tuple[ResolvedName, ...]]:
    """Return the rows that have all that was named, and what the names meant."""
    asked = {"studio": studio, "tag": tag, "performer": performer}
    narrowed = []
    for kind, text in asked.items():
        if wanted := search_text(text):
            ids, name = _meant(kind, wanted)
            narrowed.append(ResolvedName(kind, name, known=bool(ids)))
            rows = _having(rows, kind, ids)
    return rows, tuple(narrowed)


def _having(
    rows: "QuerySet[Any, Any]", kind: str, ids: list[int]
) -> "QuerySet[Any, Any]":
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
    digits = text.isascii() and text.isdigit() and len(text) <= ID_LENGTH
    if digits and int(text) <= LARGEST_ID:
        named = objects.filter(pk=int(text)).values_list("name", flat=True).first()
        if named is not None:
            return [int(text)], named or f"{kind} without a name"
    same = objects.filter(name__iexact=text).values_list("id", flat=True)
    ids = list(same.order_by("id")[:MOST_NAMES])
    if not ids:
        like = objects.filter(name__icontains=text).values_list("id", flat=True)
        ids = list(like.order_by("-scene_count", "-id")[:MOST_NAMES])
    return ids, text


def suggestions() -> Suggestions:
    """Return the names of what has most scenes; up to a minute old."""
    return cast(
        Suggestions, cache.get_or_set("suggestions", _suggested, timeout=KEPT_S)
    )


def _suggested() -> Suggestions:
    return Suggestions(_often(Studio), _often(Tag), _often(Performer))


def _often(model: type[Studio] | type[Tag] | type[Performer]) -> tuple[str, ...]:
    rows = model.objects.filter(deleted_at=None).order_by("-scene_count", "-id")
    names = rows.values_list("name", flat=True)[:MOST_NAMES]
    return tuple(dict.fromkeys(name for name in names if name))
