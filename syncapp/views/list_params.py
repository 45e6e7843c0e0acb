"""Reads what a list's address asks for, and writes such addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http.request import QueryDict

from jobs.numbers import parse_id
from syncapp.queries import EntityPage, ScenePage

NOBODY = -1  # an id that no row has
OF_PAGES = ("sort", "after", "size")  # no filters


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address of the list without it."""

    label: str
    without: str


def encoded(
    pairs: Sequence[tuple[str, str]], page: "ScenePage | EntityPage", after: str = ""
) -> str:
    """Return the query string of a list with this filter, in this order and size."""
    of_page = [("sort", page.sort), ("size", str(page.size)), ("after", after)]
    return "?" + urlencode([*pairs, *(pair for pair in of_page if pair[1])])


def page_params(asked: QueryDict) -> dict[str, Any]:
    """Return order, size and place of a page, as every list takes them."""
    return {
        "sort": asked.get("sort", ""),
        "after": asked.get("after", ""),
        "size": number(asked.get("size", "")),
    }


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
