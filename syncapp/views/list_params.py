"""Reads what a list's address asks for, and writes such addresses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http.request import QueryDict

from jobs.numbers import parse_id
from syncapp.filters.query_string import ENTITY_PARAMS
from syncapp.filters.values import EntityFilter
from syncapp.queries import EntityPage, ListPreferences, ScenePage
from syncapp.queries.paging import CAP, END

NOBODY = -1  # an id that no row has
OF_PAGES = ("sort", "after", "before", "size")  # no filters
ALL_SOURCES = "all"
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


def entity_filter(asked: QueryDict) -> EntityFilter:
    return EntityFilter(
        search=asked.get("q", ""),
        favorite=asked.get("favorite") == "1",
        sources=tuple(sorted({number(text) for text in asked.getlist("source")})),
        removed=asked.get("removed") == "1",
    )


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


def entity_address(page: EntityPage, **changed: str) -> str:
    """Return the query string of this list, with these parameters in place of its own.

    An empty one is left out.
    """
    filters = page.filters
    fields = {
        "q": [filters.search],
        "favorite": ["1" if filters.favorite else ""],
        "source": source_texts(filters.sources, page.sources),
        "removed": ["1" if filters.removed else ""],
        "sort": [page.sort],
        "size": [str(page.size)],
        **{name: [text] for name, text in changed.items()},
    }
    return "?" + urlencode([(n, t) for n, texts in fields.items() for t in texts if t])


def source_texts(chosen: Sequence[int], sources: Mapping[int, str]) -> list[str]:
    """Return how an address says of which sources: of all, where that is a choice."""
    if chosen:
        return [str(source_id) for source_id in chosen]
    return [ALL_SOURCES] if len(sources) > 1 else []


def source_options(page: EntityPage) -> tuple[FilterOption, ...]:
    return tuple(
        FilterOption("source", str(key), f"from {name}", key in page.filters.sources)
        for key, name in page.sources.items()
    )


def entity_chips(page: EntityPage) -> tuple[Chip, ...]:
    filters = page.filters
    sources = [
        page.sources.get(each, "one that is not here") for each in filters.sources
    ]
    found = {
        "q": f"“{filters.search}”" if filters.search.strip() else "",
        "favorite": "favourite" if filters.favorite else "",
        "source": f"source: {' or '.join(sources)}" if sources else "",
        "removed": "removed in Stash" if filters.removed else "",
    }
    everything = {"source": ALL_SOURCES}
    return tuple(
        Chip(label, entity_address(page, **{name: everything.get(name, "")}))
        for name, label in found.items()
        if label
    )


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
