"""Which columns a list shows, what their headers lead to, and which are offered."""

from collections.abc import Callable
from dataclasses import dataclass

from syncapp.queries import EntityPage, PersonPreferences, ScenePage
from syncapp.queries.columns import COLUMNS, NAMES, SOURCE, Column, usual_columns


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a column; one that sorts has an address."""

    name: str
    label: str
    address: str
    sorted: str  # as `aria-sort` says it; empty if the list is in another order
    is_number: bool


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    name: str
    label: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class ListTable:
    """What a list shows of each row."""

    of_list: str
    headers: tuple[Header, ...]
    columns: tuple[str, ...]  # names, without that of the first
    is_usual: bool  # nobody chose them: narrow screens leave some out
    choices: tuple[ColumnChoice, ...]


def columns_of(of_list: str, preferences: PersonPreferences) -> tuple[str, ...]:
    chosen = preferences.of_list(of_list).columns
    return usual_columns(of_list) if chosen is None else chosen


def list_table(
    of_list: str,
    page: ScenePage | EntityPage,
    preferences: PersonPreferences,
    address: Callable[..., str],
) -> ListTable:
    names = columns_of(of_list, preferences)
    offered = [each for each in COLUMNS[of_list] if _is_there(each, page)]
    shown = [each for each in offered if each.name in names]
    headers = (NAMES[of_list], *shown)
    return ListTable(
        of_list=of_list,
        headers=tuple(_header(each, page.sort, address) for each in headers),
        columns=tuple(each.name for each in shown),
        is_usual=preferences.of_list(of_list).columns is None,
        choices=tuple(
            ColumnChoice(each.name, each.label, each.name in names) for each in offered
        ),
    )


def _is_there(column: Column, page: ScenePage | EntityPage) -> bool:
    return column is not SOURCE or len(page.sources) > 1


def _header(column: Column, sort: str, address: Callable[..., str]) -> Header:
    label, is_number = column.label, column.is_number
    if column.sorts is None:
        return Header(column.name, label, "", "", is_number)
    first, again = column.sorts
    way = (
        ("descending" if sort.startswith("-") else "ascending")
        if sort in column.sorts
        else ""
    )
    leads_to = address(sort=again if sort == first else first)
    return Header(column.name, label, leads_to, way, is_number)
