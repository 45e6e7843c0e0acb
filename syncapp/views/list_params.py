"""Reads what a list's address asks for, and writes such addresses."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http.request import QueryDict

from jobs.numbers import parse_id
from syncapp.filters.canonical import ALL_SOURCES
from syncapp.filters.query_string import ENTITY_PARAMS
from syncapp.queries import EntityPage, ListPreferences, ScenePage
from syncapp.queries.paging import CAP, END

ParamPair = tuple[str, str]
NOBODY = -1  # an id that no row has
# What names a row, and so its source.
NAMES_A_ROW = (*ENTITY_PARAMS, "job")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address of the list without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class FilterOption:
    """A box to tick, or one to choose of several."""

    name: str
    value: str
    label: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Pager:
    """The ways through a list, and where in it its page is."""

    first: str  # an address each; empty where there is nothing to lead to
    previous: str
    next: str
    last: str
    place: str  # where the page is: its first and last row, of how many


def with_source(asked: QueryDict, usual: int | None) -> QueryDict:
    """Return what is asked for, with the source that this person shows unasked.

    It counts where the address names none, and nothing of another one. An address that
    says `source=all` means all of them.
    """
    told = asked.copy()
    if "source" in asked:
        ids = [
            text for text in asked.getlist("source") if text not in {"", ALL_SOURCES}
        ]
        told.setlist("source", ids)
    elif usual is not None and not any(asked.get(name) for name in NAMES_A_ROW):
        told["source"] = str(usual)
    return told


def page_params(asked: QueryDict, usual: ListPreferences) -> dict[str, Any]:
    """Return order, size and place of a page, as every list takes them."""
    size = asked.get("size", "")
    return {
        "sort": asked.get("sort", ""),
        "after": asked.get("after", ""),
        "before": asked.get("before", ""),
        "size": number(size) if size else usual.size,
    }


def pager(page: ScenePage | EntityPage, address: Callable[..., str]) -> Pager:
    """Return the ways from a page; `address` writes one, with a place in it."""
    return Pager(
        first=address() if page.previous else "",
        previous=address(before=page.previous) if page.previous else "",
        next=address(after=page.next) if page.next else "",
        last=address(before=END) if page.next else "",
        place=_place(page),
    )


def _place(page: ScenePage | EntityPage) -> str:
    of = f"{page.found.number:,}{'+' if page.found.more else ''}"
    if page.begins is None:
        return f"behind the first {CAP:,} of {of}"
    begins, ends = page.begins + 1, page.begins + len(page.rows)
    return f"{begins:,}\N{EN DASH}{ends:,} of {of}" if ends else ""


def encoded(
    pairs: Sequence[ParamPair], page: ScenePage | EntityPage, **changed: str
) -> str:
    """Return the query string of a list with this filter, in this order and size.

    `changed`: other parameters of the page, such as its order or a place in it.
    """
    of_page = {"sort": page.sort, "size": str(page.size), **changed}
    if not any(name == "source" for name, _ in pairs) and len(page.sources) > 1:
        of_page = {"source": ALL_SOURCES, **of_page}
    return "?" + urlencode([*pairs, *(pair for pair in of_page.items() if pair[1])])


def grouped(
    pairs: Sequence[ParamPair], ranges: Container[str]
) -> list[list[ParamPair]]:
    """Return the two ends of a range together, all other pairs each for itself."""
    groups: list[list[ParamPair]] = []
    for name, value in pairs:
        field, _, end = name.rpartition("_")
        is_range = field in ranges and end == "to"
        if is_range and groups and groups[-1][0][0] == f"{field}_from":
            groups[-1].append((name, value))
        else:
            groups.append([(name, value)])
    return groups


def in_between(low: str, high: str) -> str:
    """Return both ends of a range in words."""
    return low if low == high else f"{low} \N{EN DASH} {high}"


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
