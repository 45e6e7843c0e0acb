"""Rows that the next sync reads again, whatever the index says of them: the dirty ones.

Dirty is a content hash of 0, which no record has. It is read here alone. Rows that are
there are marked here; a page that is being written gives its own rows the same hash.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from syncapp.models.keys import remote_id, row_range
from syncapp.models.library import DIRTY, Mirrored
from syncapp.sync.reporter import Reporter
from syncapp.sync.stream import Stream

AnyRows = QuerySet[Any, Any]


def dirty_rows(model: type[Mirrored], source_id: int) -> AnyRows:
    """Return the live rows of a source that must be read again."""
    low, end = row_range(source_id)
    return model.objects.filter(
        source_id=source_id,
        id__gte=low,
        id__lt=end,
        content_hash=DIRTY,
        deleted_at=None,
    )


def dirty_ids(model: type[Mirrored], source_id: int) -> list[int]:
    """Return their remote ids, ascending."""
    keys = dirty_rows(model, source_id).order_by("id").values_list("id", flat=True)
    return [remote_id(key) for key in keys]


def clean(rows: AnyRows) -> AnyRows:
    """Return those of `rows` that are not dirty."""
    return rows.exclude(content_hash=DIRTY)


def mark_dirty(rows: AnyRows) -> None:
    """Mark rows to be read again; to be called in a transaction of the run's."""
    rows.update(content_hash=DIRTY)


def mark_dirty_by_key(
    stream: Stream, keys: Collection[int], reporter: Reporter
) -> None:
    """Mark live rows, named by row id, in a transaction of its own if there are any."""
    rows = stream.model.objects.filter(id__in=keys, deleted_at=None)
    if clean(rows).exists():
        with reporter.atomic():
            mark_dirty(rows)


def mark_linking_dirty(owner: Stream, target: Stream, keys: Iterable[int]) -> None:
    """Mark live rows of `owner` that link to rows `keys` of `target`.

    Stash rewrites the links of a scene when a tag is merged or deleted, and leaves the
    scene's `updated_at` as it was: without this mark nobody would look at it.
    """
    live = owner.model.objects.filter(deleted_at=None)
    for table in owner.links:
        if table.to == target.name:
            owners = table.model.objects.filter(**{f"{table.target}__in": keys})
            mark_dirty(live.filter(id__in=owners.values(table.owner)))
    for column in owner.to_one:
        if column.to == target.name:
            mark_dirty(live.filter(**{f"{column.column}__in": keys}))
