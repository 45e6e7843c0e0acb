"""What machines ask is answered, whatever the database does."""

import threading
from collections.abc import Iterator

import pytest

from config.rim import BoundedRim
from jobs.monitoring import health
from jobs.web.views import probes
from tests.asgi import Browser


@pytest.fixture
def hangs(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let the database answer nothing before the test has ended."""
    answers = threading.Event()

    def look() -> health.Readiness:
        answers.wait(60)
        return health.NOBODY_ANSWERS

    monkeypatch.setattr(health, "readiness", look)
    monkeypatch.setattr(probes, "LONGEST_S", 0.01)
    yield answers
    answers.set()


async def ask(rim: BoundedRim, path: str) -> Browser:
    browser = Browser(path, headers={"accept": "application/json"})
    await browser.open(rim)
    return browser


async def test_every_probe_is_answered_while_the_database_hangs(
    rim: BoundedRim, hangs: threading.Event
) -> None:
    first = Browser("/readyz")
    asking = first.open(rim)
    later = [await ask(rim, "/readyz") for _ in range(2)]
    alive = await ask(rim, "/healthz")

    assert [browser.status for browser in later] == [503, 503]
    assert "waits for its database" in later[0].error
    assert (alive.status, alive.text) == (200, "ok")
    hangs.set()
    await asking
    assert first.status == 503


async def test_a_process_lives_that_has_no_database(rim: BoundedRim) -> None:
    # No mark `django_db`: whoever asks the database fails.
    alive = await ask(rim, "/healthz")

    assert (alive.status, alive.text) == (200, "ok")
