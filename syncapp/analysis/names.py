"""Reads what an analysis knows of a source's library: names, rules, who works where."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count as CountRows

from syncapp.analysis.library import (
    DateOrder,
    EntityKind,
    KnownName,
    Rules,
    SpellingEffect,
    SpellingRule,
)
from syncapp.analysis.paths import folders
from syncapp.analysis.spellings import name_words
from syncapp.filters.number_list import number_list
from syncapp.models import (
    KeptDateOrder,
    KeptMark,
    KeptRoots,
    KeptSpelling,
    NotADuplicate,
    Performer,
    SceneFile,
    ScenePerformer,
    Source,
    Studio,
    Tag,
    TagParent,
)
from syncapp.models.keys import row_range

CHUNK = 5_000  # rows that are fetched together
RELEASE = re.compile(r"v?(\d+)\.(\d+)")
PARTIAL_DATES = (0, 30)
Entities = Mapping[tuple[EntityKind, int], KnownName]


def read_entities(source_id: int) -> Entities:
    """Return the studios, performers and tags that are there; four statements."""
    found = [*_studios(source_id), *_performers(source_id), *_tags(source_id)]
    return {(each.kind, each.entity_id): each for each in found}


def read_rules(source_id: int) -> Rules:
    """Return what a person has told of a source; five statements."""
    spellings = KeptSpelling.objects.filter(source_id=source_id).order_by("id")
    orders = KeptDateOrder.objects.filter(source_id=source_id)
    marks = KeptMark.objects.filter(source_id=source_id)
    roots = KeptRoots.objects.filter(source_id=source_id).first()
    pairs = NotADuplicate.objects.filter(source_id=source_id).order_by()
    return Rules(
        spellings=tuple(map(_spelling_rule, spellings)),
        date_orders={row.folder: DateOrder(row.order) for row in orders},
        marks={row.mark: row.tag_id for row in marks},
        roots=None if roots is None else frozenset(roots.folders),
        not_duplicates=frozenset(pairs.values_list("first_id", "second_id")),
    )


def takes_partial_dates(source_id: int) -> bool:
    """Return whether a source keeps "2015" as a date, as Stash does from v0.30 on."""
    versions = Source.objects.filter(pk=source_id).values_list("version", flat=True)
    told = RELEASE.match(versions.first() or "")
    return told is None or (int(told[1]), int(told[2])) >= PARTIAL_DATES


def read_regulars(entities: Entities) -> dict[int, dict[int, int]]:
    """Return, by studio, in how many of its scenes those are who share a name."""
    ids = sorted(_namesakes(entities.values()))
    if not ids:
        return {}
    links = ScenePerformer.objects.filter(
        performer_id__in=number_list(ids),
        scene__deleted_at=None,
        scene__studio__isnull=False,
    )
    grouped = links.order_by().values_list("scene__studio_id", "performer_id")
    found: dict[int, dict[int, int]] = {}
    for studio, performer, number in grouped.annotate(number=CountRows("scene_id")):
        found.setdefault(studio, {})[performer] = number
    return found


def _namesakes(entities: Iterable[KnownName]) -> set[int]:
    """Return the performers of whom another has the same name or alias."""
    by_spelling: dict[tuple[str, ...], set[int]] = {}
    for each in entities:
        if each.kind is EntityKind.PERFORMER:
            for spelling in (each.name, *each.aliases):
                words = name_words(spelling)
                by_spelling.setdefault(words, set()).add(each.entity_id)
    shared = (ids for words, ids in by_spelling.items() if words and len(ids) > 1)
    return set().union(*shared)


def _live(model: Any, source_id: int, *columns: str) -> Iterator[tuple[Any, ...]]:
    low, end = row_range(source_id)
    rows = model.objects.filter(id__gte=low, id__lt=end, deleted_at=None)
    wanted = ("id", "name", "aliases", "ignore_auto_tag", "scene_count", *columns)
    yield from rows.order_by("id").values_list(*wanted).iterator(chunk_size=CHUNK)


def _studios(source_id: int) -> Iterator[KnownName]:
    for key, name, aliases, ignored, scenes, parent in _live(
        Studio, source_id, "parent_id"
    ):
        yield KnownName(
            EntityKind.STUDIO,
            key,
            name,
            aliases=tuple(aliases),
            parent_ids=() if parent is None else (parent,),
            is_ignored=ignored,
            scenes=scenes,
        )


def _performers(source_id: int) -> Iterator[KnownName]:
    rows = _live(Performer, source_id, "disambiguation")
    for key, name, aliases, ignored, scenes, disambiguation in rows:
        yield KnownName(
            EntityKind.PERFORMER,
            key,
            name,
            disambiguation,
            tuple(aliases),
            is_ignored=ignored,
            scenes=scenes,
        )


def _tags(source_id: int) -> Iterator[KnownName]:
    low, end = row_range(source_id)
    parents: dict[int, list[int]] = {}
    links = TagParent.objects.filter(tag_id__gte=low, tag_id__lt=end).order_by()
    for tag, parent in links.values_list("tag_id", "parent_id"):
        parents.setdefault(tag, []).append(parent)
    for key, name, aliases, ignored, scenes in _live(Tag, source_id):
        yield KnownName(
            EntityKind.TAG,
            key,
            name,
            aliases=tuple(aliases),
            parent_ids=tuple(sorted(parents.get(key, ()))),
            is_ignored=ignored,
            scenes=scenes,
        )


def scenes_below(source_id: int) -> tuple[dict[str, int], int]:
    """Return how many scenes are below each folder, and how many there are in all."""
    of_folders = Counter(map(_folder_of, _paths(source_id)))
    found: Counter[str] = Counter()
    for folder, number in of_folders.items():
        for above in folders(folder):
            found[above] += number
    return dict(found), of_folders.total()


def _folder_of(path: str) -> str:
    """Return a path without its file: many scenes have the same."""
    return path[: max(path.rfind("/"), path.rfind("\\")) + 1]


def _paths(source_id: int) -> Iterator[str]:
    """Yield the path of each scene's first file, some at a time."""
    low, end = row_range(source_id)
    rows = SceneFile.objects.filter(
        scene_id__gte=low, scene_id__lt=end, position=0, scene__deleted_at=None
    )
    paths = rows.order_by().values_list("path", flat=True)
    yield from paths.iterator(chunk_size=CHUNK)


def _spelling_rule(row: KeptSpelling) -> SpellingRule:
    return SpellingRule(
        row.spelling,
        SpellingEffect(row.effect),
        kind=EntityKind(row.kind) if row.kind else None,
        entity_id=row.entity_id,
        studio_id=row.studio_id,
    )
