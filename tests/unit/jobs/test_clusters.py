"""Whose job is to blame when processes of a cluster die."""

import subprocess
from collections.abc import Callable, Iterator

import psutil
import pytest

from jobs.worker.clusters import Cluster

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Give a function that starts a process which sleeps until it is killed."""
    started = []

    def sleeper() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(["sleep", "600"]))
        return started[-1]

    yield sleeper
    for process in started:
        process.kill()
        process.wait()


def cluster(main: subprocess.Popen[bytes], *below: subprocess.Popen[bytes]) -> Cluster:
    """Return what a supervisor holds once it has seen these processes."""
    held = object.__new__(Cluster)
    held.main = main
    held.seen = {psutil.Process(process.pid) for process in below}
    return held


def test_a_process_that_died_alone_is_to_blame(start: Start) -> None:
    main, first, second = start(), start(), start()
    held = cluster(main, first, second)

    first.kill()

    assert held.dead() == {first.pid}


def test_nobody_is_spared_who_dies_after_the_main_process(start: Start) -> None:
    main, gone, dying = start(), start(), start()
    held = cluster(main, gone, dying)

    for process in (main, gone):
        process.kill()
        process.wait()

    assert held.dead() is None


def test_nobody_is_named_where_all_died(start: Start) -> None:
    main, first, second = start(), start(), start()
    held = cluster(main, first, second)

    first.kill()
    second.kill()

    assert held.dead() is None
