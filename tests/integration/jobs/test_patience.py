"""The queue's own processes outlive a database that is away for a moment."""

import time
from typing import Any

import pytest
from django.db import OperationalError, connection
from django_q import brokers  # noqa: TID251 - the carrier is what is tested

from jobs import queries, services
from jobs.queue import q2, runner

pytestmark = pytest.mark.django_db(transaction=True)


def refuse(*_args: Any) -> None:
    msg = "the server closed the connection unexpectedly"
    raise OperationalError(msg)


def test_a_wake_up_is_taken_once_the_database_is_back() -> None:
    services.create_job("test.note", {})
    queue = brokers.get_broker(q2.queue_of("short"))

    with connection.execute_wrapper(refuse):
        assert queue.dequeue() is None
        assert queue.acknowledge(1) is None

    assert len(queue.dequeue()) == 1
    queue.bell.close()


def test_a_wake_up_that_finds_the_database_away_is_kept_until_it_is_back() -> None:
    ref = services.create_job("test.note", {})
    away_until = time.monotonic() + 0.5

    def refuse_for_a_moment(execute: Any, *args: Any) -> Any:
        return refuse() if time.monotonic() < away_until else execute(*args)

    with connection.execute_wrapper(refuse_for_a_moment):
        runner.run(ref.job_id)

    assert queries.job_card(ref.job_id).status == "succeeded"
