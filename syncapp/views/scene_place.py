"""Which list a scene was opened from: it stands in the address of the scene's page.

It is the list's own query string, so the way back leads to the same page of the same
list, and nowhere else.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http.request import QueryDict
from django.urls import reverse

from syncapp.filters.canonical import OF_PAGES
from syncapp.filters.query_string import ENTITY_PARAMS, ParsedFilter, filter_params
from syncapp.queries import Neighbours, ScenePage
from syncapp.views.list_params import encoded, with_source
from syncapp.views.scene_params import parsed_filter

LONGEST = 2_000  # characters of a list's query string; of a longer one there is no way
RESYNC = "resync"  # the job that reads the scene again
ORIGIN = "from"  # "performer": not the list, but the page of the one it is narrowed to
ORIGINS = ("performer", "tag", "studio")


@dataclass(frozen=True, slots=True)
class ScenePlace:
    """A list as a scene's address names it, and what leads on from there."""

    query: str  # goes on to the next scene; empty without a list
    parsed: ParsedFilter | None
    sort: str
    back_url: str
    origin: str = ""  # what the way back leads to, if not to the list


def place_query(asked: QueryDict, page: ScenePage) -> str:
    """Return the query string of this very page of a list, for links of its rows."""
    of_page = {name: asked.get(name, "") for name in OF_PAGES} | {"sort": page.sort}
    query = encoded(filter_params(page.filters), page, **of_page)
    return query if len(query) <= LONGEST else ""


def scene_place(asked: QueryDict) -> ScenePlace:
    """Return the list that the address of a scene's page names, if it names one."""
    told = asked.copy()
    told.pop(RESYNC, None)
    query = told.urlencode()
    origin = "".join(told.pop(ORIGIN, [])[:1])
    scenes = reverse("syncapp:scenes")
    if not told or len(query) > LONGEST:
        return ScenePlace("", None, "", scenes)
    parsed = parsed_filter(with_source(told, None))
    sort = told.get("sort", "")
    if page := _page_of(origin, parsed):
        return ScenePlace(query, parsed, sort, page, origin)
    return ScenePlace(query, parsed, sort, f"{scenes}?{told.urlencode()}")


def _page_of(origin: str, parsed: ParsedFilter) -> str:
    """Return the page of the one that a list is narrowed to; "" if it is not one."""
    if origin not in ORIGINS:
        return ""
    field, part = ENTITY_PARAMS[origin]
    chosen = getattr(getattr(parsed.filters, field), part)
    return reverse(f"syncapp:{origin}", args=chosen) if len(chosen) == 1 else ""


def scene_url(scene_id: int, place: ScenePlace, *, job_id: int | None = None) -> str:
    """Return the address of a scene in the same list."""
    job = "" if job_id is None else urlencode({RESYNC: job_id})
    query = "&".join(filter(None, (place.query, job)))
    url = reverse("syncapp:scene", args=[scene_id])
    return f"{url}?{query}" if query else url


def ways(place: ScenePlace, beside: Neighbours | None) -> dict[str, str]:
    """Return the addresses of the scenes before and after; "" at an end of the list."""
    found = {
        "previous_url": beside.before if beside else None,
        "next_url": beside.after if beside else None,
    }
    return {
        name: "" if key is None else scene_url(key, place)
        for name, key in found.items()
    }
