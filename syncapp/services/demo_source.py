"""What `up` asks and sets up when it starts."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from jobs.names import free_name
from syncapp.job_handlers.params import STREAM_NAMES
from syncapp.models import Source, StreamState
from syncapp.services.start_jobs import start_sync

DEMO_NAME = "Sample library"


def demo_port() -> int | None:
    """Return the loopback port for the sample Stash; None if it is not wanted.

    It is wanted while there is no source at all, and as long as its own is kept.
    """
    url = Source.objects.filter(is_demo=True).values_list("url", flat=True).first()
    if url is not None:
        return urlsplit(url).port
    return None if Source.objects.exists() else _free_port()


def add_demo_source(url: str) -> int:
    """Keep the sample library as a source at `url`; returns the source's id.

    If it was never read as a whole, that is asked for.
    """
    _demo_note().write_text(url)  # for who wants it back after having removed it
    with transaction.atomic():
        source = Source.objects.filter(is_demo=True).first() or Source(is_demo=True)
        source.name = source.name or free_name(DEMO_NAME, _names())
        source.url, source.read_only = url, False
        source.save()
        read = StreamState.objects.filter(source=source, full_at__isnull=False)
        if read.count() < len(STREAM_NAMES):
            start_sync(source.pk, "full", trigger="system")
    return source.pk


def demo_address() -> str:
    """Return where the sample Stash was last; empty if it never ran."""
    try:
        return _demo_note().read_text().strip()
    except FileNotFoundError:
        return ""


def _demo_note() -> Path:
    return Path(settings.DATA_DIR) / "sample-address"


def _names() -> set[str]:
    return set(Source.objects.values_list("name", flat=True))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
