"""Drops rows that the source lost long ago; the only thing that ever drops a row."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from syncapp.models.history import HistoryEntry
from syncapp.models.keys import row_range
from syncapp.models.library import Mirrored, SceneFile
from syncapp.models.plans import NotADuplicate, SceneAnalysis
from syncapp.models.rules import Dismissal
from syncapp.models.search import SEARCH
from syncapp.sync.reporter import Reporter
from syncapp.sync.stream import LinkTable, Stream, ToOne
from syncapp.sync.streams import STREAMS

BATCH = 500
LINKING_FIRST = tuple(reversed(STREAMS))  # scenes go before what they link to


def purgeable(stream: Stream, source_id: int, before: datetime) -> "QuerySet[Any]":
    """Return the tombstones older than that, less those that a live row links to.

    Such a link stands until its row was read again, which a crash may have postponed.
    """
    low, end = row_range(source_id)
    rows = stream.model.objects.filter(id__gte=low, id__lt=end, deleted_at__lt=before)
    for owner, table in _links_to(stream):
        live = owner.model.objects.filter(
            id=OuterRef(table.owner), deleted_at=None
        ).order_by()
        links = table.model.objects.filter(**{table.target: OuterRef("id")})
        rows = rows.exclude(Exists(links.filter(Exists(live))))
    for owner, column in _columns_to(stream):
        live = owner.model.objects.filter(
            deleted_at=None, **{column.column: OuterRef("id")}
        )
        rows = rows.exclude(Exists(live))
    return rows


def purge(reporter: Reporter, source_id: int, before: datetime) -> dict[str, Any]:
    """Drop what is purgeable, batch by batch; returns how many rows of what.

    A run that was interrupted goes on with the counts that its checkpoint saved.
    """
    purged: dict[str, int] = dict((reporter.resume_from or {}).get("purged", {}))
    for stream in LINKING_FIRST:
        done = purged.get(stream.name, 0)
        total = done + purgeable(stream, source_id, before).count()
        reporter.progress(stream.name, done, total)
        for keys in _batches(stream, source_id, before):
            reporter.check()
            with reporter.atomic():
                _drop(stream, keys)
                purged[stream.name] = purged.get(stream.name, 0) + len(keys)
                # Rows that are gone are not counted twice: the sum is the way made.
                reached = (sum(purged.values()),)
                reporter.checkpoint({"purged": dict(purged)}, reached)
            reporter.progress(stream.name, purged[stream.name], total)
            reporter.counted({"purged": dict(purged)})
    return {"purged": purged}


def _batches(stream: Stream, source_id: int, before: datetime) -> Iterator[list[int]]:
    last = 0
    while True:
        rows = purgeable(stream, source_id, before).filter(id__gt=last).order_by("id")
        keys = list(rows.values_list("id", flat=True)[:BATCH])
        if not keys:
            return
        yield keys
        last = keys[-1]


def _drop(stream: Stream, keys: list[int]) -> None:
    """Delete rows with what is theirs, and other tombstones' links to them."""
    for table in stream.links:
        table.model.objects.filter(**{f"{table.owner}__in": keys}).delete()
    for _, table in _links_to(stream):
        table.model.objects.filter(**{f"{table.target}__in": keys}).delete()
    for owner, column in _columns_to(stream):
        rows: QuerySet[Mirrored] = owner.model.objects.filter(
            **{f"{column.column}__in": keys}
        )
        rows.update(**{column.column: None})
    if stream.has_files:
        _drop_of_scenes(keys)
    HistoryEntry.objects.filter(stream=stream.name, row_id__in=keys).delete()
    SEARCH[stream.model].objects.filter(id__in=keys).delete()
    stream.model.objects.filter(id__in=keys).delete()


def _drop_of_scenes(keys: list[int]) -> None:
    """Delete what is told of scenes alone; what plans changed in them stays told."""
    SceneFile.objects.filter(scene_id__in=keys).delete()
    SceneAnalysis.objects.filter(scene_id__in=keys).delete()
    Dismissal.objects.filter(scene_id__in=keys).delete()
    pairs = Q(first_id__in=keys) | Q(second_id__in=keys)
    NotADuplicate.objects.filter(pairs).delete()


def _links_to(stream: Stream) -> list[tuple[Stream, LinkTable]]:
    return [(s, table) for s in STREAMS for table in s.links if table.to == stream.name]


def _columns_to(stream: Stream) -> list[tuple[Stream, ToOne]]:
    return [(s, one) for s in STREAMS for one in s.to_one if one.to == stream.name]
