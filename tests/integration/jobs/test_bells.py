"""A queue that is empty is not asked again and again: a bell rings for a message."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.queue import bells
from jobs.queue.bells import NotifyBell
from jobs.queue.q2 import patient_broker

pytestmark = pytest.mark.django_db(transaction=True)
LONG_S = 600.0  # a test that waits for so long fails by its time-out


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give the queue of the short lane, as the process sees it that reads messages."""
    found = patient_broker("short")
    monkeypatch.setattr(bells, "FALLBACK_S", 0.2)
    assert found.dequeue() is None  # it listens, and knows how the files stand
    assert found.dequeue() is None
    yield found
    if isinstance(found.bell, NotifyBell):
        found.bell.close()


def test_a_message_ends_the_wait(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "FALLBACK_S", LONG_S)
    queue.bell.mark()

    patient_broker("short").enqueue("a message")

    queue.bell.wait()
    assert queue.queue_size() == 1


def test_a_wait_costs_the_database_one_question(
    queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bells, "FALLBACK_S", 0.5)

    with CaptureQueriesContext(connection) as asked:
        queue.dequeue()

    assert len(asked) == 1


def test_a_sender_whose_clock_is_ahead_hides_no_message(queue: Any) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        patient_broker("short").enqueue("a message")

    assert queue.queue_size() == 1
