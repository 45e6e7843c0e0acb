"""The SQL of `SceneFilter`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from math import inf
from operator import or_
from typing import Any

from django.db.models import Exists, F, Max, Min, OuterRef, Q, Sum
from django.db.models.functions import Substr
from django.db.models.lookups import Exact
from django.utils import timezone

from syncapp.filters.below import with_below
from syncapp.filters.days import first_day, last_day
from syncapp.filters.number_list import number_list
from syncapp.filters.ranges import MOMENTS, in_days, within
from syncapp.filters.scene_matches import (
    FEW,
    SCAN,
    SCENE,
    Columns,
    Facts,
    Matches,
    Part,
    SceneRows,
    Unindexed,
    find_matches,
    live_scene,
    scenes,
    these_scenes,
)
from syncapp.filters.search_sql import TextMatches, text_matches
from syncapp.filters.values import MISSING_BITS, Choice, Missing, Range, SceneFilter
from syncapp.models import (
    Performer,
    Scene,
    SceneFile,
    ScenePerformer,
    SceneTag,
    Studio,
    Tag,
)
from syncapp.models.keys import row_range
from syncapp.models.library import PLACE, PlaceKey

# What scenes are linked to: the links, their column, and the table with the counts.
LINKS: Mapping[str, tuple[Any, str, Any]] = {
    "tags": (SceneTag, "tag_id", Tag),
    "performers": (ScenePerformer, "performer_id", Performer),
}
WITHIN = {  # ranges of numbers, and their columns
    **{name: name for name in ("duration", "size", "height", "frame_rate", "bit_rate")},
    "rating": "rating100",
}
COUNTERS = {"plays": "play_count", "o_counter": "o_counter"}
SEPARATORS = "/\\"
FILES = SCAN // 4  # of a folder: their index does not hold whose they are


@dataclass(frozen=True, slots=True)
class FoundScenes:
    """The scenes of a filter, in no order, and how many they are."""

    rows: SceneRows
    found: Matches
    cut: tuple[str, ...] = ()  # words of the search; see `TextMatches`


def filtered_scenes(filters: SceneFilter) -> SceneRows:
    """Return the scenes that match, in no order. Days are those of the current zone."""
    return found_scenes(filters).rows


def found_scenes(filters: SceneFilter, ordered_by: str = "") -> FoundScenes:
    """Return the scenes that match, to be sorted by this column.

    A fixed number of queries: one that looks for them, one for each kind of what they
    are linked to, one for a folder, and two each for fingerprints and for a search.
    """
    text = text_matches(Scene, filters.search)
    facts, parts = _facts(filters), [*_parts(filters, text)]
    single = len(parts) <= 1 and filters.conditions() <= 1
    found = find_matches(facts, parts, removed=filters.removed, single=single)
    cut = text.cut if text else ()
    if found.ids is not None:
        return FoundScenes(these_scenes(found.ids), found, cut)
    return FoundScenes(_walked(facts, parts, ordered_by), found, cut)


def walked_scenes(filters: SceneFilter, ordered_by: str = "") -> SceneRows:
    """Return the scenes that match, to be read in this column's order to the end.

    Nobody asks beforehand how many they are.
    """
    text = text_matches(Scene, filters.search)
    return _walked(_facts(filters), _parts(filters, text), ordered_by)


def _walked(facts: Facts, parts: Iterable[Part], ordered_by: str) -> SceneRows:
    # One that the order goes by narrows the walk; another would lead away from it.
    plain = {ordered_by, "studio_id"} if ordered_by == "date" else {ordered_by}
    rows = scenes(facts, Columns(frozenset(plain)))
    for part in parts:
        rows = rows.filter(part.of("pk"))
    return rows


# What the index of facts tells


def _facts(filters: SceneFilter) -> Facts:
    """Return what makes of the columns' names what their values have to be."""
    today = timezone.localdate()
    in_studios = _in_studios(filters.studios)

    def facts(columns: Columns) -> Q:
        wanted = Q(deleted_at__isnull=not filters.removed)
        for condition in _of_ranges(filters, columns, today):
            wanted &= condition
        for condition in _of_the_order(filters, columns):
            wanted &= condition
        for condition in _of_yes_and_no(filters):
            wanted &= condition
        if filters.sources:
            wanted &= _of_sources(columns["id"], filters.sources)
        for keys, there in in_studios:
            inside = Q(**{f"{columns['studio_id']}__in": keys})
            wanted &= inside if there else ~inside | Q(studio_id=None)
        return wanted

    return facts


def _of_ranges(filters: SceneFilter, columns: Columns, today: date) -> Iterator[Q]:
    if filters.date:
        yield _in_dates(columns["date"], filters.date)
    for name, column in MOMENTS.items():
        yield in_days(columns[column], getattr(filters, name), today)
    for name, column in WITHIN.items():
        yield within(column, getattr(filters, name))
    for name, column in COUNTERS.items():
        yield _counted(column, getattr(filters, name))


def _of_the_order(filters: SceneFilter, columns: Columns) -> Iterator[Q]:
    """Say the same of the column that the order goes by, so that the walk is short."""
    if Missing.DATE in filters.missing and "date" in columns.plain:
        yield Q(date="")
    if "rating_rank" in columns.plain:
        yield within("rating_rank", filters.rating)


def _of_yes_and_no(filters: SceneFilter) -> Iterator[Q]:
    bits = sum(MISSING_BITS[kind] for kind in filters.missing)
    if bits:
        yield Q(Exact(F("missing").bitand(bits), bits))
    if filters.organized is not None:
        yield Q(organized=filters.organized)
    if filters.several_files:
        yield Q(file_count__gt=1)
    if filters.job is not None:
        yield Q(changed_by_job=filters.job)


def _of_sources(key: str, sources: Iterable[int]) -> Q:
    """Return which scenes are of these sources: a row's id begins with its source."""
    ranges = map(row_range, sources)
    inside = (Q(**{f"{key}__gte": low, f"{key}__lt": end}) for low, end in ranges)
    return reduce(or_, inside)


def _in_studios(choice: Choice) -> list[tuple[list[int], bool]]:
    groups = with_below("studios", {*choice.any, *choice.none}, choice.depth)
    asked = ((choice.any, True), (choice.none, False))
    return [(_together(groups, keys), there) for keys, there in asked if keys]


# What other tables tell


def _parts(filters: SceneFilter, text: TextMatches | None) -> Iterator[Part]:
    if text is not None:
        yield _with_text(text)
    if filters.studios.any:
        yield _of_studios(filters.studios)
    for kind in LINKS:
        yield from _of_linked(kind, getattr(filters, kind))
    if filters.favorite_people:
        yield _favorite_people()
    if filters.folder:
        yield _in_folder(filters.folder)
    if filters.same_fingerprint:
        yield _same_fingerprint(removed=filters.removed)


def _with_text(found: TextMatches) -> Part:
    if found.ids is None:
        return Part(found.of, found.rows, found.size, "id")
    return Part(found.of, these_scenes(found.ids), len(found.ids))


def _of_studios(choice: Choice) -> Part:
    """Return where scenes of these studios stand; the facts tell the same of each."""
    keys = _together(with_below("studios", {*choice.any}, choice.depth), choice.any)
    size = Studio.objects.filter(pk__in=keys).aggregate(n=Sum("scene_count"))["n"]
    rows = Scene.objects.filter(studio_id__in=keys)
    return Part(lambda _: Q(), rows, size or 0)


def _of_linked(kind: str, choice: Choice) -> Iterator[Part]:
    wanted = {*choice.all, *choice.any, *choice.none}
    groups = with_below(kind, wanted, choice.depth)
    linked = [_together(groups, [key]) for key in choice.all]
    if choice.any:
        linked.append(_together(groups, choice.any))
    counts = _scene_counts(kind, linked)
    for keys in linked:
        yield _with_one_of(kind, keys, sum(counts.get(key, 0) for key in keys))
    if choice.none:
        without = _links(kind, _together(groups, choice.none))
        yield Part(lambda key: ~without(key))


def _scene_counts(kind: str, groups: Iterable[Iterable[int]]) -> dict[int, int]:
    keys = frozenset[int]().union(*groups)
    if not keys:
        return {}
    rows = LINKS[kind][2].objects.filter(pk__in=keys)
    return dict(rows.values_list("pk", "scene_count").order_by())


def _with_one_of(kind: str, keys: Any, size: int) -> Part:
    table, column, _ = LINKS[kind]
    rows = table.objects.filter(**{f"{column}__in": keys})
    return Part(_links(kind, keys), rows, size)


def _links(kind: str, keys: Any) -> Callable[[str], Exists]:
    """Return the links of a scene to one of these; a scene has few of them."""
    table, column, _ = LINKS[kind]
    rows = table.objects.alias(target=Unindexed(column)).filter(target__in=keys)
    return lambda key: Exists(rows.filter(scene_id=OuterRef(key)))


def _favorite_people() -> Part:
    people = Performer.objects.filter(favorite=True).order_by()
    counts = dict(people.values_list("pk", "scene_count")[: FEW + 1])
    keys = number_list([*counts]) if len(counts) <= FEW else people.values("pk")
    return _with_one_of("performers", keys, sum(counts.values()))


def _together(groups: Mapping[int, frozenset[int]], keys: Iterable[int]) -> list[int]:
    return sorted(frozenset().union(*(groups[key] for key in keys)))


def _in_folder(folder: str) -> Part:
    """Return which scenes have a file there.

    Paths are compared as they are: two may differ in the case of a letter alone.
    """
    base = folder.rstrip(SEPARATORS)
    slash, backslash = (_begins_with(base + each) for each in SEPARATORS)
    begun = SceneFile.objects.alias(
        place=PlaceKey("path"), start=Substr("path", 1, len(base) + 1)
    )
    files = begun.filter(slash | backslash).order_by()
    size = files.values(SCENE)[: FILES + 1].count()
    size = inf if size > FILES else size
    return Part(lambda key: Exists(files.filter(scene_id=OuterRef(key))), files, size)


def _begins_with(start: str) -> Q:
    """Return which paths begin so, as their index finds them.

    The text that follows all of these has a last character that is one higher.
    """
    if len(start) >= PLACE:
        return Q(place=start[:PLACE], start=start)
    return Q(place__gte=start, place__lt=start[:-1] + chr(ord(start[-1]) + 1))


def _same_fingerprint(*, removed: bool) -> Part:
    """Return which scenes have a file that looks like that of another live scene.

    The fingerprints are asked for first. In one statement, a database that takes its
    tables for empty would meet every file with every other, and each with all scenes.
    """
    files = SceneFile.objects.filter(phash__isnull=False).order_by()
    numbers = [*_shared(files)[: FEW + 1]]
    if len(numbers) > FEW:
        return Part(lambda key: Exists(_alike(files).filter(scene_id=OuterRef(key))))
    if numbers:
        live = files.filter(live_scene(SCENE), phash__in=number_list(numbers))
        found = live.values_list("phash", flat=True).distinct()
        numbers = [*(found if removed else _shared(live))]
    those = files.filter(phash__in=number_list(numbers)) if numbers else files.none()
    return Part(
        lambda key: Exists(those.filter(scene_id=OuterRef(key))),
        those,
        2 * len(numbers),
    )


def _shared(files: SceneRows) -> SceneRows:
    """Return the fingerprints that files of two scenes have."""
    groups = files.values("phash").annotate(first=Min(SCENE), last=Max(SCENE))
    found: SceneRows = groups.filter(first__lt=F("last"))
    return found.values_list("phash", flat=True)


def _alike(files: SceneRows) -> SceneRows:
    """Return the files that look like one of another live scene, met one by one."""
    others = files.filter(live_scene(SCENE), phash=OuterRef("phash"))
    return files.filter(Exists(others.exclude(scene_id=OuterRef(SCENE))))


# Ranges


def _counted(column: str, wanted: Range[int]) -> Q:
    """Return which scenes were counted so often; what was never counted is 0."""
    never = Q(**{column: None}) if wanted and not wanted.low else Q(pk=None)
    return within(column, wanted) | never if wanted else Q()


def _in_dates(column: str, wanted: Range[str]) -> Q:
    """Return which dates may lie within; a year counts for each of its days.

    Texts are compared, as dates of this form sort. A year or month sorts before its
    days, so at the lower end those that hold it are named.
    """
    found = ~Q(**{column: ""})
    if wanted.low is not None:
        low = first_day(wanted.low)
        holding = Q(**{f"{column}__in": [low[:4], low[:7]]})
        found &= Q(**{f"{column}__gte": low}) | holding
    if wanted.high is not None:
        found &= Q(**{f"{column}__lte": last_day(wanted.high)})
    return found
