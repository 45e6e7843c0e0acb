"""Fixtures of the tests of jobs: kinds to run, workers to hurt."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import Settings

from jobs import queries
from jobs.queries import JobCard
from tests.builders import PASSWORD, make_person
from tests.site import Person
from tests.waiting import wait_until
from tests.workers import KNOBS, Worker, database_url, start_worker

Wait = Callable[..., JobCard]


@pytest.fixture(autouse=True)
def _kinds(settings: Settings) -> None:
    """Register the kinds of tests/handlers.py, as the workers of tests do."""
    settings.JOB_HANDLERS = "tests.handlers.HANDLERS"


@pytest.fixture
def database_env() -> dict[str, str]:
    """Give the environment of a command that works on the test database."""
    return {**os.environ, **KNOBS, "DATABASE_URL": database_url()}


@pytest.fixture(scope="module")
def _hurt_worker(django_db_setup: None) -> Iterator[Worker]:
    with start_worker() as worker:
        yield worker


@pytest.fixture
def hurt_worker(_hurt_worker: Worker, transactional_db: None) -> Worker:
    """Give a worker whose queue a test may kill: one for the whole file."""
    _hurt_worker.wait_until_ready()
    return _hurt_worker


@pytest.fixture
def own_worker(transactional_db: None) -> Iterator[Worker]:
    """Give a worker that a test may stop."""
    with start_worker() as worker:
        yield worker


@pytest.fixture
def person(site: str, transactional_db: None) -> Iterator[Person]:
    """Give somebody who is signed in at the `site` of the test's file."""
    make_person("ada")
    ada = Person(site)
    ada.sign_in("ada", PASSWORD)
    yield ada
    ada.http.close()


@pytest.fixture
def until() -> Wait:
    """Give a function that waits until a job has one of these statuses."""

    def wait(job_id: int, *statuses: str, within: float = 30.0, **has: Any) -> JobCard:
        def look() -> JobCard | None:
            card = queries.job_card(job_id)
            fits = all(getattr(card, name) == value for name, value in has.items())
            return card if card.status in statuses and fits else None

        try:
            found: JobCard = wait_until(look, within=within)
        except AssertionError as exc:
            exc.add_note(f"{queries.job_card(job_id)}\n{queries.job_events(job_id)}")
            raise
        return found

    return wait
