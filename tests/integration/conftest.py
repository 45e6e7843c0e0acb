"""Fixtures of the tests that use a database."""

import pytest

from tests.builders import make_claim


@pytest.fixture
def claimed(transactional_db: None) -> None:
    """Make this a Steward that has had its first administrator."""
    make_claim()
