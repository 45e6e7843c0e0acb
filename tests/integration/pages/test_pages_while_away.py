"""Forms while the database is away, busy or full, or prefers somebody else's work."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import pytest
from asgiref.sync import sync_to_async
from django.db import DataError
from psycopg.errors import DeadlockDetected, DiskFull

from config import sign_in
from jobs.scheduling import services as schedules
from jobs.scheduling.services import ScheduleSpec
from syncapp import services as sources
from tests.asgi import SiteClient
from tests.builders import make_person, make_source
from tests.integration.jobs.test_database_away import error, failing, times

pytestmark = pytest.mark.django_db(transaction=True)
MANAGES = ("jobs.manage_schedule", "syncapp.manage_source", "jobs.run_job")
SCHEDULE = {
    "name": "Quick sync at night",
    "kind": "sync.quick",
    "cron": "30 2 * * *",
    "zone": "Europe/Berlin",
    "overlap": "skip",
    "misfire": "once",
    "enabled": "on",
}


@dataclass(frozen=True)
class Work:
    """The form at `address`, whose work `does` of `services` does."""

    services: ModuleType
    does: str
    address: str

    def fail(
        self, patch: pytest.MonkeyPatch, cause: Exception, until: Callable[[], bool]
    ) -> None:
        real = getattr(self.services, self.does)
        patch.setattr(
            self.services, self.does, failing(real, error(cause), until=until)
        )


FORMS = [
    Work(schedules, "save_schedule", "/schedules/new/"),
    Work(schedules, "delete_schedule", "/schedules/{schedule}/delete/"),
    Work(sources, "set_key", "/sources/{source}/key/"),
    Work(sources, "remove_source", "/sources/{source}/remove/"),
]


@pytest.fixture
def ids(transactional_db: None) -> dict[str, int]:
    """Return a source, and a schedule."""
    source_id = make_source().pk
    spec = ScheduleSpec("Nightly", "sync.quick", {"source_id": source_id}, "0 3 * * *")
    return {"source": source_id, "schedule": schedules.save_schedule(spec)}


@pytest.fixture
def ada(transactional_db: None) -> SiteClient:
    """Give the browser of somebody who manages schedules and sources."""
    client = SiteClient()
    client.force_login(make_person("ada", *MANAGES))
    return client


def typed(ids: dict[str, int]) -> dict[str, str]:
    """Return what is typed into whichever form."""
    params = json.dumps({"source_id": ids["source"]})
    return {**SCHEDULE, "params": params, "api_key": "a-new-key"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.does)
async def test_a_form_that_meets_a_deadlock_is_done(
    form: Work, ada: SiteClient, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    form.fail(monkeypatch, DeadlockDetected("x"), times(2))

    response = await ada.post(form.address.format(**ids), typed(ids))

    assert response.status_code == 303


@pytest.mark.parametrize("cause", [DiskFull("x"), DeadlockDetected("x")])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.does)
async def test_a_form_is_answered_a_sentence_while_the_database_is_away(
    form: Work,
    cause: Exception,
    ada: SiteClient,
    ids: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form.fail(monkeypatch, cause, lambda: False)

    response = await ada.post(form.address.format(**ids), typed(ids))

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert b"Nothing was changed; try again shortly." in response.content


async def test_who_signs_in_while_the_database_is_away_is_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    never = failing(sign_in.SignIn.post, error(DiskFull("x")), until=lambda: False)
    monkeypatch.setattr(sign_in.SignIn, "post", never)
    client = SiteClient()
    await sync_to_async(make_person)("ada")

    response = await client.post("/sign-in/", {"username": "ada", "password": "x"})

    assert response.status_code == 503
    assert b"The database cannot do this at the moment" in response.content


async def test_what_the_database_refuses_is_an_error_of_ours(
    ada: SiteClient, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    never = failing(sources.set_key, DataError("x"), until=lambda: False)
    monkeypatch.setattr(sources, "set_key", never)
    ada.raise_request_exception = False

    response = await ada.post("/sources/{source}/key/".format(**ids), typed(ids))

    assert response.status_code == 500
