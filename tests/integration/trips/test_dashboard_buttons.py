"""Every button of the dashboard, over HTTP, worked off by a real worker process."""

import threading
from typing import Any

import pytest
from django.urls import reverse

from jobs.models import Job
from tests.integration.trips.conftest import wait_for
from tests.mirror import Mirror
from tests.site import Form, Person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker"),
]
STREAMS = ("tags", "studios", "performers", "scenes")
BUTTONS = [(mode, stream) for mode in ("quick", "full") for stream in ("", *STREAMS)]


def find_button(
    person: Person, source_id: int, mode: str, stream: str
) -> tuple[Form, dict[str, str]]:
    """Return the dashboard's button that starts this sync, with its form."""
    wanted = reverse("syncapp:sync", args=[source_id, mode])
    for form in person.forms("/"):
        for button in form.buttons:
            action = button.get("formaction") or form.action
            named = button.get("name") == "streams" and button.get("value", "")
            if action == wanted and (named or form.fields.get("streams", "")) == stream:
                return form, button
    msg = f"The dashboard has no button for a {mode} sync of {stream or 'all'}."
    raise AssertionError(msg)


@pytest.mark.parametrize(("mode", "stream"), BUTTONS)
def test_button_leads_to_the_page_of_a_job_that_mirrors(
    mode: str, stream: str, person: Person, mirror: Mirror
) -> None:
    answer = person.press(*find_button(person, mirror.source.pk, mode, stream))

    job = Job.objects.get()
    assert answer.status_code == 303
    assert answer.headers["Location"] == reverse("jobs:detail", args=[job.pk])
    assert wait_for(job.pk).status == "succeeded"
    wanted = {stream} if stream else set(STREAMS)
    assert wanted <= set(job_result(job)["streams"])
    if not stream:
        assert mirror.differences() == []
    assert "succeeded" in person.http.get(answer.headers["Location"]).text.lower()


@pytest.mark.parametrize(("mode", "stream"), BUTTONS)
def test_button_answers_json_to_who_asks_for_it(
    mode: str, stream: str, person: Person, mirror: Mirror
) -> None:
    form, button = find_button(person, mirror.source.pk, mode, stream)

    answer = person.press(form, button, accept="application/json")

    job = Job.objects.get()
    assert answer.status_code == 202
    told = answer.json()
    assert set(told) == {"job_id", "status", "created_at", "updated_at", "url"}
    assert (told["job_id"], told["url"]) == (job.pk, f"/jobs/{job.pk}/")
    assert told["status"] in {"queued", "running"}
    assert wait_for(job.pk).status == "succeeded"


def job_result(job: Job) -> dict[str, Any]:
    job.refresh_from_db()
    result: dict[str, Any] = job.result
    return result


def test_two_clicks_at_once_make_one_job(person: Person, mirror: Mirror) -> None:
    form, button = find_button(person, mirror.source.pk, "quick", "")
    mirror.quick()
    people = [person, person]
    for round_number in range(50):
        told: list[int] = []
        together = threading.Barrier(2)

        def click(who: Person, told: list[int] = told) -> None:
            together.wait()  # noqa: B023 - each round joins its threads
            reply = who.press(form, button, accept="application/json")
            told.append(reply.json()["job_id"])

        # The demo holds the job's first request, so that the round's job is active
        # when the second click arrives, however late that is.
        with mirror.demo.gate.hold():
            threads = [threading.Thread(target=click, args=[who]) for who in people]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
        assert len(told) == 2
        assert told[0] == told[1]
        assert Job.objects.count() == round_number + 1
        assert wait_for(told[0]).status == "succeeded"


def test_full_sync_waits_for_the_quick_one_and_says_so(
    person: Person, mirror: Mirror
) -> None:
    pk = mirror.source.pk
    with mirror.demo.gate.hold() as held:
        quick = person.press(*find_button(person, pk, "quick", ""))
        held.wait(15)
        full = person.press(*find_button(person, pk, "full", ""))
        quick_id, full_id = Job.objects.order_by("id").values_list("id", flat=True)

        page = person.wait_for_text(
            full.headers["Location"], f"Waits for job {quick_id}"
        )

        assert "Quick sync" in page
        assert Job.objects.get(pk=full_id).status == "queued"
        assert quick.headers["Location"] == reverse("jobs:detail", args=[quick_id])
    assert wait_for(quick_id).status == "succeeded"
    assert wait_for(full_id).status == "succeeded"
    assert mirror.differences() == []
