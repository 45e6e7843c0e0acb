"""A plan from its analysis to its undo: by buttons, then by commands, each for real.

Web server, worker, commands and the Stash are processes or servers of their own.
"""

from typing import Any

import pytest

from syncapp.models import Change, Source
from tests.integration.trips.conftest import Manage, answer, wait_for
from tests.mirror import Mirror
from tests.site import Person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker"),
    pytest.mark.timeout(300),
]
DETECTORS = ["studio", "performers", "tags", "date", "title"]
TOLD = {"job_id", "status", "created_at", "updated_at", "url"}


@pytest.fixture
def films(mirror: Mirror) -> Mirror:
    """Give a library that is mirrored, and may be written to."""
    Source.objects.filter(pk=mirror.source.pk).update(read_only=False)
    mirror.full()
    return mirror


def content(films: Mirror) -> dict[int, dict[str, Any]]:
    """Return all scenes; stamps are no content, lists of ids no order."""
    library = films.demo.library
    return {
        number: {
            name: sorted(value) if name in {"tags", "performers"} else value
            for name, value in library.get("scene", number).items()
            if name != "updated_at"
        }
        for number in library.ids("scene")
    }


def accepted(plan_id: int) -> int:
    return Change.objects.filter(plan_id=plan_id, state="accepted").count()


def ended_by(person: Person, path: str, **typed: Any) -> dict[str, Any]:
    """Press the button of a page that asks for a job; returns the job's result."""
    own = path.partition("?")[0]
    form = next(each for each in person.forms(path) if each.action in ("", own))
    reply = person.http.post(
        own, data={**form.fields, **typed}, headers={"Accept": "application/json"}
    )
    assert reply.status_code == 202, reply.text
    told = reply.json()
    assert set(told) == TOLD
    job = wait_for(told["job_id"])
    assert (job.status, job.error_text) == ("succeeded", "")
    result: dict[str, Any] = job.result
    return result


def accept_all(person: Person, plan_id: int) -> None:
    """Accept what is proposed, on the page that asks first."""
    path = f"/plans/{plan_id}/decide/matching/?to=accepted"
    (form,) = [each for each in person.forms(path) if "matching" in each.action]
    reply = person.press(form, {})
    assert reply.status_code == 303, reply.text


def test_by_buttons(person: Person, films: Mirror) -> None:
    before, source_id = content(films), films.source.pk

    asked = {"detectors": DETECTORS, "do": "start"}
    found = ended_by(person, f"/analyse/?unanalysed={source_id}", **asked)
    plan_id = found["plan"]
    accept_all(person, plan_id)
    number = accepted(plan_id)
    assert number > 30
    wrote = ended_by(person, f"/plans/{plan_id}/apply/")
    assert wrote["changes"] == {"applied": number}
    assert content(films) != before

    undo_id = ended_by(person, f"/plans/{plan_id}/undo/")["plan"]
    accept_all(person, undo_id)
    assert accepted(undo_id) == number
    took = ended_by(person, f"/plans/{undo_id}/apply/")
    assert took["changes"] == {"applied": number}
    assert content(films) == before


def test_by_commands(manage: Manage, films: Mirror) -> None:
    before = content(films)

    def run(*words: str) -> dict[str, Any]:
        done = manage(*words, "--json")
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return answer(done)

    plan_id = str(run("analyze")["result"]["plan"])
    run("plan", "accept", plan_id, "--yes")
    number = accepted(int(plan_id))
    assert number > 30
    wrote = run("plan", "apply", plan_id)
    assert wrote["result"]["changes"] == {"applied": number}
    assert content(films) != before

    undo_id = str(run("plan", "undo", plan_id)["result"]["plan"])
    run("plan", "accept", undo_id, "--yes")
    took = run("plan", "apply", undo_id)
    assert took["result"]["changes"] == {"applied": number}
    assert content(films) == before
    assert run("verify", "--all")["result"]["differences"] == 0
