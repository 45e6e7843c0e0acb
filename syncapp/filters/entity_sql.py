"""The SQL of `EntityFilter`."""

from typing import Any

from django.db.models import QuerySet

from syncapp.filters.values import EntityFilter
from syncapp.models.library import Mirrored
from syncapp.text.folding import search_text


def filtered_entities(
    model: type[Mirrored], filters: EntityFilter
) -> "QuerySet[Any, Any]":
    """Return the rows of this table that match, in no order."""
    rows = model.objects.filter(deleted_at__isnull=not filters.removed)
    if text := search_text(filters.search):
        rows = rows.filter(name__icontains=text)
    if filters.sources:
        rows = rows.filter(source_id__in=filters.sources)
    return rows.filter(favorite=True) if filters.favorite else rows
