"""A Steward without an administrator, and what a person types on its setup page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from syncapp import services

PASSWORD = "between-tides-1931"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """Give a data folder of this test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    """Stop the clock: no short wait ends while a busy machine looks at passwords."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def code(transactional_db: None) -> str:
    """Give a fresh setup code."""
    return services.make_setup_code()


def typed(code: str, /, **other: str) -> dict[str, str]:
    """Return the form as a person fills it in."""
    form = {"code": code, "name": "ada", "password": PASSWORD, "again": PASSWORD}
    return {**form, **other}
