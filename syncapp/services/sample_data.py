"""The sample library: brought in by a button, when its server runs."""

import socket
from urllib.parse import urlsplit

from syncapp.models import Source
from syncapp.services.demo_source import add_demo_source, demo_address
from syncapp.services.errors import SampleNotRunning

LOOK_S = 2.0


def use_sample_data() -> int:
    """Have the sample library as a source; returns the source's id.

    Raises SampleNotRunning if its server does not answer on this machine.
    """
    there = Source.objects.filter(is_demo=True).values_list("pk", flat=True).first()
    if there is not None:
        return int(there)
    url = demo_address()
    if not url or not _listens(url):
        msg = (
            "The sample library does not run now. Start Steward again with `make run`: "
            "it comes by itself while there is no other source."
        )
        raise SampleNotRunning(msg)
    return add_demo_source(url)


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port or 80), LOOK_S).close()
    except OSError:
        return False
    return True
