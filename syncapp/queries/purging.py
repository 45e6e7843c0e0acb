"""What a purge would drop."""

from datetime import UTC, datetime, timedelta

from syncapp.sync.purge import LINKING_FIRST, purgeable


def purgeable_rows(source_id: int, days: int) -> tuple[tuple[str, int], ...]:
    """Return pairs of (stream, rows marked as deleted more than `days` days ago)."""
    before = datetime.now(UTC) - timedelta(days=days)
    return tuple(
        (stream.name, purgeable(stream, source_id, before).count())
        for stream in LINKING_FIRST
    )
