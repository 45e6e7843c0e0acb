"""Compares the index of a source with the mirror: what to read, what is gone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from syncapp.models.keys import remote_id, row_id, row_range
from syncapp.models.library import Mirrored
from syncapp.stash.shapes import IndexRow

ROWS = 5_000  # of the index, that are compared at once


@dataclass(slots=True)
class Difference:
    """Where index and mirror differ. `to_read` are remote ids, `gone` row ids."""

    to_read: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    listed: int = 0  # rows of the index
    known: int = 0  # of them, alive in the mirror
    replaced: int = 0  # of the known, those made at another time than ours
    mirrored: int = 0  # rows alive in the mirror


def compare(
    model: type[Mirrored], source_id: int, pages: Iterable[list[IndexRow]]
) -> Difference:
    """Walk index and mirror side by side, both ascending by id.

    A record differs when it is unknown, tombstoned, dirty, unsettled, or when a time
    stamp of it is not the very text that we keep: no clock or zone decides, for a
    source's text may run backwards (a summer-time night, an import, a restored backup).
    """
    result = Difference()
    low, end = row_range(source_id)
    for rows in _gathered(pages):
        high = row_id(source_id, rows[-1].remote_id) + 1
        _compare_range(model, result, rows, (source_id, low, high))
        low = high
    _compare_range(model, result, [], (source_id, low, end))
    return result


def _gathered(pages: Iterable[list[IndexRow]]) -> Iterator[list[IndexRow]]:
    rows: list[IndexRow] = []
    for page in pages:
        rows += page
        if len(rows) >= ROWS:
            yield rows
            rows = []
    if rows:
        yield rows


def _compare_range(
    model: type[Mirrored],
    result: Difference,
    page: list[IndexRow],
    place: tuple[int, int, int],
) -> None:
    """Compare one page with the mirror's rows of `place`: source, first id, end."""
    source_id, low, high = place
    mirror = {
        key: rest
        for key, *rest in model.objects.filter(
            id__gte=low, id__lt=high, deleted_at=None
        ).values_list(
            "id",
            "remote_created_text",
            "remote_updated_text",
            "content_hash",
            "unsettled",
        )
    }
    result.mirrored += len(mirror)
    result.listed += len(page)
    for row in page:
        ours = mirror.pop(row_id(source_id, row.remote_id), None)
        if ours is None:
            result.to_read.append(row.remote_id)
            continue
        created, updated, content_hash, unsettled = ours
        result.known += 1
        result.replaced += created != row.created_at
        same = (created, updated) == (row.created_at, row.updated_at)
        if not same or content_hash == 0 or unsettled:
            result.to_read.append(row.remote_id)
    result.gone.extend(sorted(mirror))


def dirty(model: type[Mirrored], source_id: int) -> list[int]:
    """Return the remote ids of live rows that must be read again."""
    low, end = row_range(source_id)
    rows = model.objects.filter(
        source_id=source_id,
        id__gte=low,
        id__lt=end,
        content_hash=0,
        deleted_at=None,
    )
    return [remote_id(key) for key in rows.order_by("id").values_list("id", flat=True)]
