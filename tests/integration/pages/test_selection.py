"""Choosing many scenes in the list: what the pages show, and what they answer."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import AsyncClient, Client

from jobs.models import Job
from syncapp.models import Scene, Source
from syncapp.services import scene_sets
from tests.builders import index, indexed_at_once, make_scene, make_source
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
JSON = {"Accept": "application/json"}
CONFIRM = "/scenes/sync/matching/"


@pytest.fixture
def person(operator: AsyncClient, client: Client) -> Client:
    client.cookies = operator.cookies
    return client


@pytest.fixture
def lectures(source: Source) -> Source:
    """Give a second source, with a scene."""
    other = make_source("Lectures")
    make_scene(other, 1, "On Tides")
    return other


def form_of(html: str) -> dict[str, str]:
    """Return what the form of a page that asks would send."""
    pairs = re.findall(r'name="(filter|number|digest)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in pairs}


def test_list_leads_to_all_that_match(person: Client, source: Source) -> None:
    html = text(person.get("/scenes/", {"q": "Dawn", "sort": "title"}))

    assert f'href="{CONFIRM}?q=Dawn&amp;sort=title&amp;size=50">' in html
    assert "Select all 3 matching" in html


def test_page_that_asks_shows_the_filter_the_numbers_and_some_of_them(
    person: Client, lectures: Source
) -> None:
    html = text(person.get(CONFIRM, {"date_from": "2024", "sort": "title"}))

    assert "Re-sync 3 scenes?" in html
    assert '<span class="chip"><bdi>date from 2024</bdi></span>' in html
    assert re.search(r"<dt>Film archive</dt><dd>3\s+scenes, one job</dd>", html)
    assert "Lectures" not in html.partition("<main")[2].replace("On Tides", "")
    assert "Harbour at Dawn 1" in html
    assert 'href="/scenes/?date_from=2024&amp;sort=title"' in html
    assert Job.objects.count() == 0


def test_all_scenes_need_no_filter(person: Client, lectures: Source) -> None:
    html = text(person.get(CONFIRM))

    assert "Re-sync 4 scenes?" in html
    assert "No filter is on" in html


def test_what_was_shown_is_done(person: Client, source: Source) -> None:
    form = form_of(text(person.get(CONFIRM, {"q": "Dawn"})))

    response = person.post(CONFIRM, form)

    job = Job.objects.get()
    assert response.status_code == 303
    assert response.headers["Location"] == f"/jobs/{job.pk}/"
    assert job.params["ids"] == [1, 2, 3]
    assert job.requested_by.username == "ada"


def test_if_others_match_by_then_the_page_asks_again(
    person: Client, source: Source
) -> None:
    form = form_of(text(person.get(CONFIRM, {"q": "Dawn"})))
    make_scene(source, 9, "Dawn, again")

    response = person.post(CONFIRM, form)

    html = response.content.decode()
    assert response.status_code == 409
    assert Job.objects.count() == 0
    assert "Nothing was done" in html
    assert "3 were shown and 4 match now, 1 more." in html
    assert person.post(CONFIRM, form_of(html)).status_code == 303


def test_as_many_others_are_told_as_well(person: Client, source: Source) -> None:
    form = form_of(text(person.get(CONFIRM, {"q": "Dawn"})))
    Scene.objects.filter(remote_id=1).update(title="Owls")
    index(Scene.objects.get(remote_id=1))
    make_scene(source, 9, "Dawn, again")

    page = person.post(CONFIRM, form).content.decode()
    told = person.post(CONFIRM, form, headers=JSON)

    assert "3 match now as well, but they are not the same ones" in page
    assert told.status_code == 409
    assert "not the same ones" in told.json()["error"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"date_from": "soon"}, "“soon” is not a date"),
        ({"tag": "nobody"}, "None of the tags is called “nobody”"),
        ({"colour": "red"}, "There is no filter “colour”"),
        ({"q": "\0"}, "is not a text"),
    ],
)
def test_filter_that_cannot_be_used_is_refused_with_its_sentence(
    query: dict[str, str], sentence: str, person: Client, source: Source
) -> None:
    looked = person.get(CONFIRM, query)
    name, value = next(iter(query.items()))
    asked = person.post(CONFIRM, {"filter": f"{name}={value}", "digest": ""})

    assert (looked.status_code, asked.status_code) == (400, 400)
    assert sentence in looked.content.decode()
    assert sentence in asked.content.decode()
    assert Job.objects.count() == 0


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"filter": "q=Dawn"},
        {"filter": "q=Dawn", "number": "x", "digest": "0" * 32},
        {"filter": "q=Dawn", "number": "-5", "digest": "\0"},
        {"filter": "%FF%00&&&==", "number": "9" * 400, "digest": "é" * 5_000},
        {"filter": "&".join(f"x{n}=1" for n in range(2_000))},
    ],
    ids=range(6),
)
def test_forms_that_nobody_was_shown_do_nothing(
    form: dict[str, str], person: Client, source: Source
) -> None:
    response = person.post(CONFIRM, form)

    assert response.status_code in {400, 409}
    assert Job.objects.count() == 0


def test_nothing_that_matches_leaves_nothing_to_press(
    person: Client, source: Source
) -> None:
    html = text(person.get(CONFIRM, {"q": "Nowhere"}))

    assert "No scene matches" in html
    assert form_of(html) == {}


def test_who_may_look_alone_finds_no_way_there(
    reader: AsyncClient, source: Source, client: Client
) -> None:
    client.cookies = reader.cookies

    html = text(client.get("/scenes/"))

    assert "Select" not in html
    assert CONFIRM not in html
    assert client.get(CONFIRM).status_code == 403
    assert client.post(CONFIRM, {"filter": ""}).status_code == 403
    assert Job.objects.count() == 0


def test_confirming_needs_the_form_s_token(person: Client, source: Source) -> None:
    form = form_of(text(person.get(CONFIRM)))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = person.cookies

    assert strict.post(CONFIRM, form).status_code == 403
    assert Job.objects.count() == 0


def test_chosen_scenes_of_two_sources_are_two_jobs_that_are_named(
    person: Client, source: Source, lectures: Source
) -> None:
    ids = list(Scene.objects.values_list("id", flat=True))

    response = person.post("/scenes/sync/", {"ids": ids})

    first, second = Job.objects.order_by("id")
    assert (response.status_code, response.headers["Location"]) == (303, "/jobs/")
    html = text(person.get("/jobs/"))
    assert f'<a href="/jobs/{first.pk}/">job {first.pk}</a> (3 scenes of Film' in html
    assert f'<a href="/jobs/{second.pk}/">job {second.pk}</a> (1 scene of Lec' in html


def test_who_asks_for_json_is_told_of_each_job(
    person: Client, source: Source, lectures: Source
) -> None:
    form = form_of(text(person.get(CONFIRM)))

    told = person.post(CONFIRM, form, headers=JSON)

    jobs = told.json()["jobs"]
    assert told.status_code == 202
    assert [job["job_id"] for job in jobs] == list(
        Job.objects.order_by("id").values_list("id", flat=True)
    )
    assert "A job for each" not in text(person.get("/jobs/"))


def test_names_of_sources_are_text_and_short_in_the_message(
    person: Client, source: Source
) -> None:
    for number in range(8):
        name = f"{number} <img src=x> " + "é" * 80
        make_scene(make_source(name), 1, "On Tides")

    person.post(CONFIRM, form_of(text(person.get(CONFIRM))))

    html = text(person.get("/jobs/"))
    assert "A job for each source" in html
    assert "and 4 more" in html
    assert "<img" not in html


def test_chosen_scenes_that_are_gone_are_told_of(
    person: Client, source: Source
) -> None:
    scene = Scene.objects.get(remote_id=2)

    response: Any = person.post("/scenes/sync/", {"ids": f"{scene.pk},77,78"})

    html = text(person.get(response.headers["Location"]))
    assert "2 of the chosen scenes are not in the mirror any more" in html
    assert Job.objects.get().params["ids"] == [2]


def test_ids_of_other_pages_come_in_one_field(
    person: Client, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene_sets, "MOST_CHOSEN", 2)
    ids = sorted(Scene.objects.values_list("id", flat=True))
    unknown = ",".join(str(10**12 + number) for number in range(4_990))

    person.post("/scenes/sync/", {"ids": [ids[0], f"{ids[1]},{ids[2]},{unknown}"]})

    assert Job.objects.get().title == "Sync of 3 scenes · Film archive"


def test_too_many_are_refused_with_the_way_that_takes_more(
    person: Client, source: Source
) -> None:
    response = person.post("/scenes/sync/", {"ids": ",".join(map(str, range(5_001)))})

    assert response.status_code == 400
    assert "“Select all matching”" in response.content.decode()
    assert Job.objects.count() == 0


def test_number_of_queries_does_not_grow(
    person: Client, source: Source, django_assert_max_num_queries: Any
) -> None:
    with indexed_at_once():
        for number in range(10, 60):
            make_scene(source, number, f"Dawn {number}")
    person.get("/scenes/")

    with django_assert_max_num_queries(14):
        person.get(CONFIRM, {"q": "Dawn"})
