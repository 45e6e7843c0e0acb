"""A demo server, a source for it, and the engine between them."""

from collections.abc import Iterator

import pytest

from syncapp.demo import DemoServer, Library
from syncapp.models import Source
from tests.mirror import Mirror


@pytest.fixture
def mirror(db: None) -> Iterator[Mirror]:
    """Give an empty mirror of a small invented library."""
    with DemoServer(Library(seed=7, scenes=400, tags=60), port=0, api_key="") as demo:
        source = Source.objects.create(name="Film archive", url=demo.url)
        yield Mirror(demo, source)
