"""A signed-in person, a demo server as a source, and a real worker."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from jobs.enums import ENDED
from jobs.models import Job
from syncapp.demo import DemoServer, Library
from syncapp.models import Source
from tests.mirror import Mirror
from tests.site import Person, running_site
from tests.waiting import wait_until
from tests.workers import database_url

ROOT = Path(__file__).resolve().parents[3]
WAIT_S = 110  # beside a whole suite what takes seconds takes a minute
NAME, PASSWORD = "ada", "between-tides-1931"


@pytest.fixture
def mirror(transactional_db: None) -> Iterator[Mirror]:
    """Give an empty mirror of a small library that other processes see too."""
    with DemoServer(Library(seed=7, scenes=300, tags=40), port=0, api_key="") as demo:
        source = Source.objects.create(name="Film archive", url=demo.url)
        yield Mirror(demo, source)


@pytest.fixture(scope="session")
def site(django_db_setup: None) -> Iterator[str]:
    """Give the address of a running web server."""
    with running_site() as address:
        yield address


@pytest.fixture
def person(site: str, transactional_db: None) -> Iterator[Person]:
    """Give an administrator at a browser, signed in."""
    get_user_model().objects.create_superuser(NAME, password=PASSWORD)
    ada = Person(site)
    ada.sign_in(NAME, PASSWORD)
    yield ada
    ada.http.close()


def wait_for(
    job_id: int, *statuses: str, also: Callable[[Job], bool] | None = None
) -> Job:
    """Wait until the job has one of these statuses, by default an end; returns it."""

    def arrived() -> Job | None:
        job = Job.objects.get(pk=job_id)
        fits = job.status in (statuses or ENDED) and (also is None or also(job))
        return job if fits else None

    try:
        found: Job = wait_until(arrived, within=WAIT_S)
    except AssertionError as exc:
        job = Job.objects.get(pk=job_id)
        exc.add_note(f"Job {job_id} is {job.status}: {job.error_text or job.message}")
        raise
    return found


Done = subprocess.CompletedProcess[str]
Manage = Callable[..., Done]


@pytest.fixture
def manage(transactional_db: None) -> Manage:
    """Give a way to run `manage.py` as a person does, on the test database."""

    def run(*argv: str, **options: Any) -> Done:
        return subprocess.run(
            [sys.executable, "manage.py", *argv],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database_url()},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            **options,
        )

    return run


def answer(done: Done) -> dict[str, Any]:
    """Return the one JSON object that a command printed."""
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
