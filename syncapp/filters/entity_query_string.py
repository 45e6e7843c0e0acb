"""Reads `EntityFilter` out of the parameters of an address, and writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncapp.filters.days import read_day
from syncapp.filters.query_string import (
    A_DAY,
    A_NUMBER,
    IdParam,
    IdsParam,
    MissingParam,
    Param,
    QueryParams,
    RangeParam,
    Reading,
    SearchParam,
    WordParam,
    read_percent,
    read_whole,
    written_params,
)
from syncapp.filters.values import EntityFilter, EntityMissing

PARAMS: Mapping[str, Param] = {
    "search": SearchParam("q"),
    "missing": MissingParam("none", EntityMissing),
    "scenes": RangeParam("scenes", read_whole, A_NUMBER),
    "rating": RangeParam("rating", read_percent, "a number up to 100"),
    "added": RangeParam("added", read_day, A_DAY),
    "updated": RangeParam("updated", read_day, A_DAY),
    "changed": RangeParam("changed", read_day, A_DAY),
    "favorite": WordParam("favorite", {"1": True}, without=False),
    "sources": IdsParam("source", "the id of a source"),
    "job": IdParam("job"),
    "removed": WordParam("removed", {"1": True}, without=False),
}
UNKNOWN: Mapping[str, frozenset[str]] = {"tags": frozenset({"rating"})}


@dataclass(frozen=True, slots=True)
class ParsedEntityFilter:
    """What parameters ask for, as far as it can be read; `wrong`: a sentence each."""

    filters: EntityFilter
    wrong: Mapping[str, str] = field(default_factory=dict)


def params_of(stream: str) -> Mapping[str, Param]:
    """Return the parameters of performers, tags or studios, by field."""
    without = UNKNOWN.get(stream, frozenset())
    return {name: param for name, param in PARAMS.items() if name not in without}


def parse_entity_filter(stream: str, params: QueryParams) -> ParsedEntityFilter:
    """Return what these parameters ask for; one that no such filter has is wrong."""
    reading = Reading(params)
    values = reading.values(params_of(stream))
    return ParsedEntityFilter(EntityFilter(**values), reading.wrong)


def entity_filter_params(filters: EntityFilter) -> list[tuple[str, str]]:
    """Return the parameters that ask for this filter, in one order."""
    return written_params(PARAMS, filters)
