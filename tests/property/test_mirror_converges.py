"""The engine, in any history that a machine can think of."""

import os

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.machine import Mirroring
from tests.property.sizes import small_sizes

# SQLite, PostgreSQL; more where `make prove` asks for it.
EXAMPLES = {"sqlite": 40, "postgresql": 10}
STEPS = 20


@pytest.mark.django_db
@pytest.mark.timeout(0)
def test_any_history_ends_in_a_mirror_that_equals_its_source() -> None:
    examples = os.environ.get("PROVE_EXAMPLES")
    effort = settings(
        max_examples=int(examples or EXAMPLES[connection.vendor]),
        stateful_step_count=int(os.environ.get("PROVE_STEPS", STEPS)),
        derandomize=examples is None,  # a suite that is the same on every machine
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )

    with small_sizes():
        run_state_machine_as_test(Mirroring, settings=effort)
