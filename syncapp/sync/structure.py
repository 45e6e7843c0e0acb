"""Checks by SQL alone that the mirror fits together, and repairs its links.

No link may dangle, nothing may be left of a row that is not there, and the scene counts
have to be the number of links. Each row can be found by a search.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from syncapp.models.keys import remote_id, row_range
from syncapp.models.library import SceneFile
from syncapp.models.search import INDEX_VERSION, SEARCH, IndexState
from syncapp.sync.context import SyncContext
from syncapp.sync.dirty import AnyRows, clean, mark_dirty
from syncapp.sync.field_diff import link_name
from syncapp.sync.findings import NAMED, Findings
from syncapp.sync.reindex import search_statements
from syncapp.sync.statements import execute
from syncapp.sync.stream import Stream

BATCH = 500


def check_structure(context: SyncContext, stream: Stream, found: Findings) -> None:
    """Note what of the stream does not fit together."""
    one = stream.entity.type_name
    for what, owner, target, rows in _dangling(context, stream):
        examples = [
            f"{one} {remote_id(a)} to {what} {remote_id(b)}"
            for a, b in rows.values_list(owner, target)[:NAMED]
        ]
        found.add("dangling", examples, rows.count() if examples else 0)
    for what, column, orphans in _orphaned(context, stream):
        keys = list(orphans.values_list(column, flat=True)[:NAMED])
        examples = [f"{what} of {one} {remote_id(key)}" for key in keys]
        found.add("orphaned", examples, orphans.count() if examples else 0)
    unsearched = _unsearched(context, stream)
    numbers = list(unsearched.values_list("remote_id", flat=True)[:NAMED])
    examples = [f"{one} {number}" for number in numbers]
    found.add("unsearched", examples, unsearched.count() if examples else 0)
    miscounted = _miscounted(context, stream)
    if miscounted is not None:
        values = miscounted.values_list("remote_id", "name", "scene_count", "real")
        examples = [
            f"{one} {number} “{name}” says {told:,}, it is linked to {real:,}"
            for number, name, told, real in values[:NAMED]
        ]
        found.add("miscounted", examples, miscounted.count() if examples else 0)


def repair_links(context: SyncContext, stream: Stream) -> None:
    """Drop what is left of rows that are not there; mark rows whose links dangle."""
    for _, column, orphans in _orphaned(context, stream):
        model = orphans.model
        while keys := list(orphans.values_list(column, flat=True)[:BATCH]):
            context.reporter.check()
            with context.reporter.atomic():
                model.objects.filter(**{f"{column}__in": keys}).delete()
    for _, owner, _, rows in _dangling(context, stream):
        owners = rows.order_by().values(owner)
        marked = clean(stream.model.objects.filter(id__in=owners))
        if marked.exists():
            with context.reporter.atomic():
                mark_dirty(marked)
    unsearched = _unsearched(context, stream)
    while keys := list(unsearched.values_list("id", flat=True)[:BATCH]):
        context.reporter.check()
        with context.reporter.atomic():
            execute(search_statements(stream, keys))


def _dangling(
    context: SyncContext, stream: Stream
) -> Iterator[tuple[str, str, str, AnyRows]]:
    """Yield what is linked, the columns of owner and target, and the links to nothing.

    Those of tombstones do not count: what they linked to may be gone as well.
    """
    low, end = row_range(context.source_id)
    owners = stream.model.objects.filter(deleted_at=None)
    for table in stream.links:
        live = context.streams[table.to].model.objects.filter(deleted_at=None)
        rows = table.model.objects.filter(
            Exists(owners.filter(id=OuterRef(table.owner))),
            ~Exists(live.filter(id=OuterRef(table.target))),
            **{f"{table.owner}__gte": low, f"{table.owner}__lt": end},
        )
        what = link_name(table).removesuffix("s")
        yield what, table.owner, table.target, rows.order_by(table.owner)
    for column in stream.to_one:
        live = context.streams[column.to].model.objects.filter(deleted_at=None)
        rows = owners.filter(
            ~Exists(live.filter(id=OuterRef(column.column))),
            id__gte=low,
            id__lt=end,
            **{f"{column.column}__isnull": False},
        )
        what = column.column.removesuffix("_id")
        yield what, "id", column.column, rows.order_by("id")


def _orphaned(
    context: SyncContext, stream: Stream
) -> Iterator[tuple[str, str, AnyRows]]:
    """Yield what is left, the column of the row that is not there, and the rows."""
    low, end = row_range(context.source_id)
    owned = [(link_name(table), table.owner, table.model) for table in stream.links]
    tables: list[tuple[str, str, Any]] = list(owned)
    if stream.has_files:
        tables.append(("files", "scene_id", SceneFile))
    tables.append(("search row", "id", SEARCH[stream.model]))
    for what, column, model in tables:
        rows = model.objects.filter(
            ~Exists(stream.model.objects.filter(id=OuterRef(column))),
            **{f"{column}__gte": low, f"{column}__lt": end},
        )
        yield what, column, rows.order_by(column)


def _unsearched(context: SyncContext, stream: Stream) -> AnyRows:
    """Return the rows that have no search row; none while those are being built."""
    rows: AnyRows = stream.model.objects.none()
    if not IndexState.objects.filter(version__lt=INDEX_VERSION).exists():
        low, end = row_range(context.source_id)
        there = SEARCH[stream.model].objects.filter(pk=OuterRef("pk"))
        rows = stream.model.objects.filter(~Exists(there), id__gte=low, id__lt=end)
    return rows.order_by("id")


def _miscounted(context: SyncContext, stream: Stream) -> AnyRows | None:
    """Return the rows whose scene count is wrong, each with its `real` one.

    None for a stream that keeps no such count.
    """
    real = _real_count(context, stream)
    if real is None:
        return None
    low, end = row_range(context.source_id)
    rows: AnyRows = stream.model.objects.filter(id__gte=low, id__lt=end)
    counted = rows.annotate(real=Coalesce(Subquery(real), 0))
    wrong: AnyRows = counted.exclude(scene_count=F("real"))
    return wrong.order_by("id")


def _real_count(context: SyncContext, stream: Stream) -> AnyRows | None:
    """Return the number of live rows that link to the outer row of `stream`."""
    for owner in context.streams.values():
        live = owner.model.objects.filter(deleted_at=None)
        for table in owner.links:
            if table.counted and table.to == stream.name:
                links = table.model.objects.filter(
                    Exists(live.filter(id=OuterRef(table.owner))),
                    **{table.target: OuterRef("id")},
                )
                return _number(links, table.target, table.owner)
        for column in owner.to_one:
            if column.counted and column.to == stream.name:
                rows = live.filter(**{column.column: OuterRef("id")})
                return _number(rows, column.column, "id")
    return None


def _number(rows: AnyRows, by: str, what: str) -> AnyRows:
    numbers: AnyRows = rows.order_by().values(by).annotate(n=Count(what))
    return numbers.values("n")
