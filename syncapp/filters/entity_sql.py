"""The SQL of `EntityFilter`."""

from typing import Any

from django.db.models import QuerySet

from syncapp.filters.search_sql import search_condition
from syncapp.filters.values import EntityFilter
from syncapp.models.library import Mirrored


def filtered_entities(
    model: type[Mirrored], filters: EntityFilter
) -> "QuerySet[Any, Any]":
    """Return the rows of this table that match, in no order."""
    rows = model.objects.filter(deleted_at__isnull=not filters.removed)
    if (found := search_condition(model, filters.search)) is not None:
        rows = rows.filter(found)
    return rows.filter(favorite=True) if filters.favorite else rows
