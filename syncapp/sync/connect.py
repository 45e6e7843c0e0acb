"""Opens a source, and notes on it whether it answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.conf import settings
from django.db.models.functions import Coalesce

from syncapp.models import Source
from syncapp.models.encryption import KeyLost
from syncapp.stash.client import Limits, StashClient
from syncapp.stash.errors import BadRecord, QueryFailed, StashError
from syncapp.stash.way_in import WayIn
from syncapp.sync.errors import SyncStopped


@contextmanager
def connect(source_id: int, limits: Limits | None = None) -> Iterator[StashClient]:
    """Yield a client that has shaken hands with the source.

    Raises SyncStopped if the source is not there or its key cannot be decrypted, and
    StashError for what the server does; trouble is noted on the source.
    """
    source, key, way_in = _found(source_id)
    rows = Source.objects.filter(pk=source_id)
    try:
        with StashClient(
            source.url,
            key,
            way_in=way_in,
            limits=limits or Limits(),
            in_flight=settings.SYNC_REQUESTS,
        ) as client:
            server = client.handshake()
            rows.update(
                version=server.version,
                reached_at=datetime.now(UTC),
                trouble="",
                trouble_since=None,
            )
            yield client
    except (QueryFailed, BadRecord):
        raise  # the source answers; one of its records is the trouble
    except StashError as exc:
        note_trouble(source_id, str(exc))
        raise


def note_trouble(source_id: int, sentence: str) -> datetime | None:
    """Keep with the source what its trouble is; returns since when it has had any."""
    rows = Source.objects.filter(pk=source_id)
    rows.update(
        trouble=sentence, trouble_since=Coalesce("trouble_since", datetime.now(UTC))
    )
    return rows.values_list("trouble_since", flat=True).first()


def _found(source_id: int) -> tuple[Source, str, WayIn]:
    source = Source.objects.filter(pk=source_id).first()
    if source is None:
        msg = f"Source {source_id} is no longer here; it was removed."
        raise SyncStopped(msg, code="no_such_source")
    try:
        return source, source.api_key.open(), source.way_in()
    except KeyLost as exc:
        raise SyncStopped(str(exc), code="key_lost") from exc
