"""Decides about what the source has lost: to keep it, or to drop it for good."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from jobs.services import JobRef, create_job
from syncapp.job_handlers.params import MOST_DAYS
from syncapp.models import StreamState
from syncapp.services.errors import BadRequest, NothingHeld
from syncapp.services.sources import lock_source


def keep_deletions(source_id: int, stream: str) -> None:
    """Keep the rows whose deletions are held: no alarm until they are others.

    The stream is synced again from then on, but for these rows. Accepting them instead
    is a sync: `start_sync(..., accept_deletions=True)`.

    Raises NothingHeld.
    """
    with transaction.atomic():
        state = (
            StreamState.objects.select_for_update()
            .filter(source_id=source_id, stream=stream, held_deletions__gt=0)
            .first()
        )
        if state is None:
            msg = (
                f"No deletions of {stream} wait for a decision: reload the page. They "
                "may have been decided about, or the records may be back."
            )
            raise NothingHeld(msg)
        state.kept_mark = state.held_mark
        state.held_deletions, state.held_ids, state.held_mark = 0, [], ""
        state.held_since = None
        state.save()


def purge_tombstones(source_id: int, days: int, *, by: int | None) -> JobRef:
    """Ask to drop what was marked as deleted more than `days` days ago.

    What would go now: `queries.purgeable_rows`. Two asks for the same are one job.

    Raises SourceNotFound, BadRequest.
    """
    if not 0 <= days <= MOST_DAYS:
        msg = f"Purge what is older than 0 to {MOST_DAYS:,} days."
        raise BadRequest(msg)
    with transaction.atomic():
        name = lock_source(source_id)
        return create_job(
            "sync.purge",
            {
                "source_id": source_id,
                "days": days,
                "before": (datetime.now(UTC) - timedelta(days=days)).isoformat(),
            },
            title=f"Purge of what was deleted {days} days ago · {name}",
            trigger="button" if by else "command",
            by=by,
        )
