"""The saved filters beside a list, and the way to keep the one that is on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from jobs.viewer import Viewer
from syncapp import services
from syncapp.filters.canonical import ALL_SOURCES, canonical_query
from syncapp.queries import SavedFilterLine

SHOWN = 8  # beside each other; the others are in a menu


@dataclass(frozen=True, slots=True)
class SavedLink:
    filter_id: int
    name: str
    note: str  # whose it is, or that it cannot be read
    address: str  # empty if it cannot be read
    is_current: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class SavedBar:
    stream: str
    first: tuple[SavedLink, ...]
    others: tuple[SavedLink, ...]
    query: str  # of the filter that is on, to be kept; empty if it is kept already
    order: tuple[tuple[str, str], ...]  # and length of pages, which a link keeps

    @property
    def current(self) -> SavedLink | None:
        return next((x for x in (*self.first, *self.others) if x.is_current), None)


def saved_bar(
    lines: Sequence[SavedFilterLine],
    viewer: Viewer,
    *,
    stream: str,
    query: str,
    order: Mapping[str, str],
) -> SavedBar:
    """Return the bar of a list; `query`: its filter, empty if it cannot be used."""
    found = canonical_query(stream, query)
    on = "" if found.wrong else found.text
    kept_order = tuple((name, text) for name, text in order.items() if text)
    links = [_link(line, viewer, on, kept_order) for line in lines]
    links.sort(key=lambda link: not link.is_current)
    is_kept = any(
        line.query == on and line.owner_id == viewer.user_id for line in lines
    )
    return SavedBar(
        stream=stream,
        first=tuple(links[:SHOWN]),
        others=tuple(links[SHOWN:]),
        query="" if is_kept else on,
        order=kept_order,
    )


def may_change(line: SavedFilterLine, viewer: Viewer) -> bool:
    """Return whether this viewer may change a filter that they see."""
    return line.owner_id == viewer.user_id or viewer.may(services.CHANGE_FILTER)


def may_delete(line: SavedFilterLine, viewer: Viewer) -> bool:
    return line.owner_id == viewer.user_id or viewer.may(services.DELETE_FILTER)


def _link(
    line: SavedFilterLine, viewer: Viewer, on: str, order: Iterable[tuple[str, str]]
) -> SavedLink:
    is_own = line.owner_id == viewer.user_id
    note = "" if is_own else f"by {line.owner}"
    return SavedLink(
        filter_id=line.filter_id,
        name=line.name,
        note="cannot be read any more" if line.wrong else note,
        address="" if line.wrong else list_query(line.query, order),
        is_current=bool(on) and line.query == on,
        may_change=may_change(line, viewer) or may_delete(line, viewer),
    )


def list_query(query: str, order: Iterable[tuple[str, str]]) -> str:
    """Return the address of a saved filter; without a source it is of all of them."""
    of_all = [] if "source" in parse_qs(query) else [("source", ALL_SOURCES)]
    return "?" + "&".join(filter(None, (query, urlencode([*of_all, *order]))))
