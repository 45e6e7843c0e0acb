"""Names of the release before, which stand in messages and settings, still lead on.

tests/upgrade shows that a message with such a name is run by a real worker.
"""

import pytest
from django.utils.module_loading import import_string


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("jobs.runner.run", "jobs.queue.runner.run"),
        ("jobs.backend.patient_broker", "jobs.queue.q2.patient_broker"),
        ("jobs.scheduling.tick", "jobs.scheduling.firing.tick"),
    ],
)
def test_an_old_name_leads_to_the_new_one(old: str, new: str) -> None:
    assert import_string(old) is import_string(new)
