"""A queue that is empty is not asked again and again: a bell rings for a message."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.queue import bells
from jobs.queue.bells import LookBell, WatchBell
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


@pytest.fixture(params=[WatchBell, LookBell])
def file_bell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Give a bell at a file of its own that has been written to and looked at."""
    (tmp_path / "data.sqlite3").write_text("what was there")
    bell = request.param(str(tmp_path / "data.sqlite3"))
    bell.mark()
    bell.wait()
    bell.mark()
    yield bell
    bell.close()


def test_a_log_that_comes_ends_the_wait(file_bell: Any, tmp_path: Path) -> None:
    (tmp_path / "data.sqlite3-wal").write_text("a page")

    began = time.monotonic()
    file_bell.wait()

    assert time.monotonic() - began < bells.FALLBACK_S


def test_the_queue_is_looked_at_once_more_after_a_write(
    file_bell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data.sqlite3-wal").write_text("a page that is seen a moment later")
    file_bell.wait()
    file_bell.mark()
    monkeypatch.setattr(bells, "FALLBACK_S", LONG_S)
    began = time.monotonic()

    file_bell.wait()  # ends, though nothing is written any more

    assert time.monotonic() - began < LONG_S


def test_what_others_write_beside_it_ends_no_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = WatchBell(str(tmp_path / "data.sqlite3"))
    monkeypatch.setattr(bells, "FALLBACK_S", 0.5)
    (tmp_path / "else.txt").write_text("of another program")
    began = time.monotonic()

    bell.wait()
    bell.close()

    assert time.monotonic() - began >= 0.5
