"""The SQL of `EntityFilter`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from syncapp.filters.ranges import MOMENTS, in_days, within
from syncapp.filters.search_sql import search_condition
from syncapp.filters.values import EntityFilter, EntityMissing
from syncapp.models.library import Mirrored

LACKS: Mapping[EntityMissing, Q] = {
    EntityMissing.ALIASES: Q(aliases=[]),
    EntityMissing.STASH_IDS: Q(stash_ids=[]),
    EntityMissing.SCENES: Q(scene_count=0),
}


def filtered_entities(
    model: type[Mirrored], filters: EntityFilter
) -> "QuerySet[Any, Any]":
    """Return the rows of this table that match, in no order.

    Days are those of the current zone.
    """
    rows = model.objects.filter(deleted_at__isnull=not filters.removed)
    if (found := search_condition(model, filters.search)) is not None:
        rows = rows.filter(found)
    for condition in _conditions(filters):
        rows = rows.filter(condition)
    return rows


def _conditions(filters: EntityFilter) -> Iterable[Q]:
    yield from (LACKS[each] for each in filters.missing)
    yield within("scene_count", filters.scenes)
    yield within("rating100", filters.rating)
    today = timezone.localdate()
    for name, column in MOMENTS.items():
        yield in_days(column, getattr(filters, name), today)
    if filters.favorite:
        yield Q(favorite=True)
    if filters.sources:
        yield Q(source_id__in=filters.sources)
    if filters.job is not None:
        yield Q(changed_by_job=filters.job)
