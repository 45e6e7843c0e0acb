"""Whose job is to blame when processes of a cluster die, or live on without working."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess

import psutil
import pytest

from jobs.worker import clusters
from jobs.worker.clusters import Cluster, Roll
from tests.waiting import wait_until

Start = Callable[[], BaseProcess]


def sleep_as(number: int, roll: Roll) -> None:
    roll.enter(number)
    time.sleep(600)


@pytest.fixture
def roll() -> Roll:
    return Roll(3)


@pytest.fixture
def start(roll: Roll) -> Iterator[Start]:
    """Give a function that starts a process which sleeps until it is killed."""
    context = multiprocessing.get_context("fork")
    started: list[BaseProcess] = []

    def sleeper() -> BaseProcess:
        process = context.Process(target=sleep_as, args=(len(started) or 3, roll))
        started.append(process)
        process.start()
        return process

    yield sleeper
    for process in started:
        process.kill()
        process.join()


def cluster(roll: Roll, main: BaseProcess, *below: BaseProcess) -> Cluster:
    """Return what a supervisor holds once it has seen these processes."""
    held = object.__new__(Cluster)
    held.roll = roll
    held.main = main  # type: ignore[assignment]
    held.main_seen = psutil.Process(main.pid)
    held.seen = {psutil.Process(process.pid) for process in below}
    held.is_whole = True
    held.stopped_at = {}
    return held


def test_a_process_that_died_alone_is_to_blame(start: Start, roll: Roll) -> None:
    main, first, second = start(), start(), start()
    held = cluster(roll, main, first, second)

    first.kill()

    assert held.blamed() == {first.pid}


def test_nobody_is_spared_who_dies_after_the_main_process(
    start: Start, roll: Roll
) -> None:
    main, gone, dying = start(), start(), start()
    held = cluster(roll, main, gone, dying)

    for process in (main, gone):
        process.kill()
        process.join()

    assert held.blamed() is None


def test_nobody_is_named_where_all_died(start: Start, roll: Roll) -> None:
    main, first, second = start(), start(), start()
    held = cluster(roll, main, first, second)

    first.kill()
    second.kill()

    assert held.blamed() is None


def test_who_died_first_is_to_blame_though_all_are_dead_when_somebody_looks(
    start: Start, roll: Roll
) -> None:
    main, first, second = start(), start(), start()
    held = cluster(roll, main, first, second)
    wait_until(lambda: {first.pid, second.pid} <= roll.entered, within=10)

    first.kill()
    first.join()
    roll.note_missed()  # as the sentinel does before it ends all
    for process in (second, main):
        process.kill()
        process.join()

    assert held.blamed() == {first.pid}


def test_a_process_that_is_stopped_is_seen_and_to_blame(
    start: Start, roll: Roll, monkeypatch: pytest.MonkeyPatch
) -> None:
    main, frozen, second = start(), start(), start()
    held = cluster(roll, main, frozen, second)
    sound = held.trouble()
    process = psutil.Process(frozen.pid)
    process.suspend()
    wait_until(lambda: process.status() == psutil.STATUS_STOPPED, within=5)

    briefly = held.trouble()
    monkeypatch.setattr(clusters, "FROZEN_S", 0.0)
    trouble = held.trouble()

    assert (sound, briefly) == ("", "")
    assert trouble == f"process {frozen.pid} was frozen for 0 s"
    assert held.blamed() == {frozen.pid}
