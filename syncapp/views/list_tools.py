"""What stands beside every list: its saved filters, and the way to it as a file."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from jobs.viewer import Viewer
from syncapp.filters.entity_query_string import (
    ParsedEntityFilter,
    entity_filter_params,
)
from syncapp.filters.query_string import filter_params
from syncapp.queries import EntityPage, SavedFilterLine, ScenePage
from syncapp.views.saved_bar import saved_bar

OFFERED = ("csv", "json")


def of_scenes(
    page: ScenePage, saved: Sequence[SavedFilterLine], viewer: Viewer, *, usable: bool
) -> dict[str, Any]:
    """Return it for the list of scenes; `usable`: nothing of its filter is wrong."""
    pairs = filter_params(page.filters) if usable else None
    return _tools("scenes", pairs, page, saved, viewer)


def of_entities(
    stream: str,
    page: EntityPage,
    saved: Sequence[SavedFilterLine],
    viewer: Viewer,
    *,
    parsed: ParsedEntityFilter,
) -> dict[str, Any]:
    pairs = None if parsed.wrong else entity_filter_params(page.filters)
    return _tools(stream, pairs, page, saved, viewer)


def _tools(
    stream: str,
    pairs: Sequence[tuple[str, str]] | None,
    page: ScenePage | EntityPage,
    saved: Sequence[SavedFilterLine],
    viewer: Viewer,
) -> dict[str, Any]:
    """`pairs`: the filter of a list; None if it cannot be used."""
    query = urlencode(pairs or [])
    bar = saved_bar(saved, viewer, stream=stream, query=query, order=_order(page))
    if pairs is None:
        return {"saved": bar, "exports": ()}
    return {
        "saved": bar,
        "exports": _exports(stream, [*pairs, ("sort", page.sort)]),
    }


def _order(page: ScenePage | EntityPage) -> dict[str, str]:
    return {"sort": page.sort, "size": str(page.size)}


def _exports(
    stream: str, pairs: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Return each way to write the list, and the address that does it."""
    return tuple(
        (kind.upper(), f"{reverse(f'syncapp:export_{stream}', args=[kind])}?{query}")
        for query in [urlencode(pairs)]
        for kind in OFFERED
    )
