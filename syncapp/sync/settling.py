"""When a time stamp can be relied on: an edit may still come with one as old."""

from datetime import datetime, timedelta

from syncapp.sync.streams.fields import moment

# An edit that waits for Stash's one writer may commit this late with an older stamp.
SETTLING = timedelta(seconds=120)
# The text of a stamp and its moment can be that far apart between two zones.
ZONES_APART = timedelta(hours=26)


def is_unsettled(updated_at: datetime, at: datetime | None) -> bool:
    """Return whether an edit with this stamp may still come; `at` is the server's time.

    Without the server's time nothing is settled. A stamp far ahead of it was written by
    a clock that was wrong, or by an import: no edit of now gets such a one.
    """
    return at is None or -ZONES_APART < at - updated_at < SETTLING


def has_settled(updated_text: str, at: datetime | None) -> bool:
    """Return whether a stamp, as the source wrote it, is one to rely on."""
    updated_at = moment(updated_text)
    return updated_at is not None and not is_unsettled(updated_at, at)
