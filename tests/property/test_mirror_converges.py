"""The engine, in any history that a machine can think of."""

import pytest

from tests.property.checked import STEPS
from tests.property.effort import prove
from tests.prove import COMPARED


@pytest.mark.django_db
@pytest.mark.timeout(0)  # `make prove` takes as long as it is asked to
def test_any_history_ends_in_a_mirror_that_equals_its_source() -> None:
    prove()

    assert STEPS[COMPARED] > 0
