"""What a purge would drop."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from syncapp.queries.sources import SourceLine, source_line
from syncapp.sync.purge import LINKING_FIRST, purgeable


@dataclass(frozen=True, slots=True)
class PurgePreview:
    source: SourceLine
    days: int
    counts: tuple[tuple[str, int], ...]  # (stream, rows)

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


def source_purge(source_id: int, days: int) -> PurgePreview | None:
    """Return what a purge of this source would drop; None if it is not there."""
    source = source_line(source_id)
    if source is None:
        return None
    return PurgePreview(source, days, purgeable_rows(source_id, days))


def purgeable_rows(source_id: int, days: int) -> tuple[tuple[str, int], ...]:
    """Return pairs of (stream, rows marked as deleted more than `days` days ago)."""
    before = datetime.now(UTC) - timedelta(days=days)
    return tuple(
        (stream.name, purgeable(stream, source_id, before).count())
        for stream in LINKING_FIRST
    )
