"""All scenes that match a filter: how many, whose, and which, before work on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from syncapp.filters.query_string import ParsedFilter
from syncapp.filters.scene_sql import filtered_scenes
from syncapp.filters.values import SceneFilter
from syncapp.models import Source
from syncapp.models.packed_ids import RowIds, gather
from syncapp.queries.entity_list import EntityRef
from syncapp.queries.filter_names import NamedEntity, UnclearName, resolve_names
from syncapp.queries.scene_titles import titles_of_scenes
from syncapp.stash.bounds import RECORDS

CHUNK = 10_000  # ids that are fetched together
SAMPLES = 8


@dataclass(frozen=True, slots=True)
class MatchingScenes:
    """What a filter finds, as one is shown it who is about to have it worked on."""

    filters: SceneFilter
    chosen: Mapping[str, Mapping[int, NamedEntity]]  # whom the filter names, by field
    sources: Mapping[int, str]  # names by row id
    # Names that were typed and have to be chosen first: then nothing is found.
    unclear: tuple[UnclearName, ...] = ()
    count: int = 0
    too_many: bool = False  # more than can be worked on at once; `count` is the most
    digest: str = ""  # of all their ids: the same scenes, the same digest
    by_source: tuple[tuple[str, int], ...] = ()  # (its name, scenes)
    samples: tuple[EntityRef, ...] = ()


def matching_scenes(parsed: ParsedFilter) -> MatchingScenes:
    """Return what matches; a fixed number of queries for each name that was typed.

    A filter of which something is wrong or unclear finds nothing.
    """
    return find_matching(parsed)[0]


def find_matching(parsed: ParsedFilter) -> tuple[MatchingScenes, RowIds]:
    """Return what `matching_scenes` does, with the ids: they go no further up."""
    sources = dict(Source.objects.values_list("id", "name"))
    asked = resolve_names(parsed, sources)
    if parsed.wrong or asked.unclear:
        nothing = MatchingScenes(asked.filters, asked.chosen, sources, asked.unclear)
        return nothing, RowIds(())
    ids = _ids(asked.filters)
    page = MatchingScenes(
        filters=asked.filters,
        chosen=asked.chosen,
        sources=sources,
        count=min(ids.count, RECORDS),
        too_many=ids.count > RECORDS,
        digest=ids.digest,
        by_source=tuple(
            (sources.get(each.source_id, ""), each.count) for each in ids.sources
        ),
        samples=_titles(ids.some(SAMPLES)),
    )
    return page, ids


def _ids(filters: SceneFilter) -> RowIds:
    """Return the row ids; they come out of one statement, some at a time."""
    rows = filtered_scenes(filters).order_by("id").values_list("id", flat=True)
    return gather(islice(rows.iterator(chunk_size=CHUNK), RECORDS + 1))


def _titles(ids: Sequence[int]) -> tuple[EntityRef, ...]:
    return tuple(EntityRef(key, title) for key, title in titles_of_scenes(ids).items())
