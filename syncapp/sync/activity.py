"""Finds scenes that were played, which neither index nor time stamps of theirs show."""

from syncapp.models.keys import row_id
from syncapp.sync.run import Run
from syncapp.sync.stream import Stream
from syncapp.sync.streams.fields import moment

MOST_PAGES = 20


def mark_played(run: Run, stream: Stream) -> None:
    """Have scenes read again that were played at another time than we know.

    It goes back through the latest plays as long as all of them are news. Plays taken
    back, and how long somebody watched, are for a full sync.
    """
    if "last_played_at" not in stream.columns:
        return
    for page in range(MOST_PAGES):
        run.reporter.check()
        told = dict(run.reader.played(page))
        rows = stream.model.objects.filter(
            id__in=[row_id(run.source_id, number) for number in told], deleted_at=None
        )
        known = {
            number: at == moment(told[number])
            for number, at in rows.values_list("remote_id", "last_played_at")
        }
        moved = [number for number, same in known.items() if not same]
        if moved:
            with run.reporter.atomic():
                rows.filter(remote_id__in=moved).update(content_hash=0)
        if not known or len(moved) < len(known):
            return
