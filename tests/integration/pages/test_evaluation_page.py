"""The table of an evaluation: asked for by a button, shown on a page of its own."""

import pytest
from django.test import AsyncClient, Client

from jobs.models import Job
from jobs.services import run_inline
from syncapp.analysis import detectors, looking
from syncapp.models import Plan, Scene, Source
from tests.builders import make_scene, make_source, make_studio
from tests.integration.pages.conftest import text
from tests.toy_detectors import TOYS, toy_confidence

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detectors, "DETECTORS", TOYS)
    monkeypatch.setattr(looking, "confidence_of", toy_confidence)


@pytest.fixture
def person(operator: AsyncClient, client: Client) -> Client:
    client.cookies = operator.cookies
    return client


@pytest.fixture
def organised(transactional_db: None) -> Source:
    """Give three organised scenes below their studio's folder."""
    source = make_source()
    studio = make_studio(source, 1, "Tideline Films")
    for number in range(1, 4):
        path = f"/films/Tideline Films/reel {number}.mkv"
        scene = make_scene(source, number, "On Tides", path=path, organized=True)
        Scene.objects.filter(pk=scene.pk).update(studio=studio)
    return source


def asked(person: Client, source: Source) -> int:
    """Press the button; returns the job."""
    response = person.post(f"/sources/{source.pk}/evaluate/")
    job = Job.objects.get()
    assert (response.status_code, response.headers["Location"]) == (
        303,
        f"/jobs/{job.pk}/",
    )
    return job.pk


def test_button_makes_a_job_whose_numbers_lead_to_the_table(
    person: Client, organised: Source
) -> None:
    form = text(person.get("/analyse/", {"unanalysed": organised.pk}))
    assert f'action="/sources/{organised.pk}/evaluate/"' in form
    job_id = asked(person, organised)
    page = f"/analyse/jobs/{job_id}/evaluation/"
    assert "The job has not ended" in text(person.get(page))
    run_inline(job_id)

    html = text(person.get(page))

    assert f'href="{page}"' in text(person.get(f"/jobs/{job_id}/"))
    assert '<td class="right number">100.0 %</td>' in html
    assert "Of 3 organised scenes 3 were looked at" in " ".join(html.split())
    assert not Plan.objects.exists()


def test_without_organised_scenes_it_says_so(person: Client, source: Source) -> None:
    Scene.objects.update(organized=False)
    job_id = asked(person, source)
    run_inline(job_id)

    html = text(person.get(f"/analyse/jobs/{job_id}/evaluation/"))

    assert "no scene of this source is organised" in html


def test_other_jobs_have_no_such_page(person: Client, organised: Source) -> None:
    person.post(f"/sources/{organised.pk}/sync/quick/")
    job = Job.objects.get()

    assert person.get(f"/analyse/jobs/{job.pk}/evaluation/").status_code == 404
    assert person.get(f"/analyse/jobs/{job.pk + 1}/evaluation/").status_code == 404


def test_who_may_look_alone_sees_the_table_and_no_button(
    person: Client, reader: AsyncClient, organised: Source
) -> None:
    job_id = asked(person, organised)
    person.cookies = reader.cookies

    assert person.post(f"/sources/{organised.pk}/evaluate/").status_code == 403
    html = text(person.get(f"/analyse/jobs/{job_id}/evaluation/"))
    assert "Evaluate again" not in html


def test_an_analysis_leads_to_its_plan(person: Client, organised: Source) -> None:
    Scene.objects.update(studio=None, organized=False)
    form = {"unanalysed": organised.pk, "detectors": "folder", "do": "start"}
    person.post("/analyse/", form)
    job = Job.objects.get()
    way = f"/analyse/jobs/{job.pk}/plan/"
    assert person.get(way).status_code == 404
    run_inline(job.pk)

    html = text(person.get(f"/jobs/{job.pk}/"))
    led = person.get(way)

    assert f'<a href="{way}">{Plan.objects.get().pk}</a>' in html
    assert (led.status_code, led.headers["Location"]) == (
        303,
        f"/plans/{Plan.objects.get().pk}/",
    )
