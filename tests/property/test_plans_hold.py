"""Plans are decided, applied and undone, in any history that a machine can think of."""

import pytest

from tests.property.checked import STEPS
from tests.property.effort import prove_plans
from tests.prove import SETTLED


@pytest.mark.django_db
@pytest.mark.timeout(0)  # `make prove` takes as long as it is asked to
def test_any_history_of_plans_loses_no_edit_in_silence() -> None:
    prove_plans()

    assert STEPS[SETTLED] > 0
