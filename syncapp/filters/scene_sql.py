"""The SQL of `SceneFilter`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from syncapp.filters.below import with_below
from syncapp.filters.days import first_day, last_day
from syncapp.filters.moments import in_days
from syncapp.filters.values import Choice, Missing, Range, SceneFilter
from syncapp.models import Scene, SceneFile, ScenePerformer, SceneTag
from syncapp.text.folding import search_text

SceneRows = QuerySet[Any, Any]
Condition = Any  # a Q or an Exists, or what is not one
LINKS: Mapping[str, tuple[Any, str]] = {
    "tags": (SceneTag, "tag_id"),
    "performers": (ScenePerformer, "performer_id"),
}
OF_FILE = ("duration", "size", "height", "frame_rate", "bit_rate")
MOMENTS = {
    "added": "remote_created_at",
    "updated": "remote_updated_at",
    "changed": "synced_at",
}
COUNTERS = {"plays": "play_count", "o_counter": "o_counter"}
SEPARATORS = "/\\"
FEW = 5_000  # links that are looked up rather than looked at row by row


def filtered_scenes(filters: SceneFilter) -> SceneRows:
    """Return the scenes that match, in no order. Days are those of the current zone."""
    rows: SceneRows = Scene.objects.filter(deleted_at__isnull=not filters.removed)
    if text := search_text(filters.search):
        rows = rows.filter(title__icontains=text)
    for condition in _conditions(filters):
        rows = rows.filter(condition)
    return rows


def _conditions(filters: SceneFilter) -> Iterable[Condition]:
    yield from _of_studios(filters.studios)
    for kind in LINKS:
        yield from _of_linked(kind, getattr(filters, kind))
    yield from (LACKS[each]() for each in filters.missing)
    yield from _of_ranges(filters)
    yield from _of_yes_and_no(filters)
    if filters.folder:
        yield _in_folder(filters.folder)
    if filters.sources:
        yield Q(source_id__in=filters.sources)
    if filters.job is not None:
        yield Q(changed_by_job=filters.job)


def _of_ranges(filters: SceneFilter) -> Iterable[Condition]:
    if filters.date:
        yield _in_dates(filters.date)
    today = timezone.localdate()
    for name, column in MOMENTS.items():
        yield in_days(column, getattr(filters, name), today)
    yield from _of_first_file({name: getattr(filters, name) for name in OF_FILE})
    yield _within("rating100", filters.rating)
    for name, column in COUNTERS.items():
        yield _counted(column, getattr(filters, name))


def _of_yes_and_no(filters: SceneFilter) -> Iterable[Condition]:
    if filters.organized is not None:
        yield Q(organized=filters.organized)
    if filters.favorite_people:
        yield _linked("performers", performer__favorite=True)
    if filters.several_files:
        yield _files(position=1)


# Studios, tags, performers


def _of_studios(choice: Choice) -> Iterable[Q]:
    groups = with_below("studios", {*choice.any, *choice.none}, choice.depth)
    if choice.any:
        yield Q(studio_id__in=_together(groups, choice.any))
    if choice.none:
        yield ~Q(studio_id__in=_together(groups, choice.none))


def _of_linked(kind: str, choice: Choice) -> Iterable[Condition]:
    wanted = {*choice.all, *choice.any, *choice.none}
    groups = with_below(kind, wanted, choice.depth)
    for key in choice.all:
        yield _with_one_of(kind, _together(groups, [key]))
    if choice.any:
        yield _with_one_of(kind, _together(groups, choice.any))
    if choice.none:
        column = LINKS[kind][1]
        yield ~_linked(kind, **{f"{column}__in": _together(groups, choice.none)})


def _with_one_of(kind: str, ids: list[int]) -> Condition:
    """Return what selects the scenes that are linked to one of these.

    Few scenes are best taken from the links and sorted; of many, a page is best read
    in its order, with a look at the links of each scene. Both databases know too
    little of the numbers to choose so themselves.
    """
    table, column = LINKS[kind]
    links = table.objects.filter(**{f"{column}__in": ids}).order_by()
    if links.values("scene_id")[: FEW + 1].count() > FEW:
        return _linked(kind, **{f"{column}__in": ids})
    return Q(pk__in=links.values("scene_id"))


def _together(groups: Mapping[int, frozenset[int]], keys: Iterable[int]) -> list[int]:
    return sorted(frozenset().union(*(groups[key] for key in keys)))


def _linked(kind: str, **condition: Any) -> Exists:
    table = LINKS[kind][0].objects
    return Exists(table.filter(scene_id=OuterRef("pk"), **condition))


# What a scene lacks


def _files(**condition: Any) -> Exists:
    return Exists(SceneFile.objects.filter(scene_id=OuterRef("pk"), **condition))


def _phash() -> Exists:
    told = SceneFile.objects.annotate(told=Cast("fingerprints", TextField()))
    return Exists(told.filter(scene_id=OuterRef("pk"), told__contains='"phash"'))


LACKS: Mapping[Missing, Callable[[], Condition]] = {
    Missing.STUDIO: lambda: Q(studio_id=None),
    Missing.PERFORMERS: lambda: ~_linked("performers"),
    Missing.TAGS: lambda: ~_linked("tags"),
    Missing.DATE: lambda: Q(date=""),
    Missing.TITLE: lambda: Q(title=""),
    Missing.FILES: lambda: ~_files(),
    Missing.PHASH: lambda: ~_phash(),
    Missing.URLS: lambda: Q(urls=[]),
    Missing.STASH_IDS: lambda: Q(stash_ids=[]),
}


# Ranges


def _within(column: str, wanted: Range[Any]) -> Q:
    found = Q()
    if wanted.low is not None:
        found &= Q(**{f"{column}__gte": wanted.low})
    if wanted.high is not None:
        found &= Q(**{f"{column}__lte": wanted.high})
    return found


def _counted(column: str, wanted: Range[int]) -> Q:
    """Return which scenes were counted so often; what was never counted is 0."""
    never = Q(**{column: None}) if wanted and not wanted.low else Q(pk=None)
    return _within(column, wanted) | never if wanted else Q()


def _in_dates(wanted: Range[str]) -> Q:
    """Return which dates may lie within; a year counts for each of its days.

    Texts are compared, as dates of this form sort. A year or month sorts before its
    days, so at the lower end those that hold it are named.
    """
    found = ~Q(date="")
    if wanted.low is not None:
        low = first_day(wanted.low)
        found &= Q(date__gte=low) | Q(date__in=[low[:4], low[:7]])
    if wanted.high is not None:
        found &= Q(date__lte=last_day(wanted.high))
    return found


def _of_first_file(parts: Mapping[str, Range[Any]]) -> Iterable[Condition]:
    found = Q()
    for column, wanted in parts.items():
        found &= _within(column, wanted)
    if found:
        files = SceneFile.objects.filter(found, scene_id=OuterRef("pk"), position=0)
        yield Exists(files)


def _in_folder(folder: str) -> Exists:
    """Return which scenes have a file there.

    Paths are compared as they are: two may differ in the case of a letter alone.
    """
    base = folder.rstrip(SEPARATORS)
    starts = {base + separator for separator in SEPARATORS}
    files = SceneFile.objects.annotate(start=Substr("path", 1, len(base) + 1))
    return Exists(files.filter(scene_id=OuterRef("pk"), start__in=starts))
