"""How a person wants the pages, as a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syncapp.models import Preferences
from syncapp.queries.columns import COLUMNS, known_columns
from syncapp.queries.paging import PAGE, page_size

THEMES: Mapping[str, str] = {
    "": "As the device has it",
    "light": "Light",
    "dark": "Dark",
}


@dataclass(frozen=True, slots=True)
class ListPreferences:
    columns: tuple[str, ...] | None = None  # None: the usual ones
    size: int = PAGE  # rows of a page


@dataclass(frozen=True, slots=True)
class PersonPreferences:
    theme: str = ""
    shortcuts: bool = True
    source_id: int | None = None  # of which lists show what they have, unasked
    lists: Mapping[str, ListPreferences] = field(default_factory=dict)

    def of_list(self, name: str) -> ListPreferences:
        return self.lists.get(name, ListPreferences())


def preferences_of(user_id: int) -> PersonPreferences:
    """Return what a person has chosen. What is no choice any more is left out."""
    row = Preferences.objects.filter(pk=user_id).first()
    if row is None:
        return PersonPreferences()
    return PersonPreferences(
        theme=row.theme if row.theme in THEMES else "",
        shortcuts=row.shortcuts,
        source_id=row.source_id,
        lists={name: _of_list(name, row.lists.get(name, {})) for name in COLUMNS},
    )


def _of_list(name: str, kept: Mapping[str, Any]) -> ListPreferences:
    columns = kept.get("columns")
    return ListPreferences(
        columns=None if columns is None else known_columns(name, columns),
        size=page_size(kept.get("size", PAGE)),
    )
