"""Exports of lists, part by part: each a few queries, and no more kept than rows."""

from dataclasses import dataclass

from syncapp.filters.entity_query_string import ParsedEntityFilter
from syncapp.filters.query_string import ENTITY_PARAMS, ParsedFilter, shortened
from syncapp.filters.scene_sql import filtered_scenes, found_scenes
from syncapp.filters.values import EntityFilter, SceneFilter
from syncapp.models import Source
from syncapp.queries.export_rows import COLUMNS, SORTS, ExportRow, export_rows
from syncapp.queries.export_text import FORMATS
from syncapp.queries.filter_names import NamedEntity, UnclearName, resolve_names

WantedFilter = ParsedFilter | ParsedEntityFilter
PART = 500  # rows: some 50 ms of a thread


@dataclass(frozen=True, slots=True)
class Export:
    """Which rows of which list, in which order, written how."""

    stream: str
    filters: SceneFilter | EntityFilter
    ending: str  # of FORMATS
    sort: str
    limit: int | None = None
    # All of them, if they are few: who reads on in parts has not to look for them anew.
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class ExportPlace:
    """How far an export is; what is left as it is here is its beginning."""

    after: str = ""
    written: int = 0  # rows


@dataclass(frozen=True, slots=True)
class ExportPart:
    text: str
    next: ExportPlace | None  # None behind the last part


@dataclass(frozen=True, slots=True)
class UnusableFilter:
    """Why there is no export: what is wrong, and which names have to be chosen."""

    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportStart:
    asked: Export
    part: ExportPart  # the first


def begin_export(
    stream: str, wanted: WantedFilter, *, ending: str, sort: str
) -> ExportStart | UnusableFilter:
    """Return the first part of an export, or why there is none."""
    filters = usable_filter(wanted)
    if isinstance(filters, UnusableFilter):
        return filters
    asked = Export(stream, filters, ending, sort, ids=few_ids(filters))
    return ExportStart(asked, export_part(asked, ExportPlace()))


def export_columns(stream: str) -> tuple[str, ...]:
    return tuple(COLUMNS[stream])


def export_sorts(stream: str) -> tuple[str, ...]:
    return tuple(SORTS[stream])


def export_part(asked: Export, place: ExportPlace) -> ExportPart:
    """Return what is written next, and where it goes on."""
    form, columns = FORMATS[asked.ending], export_columns(asked.stream)
    rows, following = list_part(asked, place)
    text = "" if place.after else form.head(columns)
    text += form.rows(columns, rows, is_first=not place.written)
    return ExportPart(text if following else text + form.tail, following)


def list_part(
    asked: Export, place: ExportPlace
) -> tuple[tuple[ExportRow, ...], ExportPlace | None]:
    """Return the next rows, and the place behind them; None at the end."""
    left = PART if asked.limit is None else min(PART, asked.limit - place.written)
    if left <= 0:
        return (), None
    rows, after = export_rows(
        asked.stream,
        asked.filters,
        asked.ids,
        sort=asked.sort,
        after=place.after,
        size=left,
    )
    written = place.written + len(rows)
    if not after or written == asked.limit:
        return rows, None
    return rows, ExportPlace(after, written)


def few_ids(filters: SceneFilter | EntityFilter) -> tuple[int, ...] | None:
    """Return the ids of the scenes that match, if they are few."""
    if isinstance(filters, EntityFilter):
        return None
    return found_scenes(filters).found.ids


def scene_count(filters: SceneFilter) -> int:
    """Return how many scenes a filter finds: all are counted."""
    return filtered_scenes(filters).count()


def usable_filter(
    parsed: WantedFilter,
) -> SceneFilter | EntityFilter | UnusableFilter:
    """Return what a parsed filter means, or why it cannot be used."""
    if isinstance(parsed, ParsedFilter):
        return usable_scene_filter(parsed)
    wrong = tuple(parsed.wrong.values())
    return UnusableFilter(wrong) if wrong else parsed.filters


def usable_scene_filter(parsed: ParsedFilter) -> SceneFilter | UnusableFilter:
    sources = dict(Source.objects.values_list("id", "name"))
    asked = resolve_names(parsed, sources)
    if parsed.wrong or asked.unclear:
        unclear = (_unclear_sentence(each) for each in asked.unclear)
        return UnusableFilter((*parsed.wrong.values(), *unclear))
    return asked.filters


def _unclear_sentence(name: UnclearName) -> str:
    kind = ENTITY_PARAMS[name.param][0]
    if not name.meant:
        return f"None of the {kind} is called “{shortened(name.text)}”."
    meant = "; ".join(_candidate(name.param, each) for each in name.meant)
    return f"Which of the {kind} is meant by “{shortened(name.text)}”? {meant}."


def _candidate(param: str, entity: NamedEntity) -> str:
    more = ", ".join(filter(None, (entity.note, entity.source)))
    called = f"{entity.name} ({more})" if more else entity.name
    return f"{param}={entity.row_id}: {called}, {entity.scene_count:,} scenes"
