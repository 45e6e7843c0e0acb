"""When a time stamp can be relied on: an edit may still come with one as old."""

from datetime import datetime, timedelta

from syncapp.sync.streams.fields import moment

# An edit that waits for Stash's one writer may commit this late with an older stamp.
SETTLING = timedelta(seconds=120)


def is_unsettled(updated_at: datetime, at: datetime | None) -> bool:
    """Return whether an edit with this stamp may still come; `at` is the server's time.

    Without the server's time nothing is settled.
    """
    return at is None or at - updated_at < SETTLING


def has_settled(updated_text: str, at: datetime | None) -> bool:
    """Return whether a stamp, as the source wrote it, is one to rely on."""
    updated_at = moment(updated_text)
    return updated_at is not None and not is_unsettled(updated_at, at)
