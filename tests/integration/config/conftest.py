"""The site as browsers reach it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from django.db import connections

from config.handler import RequestHandler
from config.rim import BoundedRim
from tests.asgi import LINE, THREADS
from tests.unit.config.test_request_threads import until


@pytest.fixture
async def rim() -> AsyncIterator[BoundedRim]:
    """Return the site within its bounds; its connections are closed afterwards."""
    found = BoundedRim(
        RequestHandler(), threads=THREADS, longest_line=LINE, largest_body=2_000_000
    )
    yield found
    await until(lambda: len(found.pages.free) == THREADS)
    await until(lambda: all(probe.free for probe in found.probes.values()))
    probes = [thread for probe in found.probes.values() for thread in probe.free]
    for thread in (*found.pages.free, *probes):
        await asyncio.wrap_future(thread.submit(connections.close_all))
        thread.shutdown()
