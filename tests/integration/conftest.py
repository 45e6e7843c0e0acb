"""Fixtures of the tests that use a database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from syncapp.demo import DemoServer, Library
from syncapp.services import covers
from tests.builders import make_claim
from tests.integration.covers import KEY, Shelf, shelf, source_of


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """Remember nothing of the test before."""
    cache.clear()


@pytest.fixture
def claimed(transactional_db: None) -> None:
    """Make this a Steward that has had its first administrator."""
    make_claim()


@pytest.fixture
def pictures(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[Shelf]:
    """Give a Stash with a key whose scenes have pictures, of which none is kept yet."""
    settings.DATA_DIR = tmp_path
    with DemoServer(Library(seed=1, scenes=60), port=0, api_key=KEY) as stash:
        yield shelf(stash, source_of(stash))
        stash.gate.open()
    covers.WAYS.close()
