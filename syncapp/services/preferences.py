"""Keeps how a person wants the pages."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from syncapp.models import Preferences
from syncapp.queries.columns import COLUMNS, known_columns
from syncapp.queries.paging import page_size
from syncapp.queries.preferences import THEMES
from syncapp.services.errors import BadRequest
from syncapp.services.sources import lock_source


def set_list_columns(
    user_id: int, of_list: str, columns: Collection[str] | None, *, size: int
) -> None:
    """Keep the columns of a list and its rows a page; None: the usual columns.

    A name that the list does not have is left out. Raises BadRequest.
    """
    name = _list(of_list)
    known = None if columns is None else list(known_columns(name, columns))
    _keep_of_list(user_id, name, {"columns": known, "size": page_size(size)})


def set_source(user_id: int, source_id: int | None) -> None:
    """Keep of which source lists show what they have; None: of all.

    Raises SourceNotFound.
    """
    with transaction.atomic():
        if source_id is not None:
            lock_source(source_id)  # so that it is not removed meanwhile
        Preferences.objects.update_or_create(
            pk=user_id, defaults={"source_id": source_id}
        )


def set_theme_and_shortcuts(user_id: int, theme: str, *, shortcuts: bool) -> None:
    """Keep the colours and whether keys move through lists. Raises BadRequest."""
    if theme not in THEMES:
        msg = f"There is no theme “{theme}”."
        raise BadRequest(msg)
    Preferences.objects.update_or_create(
        pk=user_id, defaults={"theme": theme, "shortcuts": shortcuts}
    )


def _list(name: str) -> str:
    if name not in COLUMNS:
        msg = f"There is no list of {name}."
        raise BadRequest(msg)
    return name


@transaction.atomic
def _keep_of_list(user_id: int, name: str, changed: dict[str, Any]) -> None:
    """Change what is kept of one list, under a lock: it stands beside the others."""
    Preferences.objects.get_or_create(pk=user_id)
    row = Preferences.objects.select_for_update().get(pk=user_id)
    row.lists[name] = {**row.lists.get(name, {}), **changed}
    row.save(update_fields=["lists"])
