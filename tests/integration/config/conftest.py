"""The site as browsers reach it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from django.db import connections

from config.handler import RequestHandler
from config.rim import BoundedRim
from tests.asgi import LINE, PICTURE_THREADS, THREADS
from tests.unit.config.test_request_threads import until


@pytest.fixture
async def rim() -> AsyncIterator[BoundedRim]:
    """Return the site within its bounds; its connections are closed afterwards."""
    found = BoundedRim(
        RequestHandler(),
        threads=THREADS,
        longest_line=LINE,
        largest_body=2_000_000,
        picture_threads=PICTURE_THREADS,
    )
    yield found
    await until(lambda: len(found.pages.free) == THREADS)
    lanes = [found.pages, found.pictures, *found.probes.values()]
    await until(lambda: len(found.pictures.free) == PICTURE_THREADS)
    await until(lambda: all(probe.free for probe in found.probes.values()))
    for thread in (thread for lane in lanes for thread in lane.free):
        await asyncio.wrap_future(thread.submit(connections.close_all))
        thread.shutdown()
