"""The system checks of jobs."""

from pytest_django import Settings

from jobs.checks import check_handlers, check_queue
from jobs.queue.registry import Handler
from tests.handlers import crash

GOOD = Handler(kind="a.good", title="Good", run=crash, dedupe="good:{item}")
TWICE = (GOOD, Handler(kind="a.good", title="Same", run=crash))
BROKEN = (
    Handler(kind="a.open", title="Open", run=crash, dedupe="open:{item"),
    Handler(kind="a.place", title="Place", run=crash, exclusive="place:{}"),
)


def complaints(settings: Settings, name: str) -> list[str]:
    settings.JOB_HANDLERS = f"{__name__}.{name}"
    return [str(found.msg) for found in check_handlers()]


def test_the_program_s_own_kinds_are_sound() -> None:
    assert check_handlers() == []
    assert check_queue() == []


def test_a_kind_that_is_registered_twice_is_found(settings: Settings) -> None:
    assert complaints(settings, "TWICE") == ["Job kind 'a.good' is registered 2 times."]


def test_keys_that_cannot_be_made_are_found(settings: Settings) -> None:
    first, second = complaints(settings, "BROKEN")

    assert "'a.open'" in first
    assert "'a.place'" in second


def test_handlers_that_are_not_there_are_found(settings: Settings) -> None:
    assert "cannot be imported" in complaints(settings, "NOWHERE")[0]


def test_a_queue_that_would_run_messages_twice_is_found(
    settings: Settings,
) -> None:
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "retry": 60}

    assert [found.id for found in check_queue()] == ["jobs.E004"]
