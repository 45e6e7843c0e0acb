"""Fixtures of the tests that use a database."""

import pytest
from django.core.cache import cache

from tests.builders import make_claim


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """Remember nothing of the test before."""
    cache.clear()


@pytest.fixture
def claimed(transactional_db: None) -> None:
    """Make this a Steward that has had its first administrator."""
    make_claim()
