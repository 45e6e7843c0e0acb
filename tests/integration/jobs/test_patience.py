"""The queue's own processes outlive a database that is away for a moment."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django_q import brokers  # noqa: TID251 - the carrier is what is tested

from jobs import backend, services

pytestmark = [
    pytest.mark.usefixtures("alone"),
    pytest.mark.django_db(transaction=True),
]


def refuse(*_args: Any) -> None:
    msg = "the server closed the connection unexpectedly"
    raise OperationalError(msg)


def test_a_wake_up_is_taken_once_the_database_is_back() -> None:
    services.create_job("test.note", {})
    queue = brokers.get_broker(backend.queue_of("short"))

    with connection.execute_wrapper(refuse):
        assert queue.dequeue() is None
        assert queue.acknowledge(1) is None

    assert len(queue.dequeue()) == 1
