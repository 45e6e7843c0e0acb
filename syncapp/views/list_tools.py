"""What stands beside every list: its saved filters, and the way to it as a file."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from jobs.viewer import Viewer
from syncapp.filters.query_string import filter_params
from syncapp.queries import EntityPage, SavedFilterLine, ScenePage
from syncapp.views.list_params import OF_PAGES, entity_query_params
from syncapp.views.saved_bar import saved_bar

OFFERED = ("csv", "json")


def of_scenes(
    page: ScenePage, saved: Sequence[SavedFilterLine], viewer: Viewer, *, usable: bool
) -> dict[str, Any]:
    """Return it for the list of scenes; `usable`: nothing of its filter is wrong."""
    pairs = filter_params(page.filters) if usable else []
    query = urlencode(pairs)
    exports = _exports("scenes", [*pairs, ("sort", page.sort)])
    bar = saved_bar(saved, viewer, stream="scenes", query=query, order=_order(page))
    return {"saved": bar, "exports": exports if usable else ()}


def of_entities(
    stream: str, page: EntityPage, saved: Sequence[SavedFilterLine], viewer: Viewer
) -> dict[str, Any]:
    asked = entity_query_params(page).items()
    pairs = [(name, text) for name, text in asked if text and name not in OF_PAGES]
    exports = _exports(stream, [*pairs, ("sort", page.sort)])
    query = urlencode(pairs)
    bar = saved_bar(saved, viewer, stream=stream, query=query, order=_order(page))
    return {"saved": bar, "exports": exports}


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
