"""One run of the engine, put together: its state, and what writes with it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.conf import settings

from syncapp.stash.reading import Reader
from syncapp.sync.context import SyncContext
from syncapp.sync.references import References
from syncapp.sync.reporter import Reporter
from syncapp.sync.stream import Stream
from syncapp.sync.streams import STREAMS
from syncapp.sync.throttle import WriteThrottle
from syncapp.sync.writer import PageWriter


class SyncSession:
    """Builds writers, references and the throttle, and hands each what it needs.

    A page may link to rows that are missing; `references` fetches those and has them
    written by the writer of their stream, whose pages may link further: that loop is
    closed here, by handing over `write_page`.
    """

    def __init__(self, context: SyncContext) -> None:
        self.context = context
        self.throttle = WriteThrottle()
        self.references = References(context, self.write_page)
        self._writers: dict[str, PageWriter] = {}

    def writer(self, stream: Stream) -> PageWriter:
        """Return the writer of `stream`."""
        if stream.name not in self._writers:
            self._writers[stream.name] = PageWriter(
                self.context, stream, self.references, self.throttle
            )
        return self._writers[stream.name]

    def write_page(
        self, stream: Stream, records: Sequence[msgspec.Raw], at: datetime | None
    ) -> None:
        """Make the mirror equal to `records`; see `PageWriter.write`."""
        self.writer(stream).write(records, at)


def new_session(
    source_id: int,
    reader: Reader,
    reporter: Reporter,
    *,
    rewrite: bool = False,
    accept_deletions: bool = False,
    fetchers: int | None = None,
) -> SyncSession:
    """Return a session over all streams, for a client that has shaken hands.

    Without `fetchers` it has as many as the settings say.
    """
    context = SyncContext(
        source_id=source_id,
        reader=reader,
        server=reader.client.server,
        reporter=reporter,
        streams={stream.name: stream for stream in STREAMS},
        fetchers=settings.SYNC_REQUESTS if fetchers is None else fetchers,
        rewrite=rewrite,
        accept_deletions=accept_deletions,
    )
    return SyncSession(context)
