"""The one form of a filter's query string, of whichever list: what is kept by a name.

Two query strings ask for the same filter if this is the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from urllib.parse import parse_qs, urlencode

from syncapp.filters.query_string import (
    Param,
    ParsedFilter,
    QueryParams,
    Reading,
    TextParam,
    WordParam,
    filter_params,
    parse_scene_filter,
    shortened,
)
from syncapp.filters.values import EntityFilter

# What an address holds beside its filter: order, size and place of a page.
OF_PAGES = ("sort", "size", "after", "before")
MOST_FIELDS = 1_000
ENTITY_FIELDS: Mapping[str, Param] = {
    "search": TextParam("q"),
    "favorite": WordParam("favorite", {"1": True}, without=False),
    "removed": WordParam("removed", {"1": True}, without=False),
}


@dataclass(frozen=True, slots=True)
class CanonicalQuery:
    """A filter's query string, without order and place of a page."""

    text: str  # empty if the filter narrows nothing
    wrong: tuple[str, ...] = ()  # a sentence for each part that cannot be read


def query_params(query: str) -> QueryParams:
    """Return the parameters of a query string, without those of pages.

    Raises ValueError for one with more fields than any list has.
    """
    found = parse_qs(query.removeprefix("?"), max_num_fields=MOST_FIELDS)
    return {name: texts for name, texts in found.items() if name not in OF_PAGES}


def asked_order(query: str) -> str:
    """Return the order that a query string asks for; empty if it asks for none."""
    return parse_qs(query.removeprefix("?")).get("sort", [""])[0]


def canonical_query(stream: str, query: str) -> CanonicalQuery:
    """Return the one form of a query string of this list; names in it are wrong.

    Names have to be chosen first: what one means may change with the next sync.
    """
    try:
        params = query_params(query)
    except ValueError:
        return CanonicalQuery("", ("These are more fields than a list has.",))
    if stream == "scenes":
        return _of_scenes(parse_scene_filter(params))
    filters, wrong = parse_entity_filter(params)
    return _canonical(entity_filter_params(filters), wrong.values())


def _of_scenes(parsed: ParsedFilter) -> CanonicalQuery:
    names = [text for texts in parsed.names.values() for text in texts]
    unclear = [f"“{shortened(text)}” is a name, and not chosen." for text in names]
    return _canonical(filter_params(parsed.filters), [*parsed.wrong.values(), *unclear])


def parse_entity_filter(params: QueryParams) -> tuple[EntityFilter, Mapping[str, str]]:
    """Return a filter of performers, tags or studios, and what is wrong with it."""
    reading = Reading(params)
    values = {name: param.read(reading) for name, param in ENTITY_FIELDS.items()}
    for name in reading.unknown():
        reading.wrong[name] = f"There is no filter “{shortened(name)}”."
    return EntityFilter(**values), reading.wrong


def entity_filter_params(filters: EntityFilter) -> list[tuple[str, str]]:
    """Return the parameters that ask for this filter, in one order."""
    return [
        pair
        for each in fields(filters)
        for pair in ENTITY_FIELDS[each.name].write(getattr(filters, each.name))
    ]


def _canonical(
    pairs: Iterable[tuple[str, str]], wrong: Iterable[str]
) -> CanonicalQuery:
    return CanonicalQuery(urlencode(list(pairs)), tuple(wrong))
