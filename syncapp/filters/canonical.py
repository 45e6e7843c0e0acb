"""The one form of a filter's query string, of whichever list: what is kept by a name.

Two query strings ask for the same filter if this is the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from syncapp.filters.entity_query_string import (
    entity_filter_params,
    parse_entity_filter,
)
from syncapp.filters.query_string import (
    ParsedFilter,
    QueryParams,
    filter_params,
    parse_scene_filter,
    shortened,
)

# What an address holds beside its filter: order, size and place of a page.
OF_PAGES = ("sort", "size", "after", "before", "view")
MOST_FIELDS = 1_000
ALL_SOURCES = "all"  # said by an address that names no source


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
    if found.get("source") == [ALL_SOURCES]:
        del found["source"]
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
    parsed = parse_entity_filter(stream, params)
    return _canonical(entity_filter_params(parsed.filters), parsed.wrong.values())


def _of_scenes(parsed: ParsedFilter) -> CanonicalQuery:
    names = [text for texts in parsed.names.values() for text in texts]
    unclear = [f"“{shortened(text)}” is a name, and not chosen." for text in names]
    return _canonical(filter_params(parsed.filters), [*parsed.wrong.values(), *unclear])


def _canonical(
    pairs: Iterable[tuple[str, str]], wrong: Iterable[str]
) -> CanonicalQuery:
    return CanonicalQuery(urlencode(list(pairs)), tuple(wrong))
