"""A database that is away, full or prefers another costs time, and no attempt."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.test import AsyncClient
from psycopg.errors import DeadlockDetected, DiskFull, UndefinedTable
from pytest_django import Settings

from config import middleware
from jobs import queries, services
from jobs.models import Job
from jobs.monitoring import health
from jobs.queue import endings, leases, runner
from jobs.queue.endings import Failure
from jobs.worker.supervisor import BACK_S, Supervisor
from tests.asgi import SiteClient
from tests.builders import make_person
from tests.claims import (
    claimed,
    claimed_again,
    codes,
    let_the_lease_run_out,
    make_due,
    wait_s,
)

pytestmark = pytest.mark.django_db(transaction=True)
AWAY = Failure("database_away", "It is away.", retriable=True, blameless=True)


def error(cause: Exception) -> OperationalError:
    """Return an error as Django raises it."""
    exc = OperationalError(str(cause))
    exc.__cause__ = cause
    return exc


def failing(
    real: Callable[..., Any], exc: Exception, *, until: Callable[[], bool]
) -> Callable[..., Any]:
    """Return a function that raises `exc` until it is time to do what it should."""

    def act(*args: Any, **kwargs: Any) -> Any:
        if until():
            return real(*args, **kwargs)
        raise exc

    return act


def times(number: int) -> Callable[[], bool]:
    """Return a function that is false so many times, and true from then on."""
    calls = iter([False] * number)
    return lambda: next(calls, True)


def test_an_outage_uses_up_no_attempt_and_waits_longer_each_time() -> None:
    job_id = services.create_job("test.note", {}).job_id
    waits = []
    for _ in range(12):
        endings.fail(claimed_again(job_id), AWAY)
        waits.append(wait_s(job_id))

    card = queries.job_card(job_id)
    assert (card.status, card.attempt) == ("queued", 0)
    for wait, about in zip(waits, (1, 2, 4, 8, 16, 32, 64, 128, 256), strict=False):
        assert 0.7 * about < wait < 1.3 * about
    assert 200 < waits[-1] < 400


def test_a_deadlock_is_tried_again_and_is_no_outage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    met = failing(leases.verify_lease, error(DeadlockDetected("x")), until=times(1))
    monkeypatch.setattr(leases, "verify_lease", met)
    job_id = services.create_job(
        "test.steps", {"room": 1, "names": [], "steps": 2}
    ).job_id

    runner.run(job_id)

    card = queries.job_card(job_id)
    assert (card.status, card.attempt, card.error_code) == ("queued", 0, "deadlock")
    assert wait_s(job_id) < 2
    make_due(job_id)
    services.run_inline(job_id)
    assert queries.job_card(job_id).status == "succeeded"


def test_an_end_is_written_however_long_the_database_was_away(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.JOB_LEASE_S = 0.5
    full = failing(endings.succeed, error(DiskFull("x")), until=times(3))
    monkeypatch.setattr(endings, "succeed", full)
    job_id = services.create_job("test.note", {}).job_id

    runner.run(job_id)

    card = queries.job_card(job_id)
    assert (card.status, card.attempt) == ("succeeded", 1)


def test_a_job_that_was_cut_off_from_its_database_goes_on_later(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.JOB_LEASE_S = 1.0
    never = failing(leases.renew, error(DiskFull("x")), until=lambda: False)
    monkeypatch.setattr(leases, "renew", never)
    params: dict[str, Any] = {
        "room": 1,
        "names": [],
        "steps": 1,
        "gates": {"0": "/nowhere"},
    }
    job_id = services.create_job("test.steps", params).job_id

    runner.run(job_id)

    card = queries.job_card(job_id)
    assert (card.status, card.attempt, card.error_code) == (
        "queued",
        0,
        "database_away",
    )
    assert "worker_died" not in codes(job_id)


@pytest.fixture
async def ada() -> AsyncClient:
    """Give a browser in which somebody is signed in who may start jobs."""
    client = SiteClient()
    await client.aforce_login(await sync_to_async(make_person)("ada", "jobs.run_job"))
    return client


async def test_a_click_that_meets_a_deadlock_is_done(
    ada: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = (await sync_to_async(services.create_job)("test.note", {})).job_id
    met = failing(services.cancel_job, error(DeadlockDetected("x")), until=times(2))
    monkeypatch.setattr(services, "cancel_job", met)

    response = await ada.post(f"/jobs/{job_id}/cancel/")

    assert response.status_code == 303
    assert await Job.objects.filter(pk=job_id, status="cancelled").aexists()


@pytest.mark.parametrize("cause", [DiskFull("x"), DeadlockDetected("x")])
async def test_a_button_answers_a_sentence_while_the_database_is_away(
    ada: AsyncClient, monkeypatch: pytest.MonkeyPatch, cause: Exception
) -> None:
    never = failing(services.cancel_job, error(cause), until=lambda: False)
    monkeypatch.setattr(services, "cancel_job", never)

    page = await ada.post("/jobs/1/cancel/")
    data = await ada.post("/jobs/1/cancel/", headers={"Accept": "application/json"})

    assert (page.status_code, data.status_code) == (503, 503)
    assert page["Retry-After"] == "10"
    assert b"Nothing was changed; try again shortly." in page.content
    assert "its disk is full" in data.json()["error"]


async def test_pages_say_that_nobody_can_be_looked_up(
    ada: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = failing(middleware._viewer_and_frame, error(DiskFull("x")), until=times(99))
    monkeypatch.setattr(middleware, "_viewer_and_frame", never)

    response = await ada.get("/jobs/")

    assert response.status_code == 503
    assert b"The database cannot do this at the moment" in response.content


async def test_a_database_that_does_not_answer_is_told_of_before_it_does(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = threading.Event()

    def hang() -> health.Readiness:
        told.wait(30)
        return health.Readiness(database=True, migrations=True, worker=True, room=True)

    monkeypatch.setattr(health, "readiness", hang)

    response = await async_client.get("/readyz")
    told.set()

    assert response.status_code == 503
    assert response.json()["database"] is False


def test_who_outlived_an_outage_says_so_before_a_job_is_taken_back() -> None:
    job_id = claimed("test.note").job_id
    let_the_lease_run_out(job_id)
    supervisor = Supervisor([])

    supervisor._safely(_away)
    supervisor.repair()
    assert queries.job_card(job_id).status == "running"

    supervisor.away_at -= BACK_S
    supervisor.repair()
    assert queries.job_card(job_id).status == "queued"


def _away() -> None:
    raise error(DiskFull("x"))


@pytest.mark.parametrize("cause", [UndefinedTable("x"), DeadlockDetected("x")])
def test_a_step_that_fails_each_time_keeps_no_job_of_a_dead_worker(
    cause: Exception,
) -> None:
    job_id = claimed("test.note").job_id
    let_the_lease_run_out(job_id)
    supervisor = Supervisor([])

    def step() -> None:
        raise error(cause)

    supervisor._safely(step)
    supervisor.repair()

    assert queries.job_card(job_id).status == "queued"
