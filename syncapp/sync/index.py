"""Compares the index of a source with the mirror: what to read, what is gone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from syncapp.models.keys import row_id, row_range
from syncapp.models.library import DIRTY, Mirrored
from syncapp.stash.shapes import IndexRow
from syncapp.sync.streams.fields import is_another_time

ROWS = 5_000  # of the index, that are compared at once


@dataclass(slots=True)
class IndexDiff:
    """Where index and mirror differ. `to_read` are remote ids, `gone` row ids."""

    to_read: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    listed: int = 0  # rows of the index
    known: int = 0  # of them, alive in the mirror
    # Of the known, counted from 0, those made at another time than ours.
    replaced: list[int] = field(default_factory=list)
    mirrored: int = 0  # rows alive in the mirror


def diff_index(
    model: type[Mirrored], source_id: int, pages: Iterable[list[IndexRow]]
) -> IndexDiff:
    """Compare index and mirror.

    A record differs when it is unknown, tombstoned, dirty, unsettled, or when a time
    stamp of it is not the very text that we keep: no clock or zone decides, for a
    source's text may run backwards (a summer-time night, an import, a restored backup).
    """
    result = IndexDiff()
    for page, mirror in side_by_side(
        model, source_id, _gathered(pages), ("unsettled",)
    ):
        result.mirrored += len(mirror)
        result.listed += len(page)
        for row in page:
            ours = mirror.pop(row_id(source_id, row.remote_id), None)
            if ours is None:
                result.to_read.append(row.remote_id)
                continue
            created, updated, content_hash, unsettled = ours
            if is_another_time(created, row.created_at):
                result.replaced.append(result.known)
            result.known += 1
            same = (created, updated) == (row.created_at, row.updated_at)
            if not same or content_hash == DIRTY or unsettled:
                result.to_read.append(row.remote_id)
        result.gone.extend(sorted(mirror))
    return result


def side_by_side(
    model: type[Mirrored],
    source_id: int,
    pages: Iterable[Sequence[IndexRow]],
    columns: tuple[str, ...],
) -> Iterator[tuple[Sequence[IndexRow], dict[int, list[Any]]]]:
    """Walk index and mirror together, both ascending by id.

    Yields each page with the live rows that belong between its ids: by row id, the
    texts of both time stamps, the content hash, then `columns`. Last comes an empty
    page, with the rows behind the index.
    """
    low, end = row_range(source_id)
    wanted = ("id", "remote_created_text", "remote_updated_text", "content_hash")
    for page in chain(pages, [()]):
        high = row_id(source_id, page[-1].remote_id) + 1 if page else end
        rows = model.objects.filter(id__gte=low, id__lt=high, deleted_at=None)
        found = rows.values_list(*wanted, *columns)
        yield page, {key: rest for key, *rest in found}
        low = high


def _gathered(pages: Iterable[list[IndexRow]]) -> Iterator[list[IndexRow]]:
    rows: list[IndexRow] = []
    for page in pages:
        rows += page
        if len(rows) >= ROWS:
            yield rows
            rows = []
    if rows:
        yield rows
