"""Finds scenes that were played, which neither index nor time stamps of theirs show."""

from syncapp.models.keys import row_id
from syncapp.sync.context import SyncContext
from syncapp.sync.dirty import mark_dirty
from syncapp.sync.stream import Stream
from syncapp.sync.streams.fields import moment

MOST_PAGES = 20


def mark_played(context: SyncContext, stream: Stream) -> None:
    """Have scenes read again that were played at another time than we know.

    It goes back through the latest plays as long as all of them are news. Plays taken
    back, and how long somebody watched, are for a full sync.
    """
    if "last_played_at" not in stream.columns:
        return
    for page in range(MOST_PAGES):
        context.reporter.check()
        told = dict(context.reader.played(page))
        rows = stream.model.objects.filter(
            id__in=[row_id(context.source_id, number) for number in told],
            deleted_at=None,
        )
        known = {
            number: at == moment(told[number])
            for number, at in rows.values_list("remote_id", "last_played_at")
        }
        moved = [number for number, same in known.items() if not same]
        if moved:
            with context.reporter.atomic():
                mark_dirty(rows.filter(remote_id__in=moved))
        if not known or len(moved) < len(known):
            return
