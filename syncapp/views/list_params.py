"""Reads what a list's address asks for, and writes such addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http.request import QueryDict

from jobs.numbers import parse_id
from syncapp.filters.values import EntityFilter
from syncapp.queries import EntityPage

NOBODY = -1  # an id that no row has
OF_PAGES = ("sort", "after", "size", "view")  # no filters


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address of the list without it."""

    label: str
    without: str


def entity_filter(asked: QueryDict) -> EntityFilter:
    return EntityFilter(
        search=asked.get("q", ""),
        favorite=asked.get("favorite") == "1",
        removed=asked.get("removed") == "1",
    )


def page_params(asked: QueryDict) -> dict[str, Any]:
    """Return order, size and place of a page, as every list takes them."""
    return {
        "sort": asked.get("sort", ""),
        "after": asked.get("after", ""),
        "size": number(asked.get("size", "")),
    }


def entity_query_params(page: EntityPage) -> dict[str, str]:
    """Return what has to stand in an address to ask for the same list."""
    return {
        "q": page.filters.search,
        "favorite": "1" if page.filters.favorite else "",
        "removed": "1" if page.filters.removed else "",
        "sort": page.sort,
        "size": str(page.size),
    }


def entity_chips(page: EntityPage, query_params: Mapping[str, str]) -> tuple[Chip, ...]:
    filters = page.filters
    found = {
        "q": f"“{filters.search}”" if filters.search.strip() else "",
        "favorite": "favourite" if filters.favorite else "",
        "removed": "removed in Stash" if filters.removed else "",
    }
    return _chips(found, query_params)


def _chips(
    found: Mapping[str, str], query_params: Mapping[str, str]
) -> tuple[Chip, ...]:
    return tuple(
        Chip(label, query_string({**query_params, name: ""}))
        for name, label in found.items()
        if label
    )


def query_string(fields: Mapping[str, str]) -> str:
    """Return the query string of these fields; those that are empty are left out."""
    return "?" + urlencode({name: text for name, text in fields.items() if text})


def next_page_query(after: str, query_params: Mapping[str, str]) -> str:
    """Return the query string of the following page; empty on the last."""
    return query_string({**query_params, "after": after}) if after else ""


def listed_values(form: QueryDict, name: str) -> list[str]:
    """Return a field's values: it may repeat, or hold several between commas."""
    parts = ",".join(form.getlist(name)).split(",")
    return [part.strip() for part in parts if part.strip()]


def listed_ids(form: QueryDict) -> list[int]:
    """Return the chosen row ids; NOBODY for each that is no id."""
    return [number(text) for text in listed_values(form, "ids")]


def number(text: str) -> int:
    """Return the id that `text` spells; NOBODY if it spells none."""
    found = parse_id(text)
    return NOBODY if found is None else found
