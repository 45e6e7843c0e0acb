"""Writes down what the machine did, where `make prove` wants to print it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.property.checked import STEPS


@pytest.fixture(autouse=True)
def _steps_are_written_down() -> Iterator[None]:
    STEPS.clear()
    yield
    name = os.environ.get("PROVE_REPORT")
    if name and STEPS:  # other tests of this folder leave it as it is
        report = Path(name)
        before = json.loads(report.read_text()) if report.exists() else {}
        report.write_text(json.dumps(before | STEPS))
