"""The page that asks for an analysis: what it shows, previews, and starts."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import AsyncClient, Client

from jobs.models import Job
from jobs.services import run_inline
from syncapp.analysis import detectors, looking
from syncapp.models import Change, Plan, Scene, SceneAnalysis, SceneSet, Source
from syncapp.services import analysis_preview
from tests.builders import (
    index,
    indexed_at_once,
    make_scene,
    make_source,
    make_studio,
    make_tag,
)
from tests.integration.pages.conftest import text
from tests.toy_detectors import TOYS, toy_confidence

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/analyse/"
JSON = {"Accept": "application/json"}
USUAL = ["folder", "echo", "tag"]


@pytest.fixture(autouse=True)
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give toy detectors, of which one is asked for by name alone."""
    *usual, caption = TOYS
    asked = replace(caption, is_on_request=True)
    monkeypatch.setattr(detectors, "DETECTORS", (*usual, asked))
    monkeypatch.setattr(looking, "confidence_of", toy_confidence)


@pytest.fixture
def person(operator: AsyncClient, client: Client) -> Client:
    client.cookies = operator.cookies
    return client


@pytest.fixture
def archive(transactional_db: None) -> Source:
    """Give six scenes: all below a studio's folder, the last with no title."""
    source = make_source()
    make_studio(source, 1, "Tideline Films")
    make_tag(source, 1, "harbour")
    for number in range(1, 7):
        title = "" if number == 6 else f"The harbour at dawn {number}"
        path = f"/films/Tideline Films/reel {number}.mkv"
        make_scene(source, number, title, path=path)
    return source


def form_of(html: str) -> dict[str, Any]:
    """Return what the form of the page would send, without its buttons."""
    main = html.partition("<main")[2]
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', main)
    ticked = re.findall(r'name="detectors" value="([^"]*)" checked', main)
    form = {k: unescape(v) for k, v in hidden if k != "csrfmiddlewaretoken"}
    return {**form, "detectors": ticked}


def told(html: str) -> str:
    """Return the words of a page, in one line."""
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", html).split()))


def test_list_leads_there_with_the_ticked_ones_and_with_all_that_match(
    person: Client, archive: Source
) -> None:
    for scene in Scene.objects.all():
        index(scene)
    html = text(person.get("/scenes/", {"q": "dawn"}))

    assert f'<button formaction="{PAGE}"' in html
    assert f'href="{PAGE}?q=dawn&amp;' in html
    assert ">Analyse all…</a>" in html


def test_usual_detectors_are_ticked_and_no_other(
    person: Client, archive: Source
) -> None:
    html = text(person.get(PAGE))

    assert form_of(html)["detectors"] == USUAL
    assert "Analyse 6 scenes" in html
    assert "(only if you ask for it)" in html
    assert "Tidies it." in html
    assert "Organised scenes as well" in html


def test_chosen_scenes_are_analysed_with_what_was_chosen(
    person: Client, archive: Source
) -> None:
    keys = sorted(Scene.objects.values_list("id", flat=True))
    shown = text(person.post(PAGE, {"ids": [str(keys[0]), f"{keys[5]},77"]}))
    assert "Analyse 2 scenes" in shown
    assert "1 of them is not in the mirror any more" in told(shown)
    assert not Job.objects.exists()

    form = {
        **form_of(shown),
        "detectors": ["caption"],
        "options": ["caption.tidy"],
        "name": "Of two",
        "do": "start",
    }
    response = person.post(PAGE, form)

    job = Job.objects.get()
    assert response.status_code == 303
    assert response.headers["Location"] == f"/jobs/{job.pk}/"
    run_inline(job.pk)
    plan = Plan.objects.get()
    assert (plan.name, plan.options) == ("Of two", ["caption.tidy"])
    assert plan.detectors == {"caption": 1}
    (change,) = Change.objects.all()
    assert (change.scene_id, change.value) == (keys[5], "reel 6")
    html = text(person.get(f"/jobs/{job.pk}/"))
    assert "proposals" in html


def test_preview_tells_numbers_and_examples_and_stores_nothing(
    person: Client, archive: Source
) -> None:
    form = form_of(text(person.get(PAGE)))

    html = text(person.post(PAGE, {**form, "do": "preview"}))

    words = told(html)
    assert "11 proposals for 6 of 6 scenes that were looked at" in words
    assert re.search(r"Folder 6 0 0", words)
    assert re.search(r"Tag 0 5 0", words)
    assert "The folder “Tideline Films” is its name." in words
    assert "The harbour at dawn 1" in words
    stored = (Job, Plan, Change, SceneAnalysis, SceneSet)
    assert [model for model in stored if model.objects.exists()] == []


def test_preview_of_many_looks_at_some_and_says_what_to_expect(
    person: Client, archive: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis_preview, "SAMPLE", 2)
    form = form_of(text(person.get(PAGE)))

    html = text(person.post(PAGE, {**form, "detectors": ["folder"], "do": "preview"}))

    assert "2 proposals for 2 of 2 scenes that were looked at; about 6 for all" in (
        told(html)
    )


def test_preview_stops_when_its_time_is_over(
    person: Client, archive: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis_preview, "ENOUGH_S", -1.0)
    form = form_of(text(person.get(PAGE)))

    html = text(person.post(PAGE, {**form, "do": "preview"}))

    assert "No scene was looked at. It stopped there" in told(html)


def test_preview_leaves_organised_scenes_out_unless_they_are_asked_for(
    person: Client, archive: Source
) -> None:
    Scene.objects.filter(remote_id__lte=4).update(organized=True)
    form = {**form_of(text(person.get(PAGE))), "do": "preview"}

    without = told(text(person.post(PAGE, form)))
    with_them = told(text(person.post(PAGE, {**form, "organized": "on"})))

    assert "2 of 2 scenes that were looked at" in without
    assert "Of 6 that were drawn, 4 are organised and left out." in without
    assert "6 of 6 scenes that were looked at" in with_them


def test_preview_keeps_what_was_chosen(person: Client, archive: Source) -> None:
    form = {**form_of(text(person.get(PAGE))), "do": "preview"}
    chosen = {"detectors": ["caption"], "options": ["caption.tidy"], "name": "My plan"}

    html = text(person.post(PAGE, {**form, **chosen}))

    assert form_of(html)["detectors"] == ["caption"]
    assert 'value="caption.tidy" checked' in html
    assert 'value="My plan"' in html


def test_what_a_filter_finds_is_done_exactly_as_shown(
    person: Client, archive: Source
) -> None:
    form = {**form_of(text(person.get(PAGE, {"none": "title"}))), "do": "start"}
    make_scene(archive, 9, "")

    changed = person.post(PAGE, form)

    html = changed.content.decode()
    assert changed.status_code == 409
    assert "1 were shown and 2 match now, 1 more." in html
    assert not Job.objects.exists()
    assert person.post(PAGE, {**form_of(html), "do": "start"}).status_code == 303
    assert SceneSet.objects.get().query == "none=title"


def test_what_is_not_analysed_is_one_job_of_a_source(
    person: Client, archive: Source
) -> None:
    html = text(person.get(PAGE, {"unanalysed": archive.pk}))
    assert "Analyse 6 scenes" in html
    form = {**form_of(html), "do": "start"}

    first = person.post(PAGE, form)
    again = person.post(PAGE, {**form, "detectors": ["tag"]})

    job = Job.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"/jobs/{job.pk}/"
    assert "asked for already" in text(person.get(f"/jobs/{job.pk}/"))
    run_inline(job.pk)
    html = text(person.get(PAGE, {"unanalysed": archive.pk}))
    assert "Nothing is left" in html
    assert 'value="start"' not in html


def test_options_of_detectors_that_do_not_run_are_left_out(
    person: Client, archive: Source
) -> None:
    form = {**form_of(text(person.get(PAGE))), "options": "caption.tidy"}

    person.post(PAGE, {**form, "do": "start"})

    assert Job.objects.get().params["options"] == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"detectors": []}, "Tick at least one"),
        ({"detectors": ["rating"]}, "There is no detector “rating”"),
        ({"options": ["tidy"]}, "There is no option “tidy”"),
        ({"name": "a" * 201}, "at most 200 characters"),
    ],
)
@pytest.mark.parametrize("do", ["preview", "start"])
def test_what_cannot_be_is_told_beside_its_field(
    do: str, typed: dict[str, Any], sentence: str, person: Client, archive: Source
) -> None:
    form = form_of(text(person.get(PAGE)))

    response = person.post(PAGE, {**form, **typed, "do": do})

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert "What is looked for" in response.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ({"colour": "red"}, 400, "There is no filter “colour”"),
        ({"unanalysed": "99"}, 404, "Source 99 is not here"),
        ({"unanalysed": "x"}, 404, "is not here"),
        ({"ids": "x"}, 404, "not in the mirror any more"),
        ({"ids": ""}, 400, "None of the scenes was chosen"),
    ],
)
def test_scenes_that_cannot_be_meant_are_refused_with_a_sentence(
    asked: dict[str, str], status: int, sentence: str, person: Client, archive: Source
) -> None:
    response = person.get(PAGE, asked)

    assert response.status_code == status
    assert sentence in response.content.decode()


def test_nothing_ticked_in_the_list_is_told(person: Client, archive: Source) -> None:
    response = person.post(PAGE, {})

    assert response.status_code == 400
    assert "choose one or more" in response.content.decode()


def test_names_of_sources_and_scenes_are_text(person: Client) -> None:
    source = make_source("<img src=x>")
    make_studio(source, 1, "<b>Tide</b>")
    make_scene(source, 1, "<i>", path="/films/<b>Tide<!b>/<b>Tide</b>/a.mkv")
    make_scene(source, 2, "<i>", path="/films/<b>Tide</b>")
    form = form_of(text(person.get(PAGE)))

    html = text(person.post(PAGE, {**form, "do": "preview"}))

    assert "<img" not in html
    assert "<b>" not in html


def test_who_may_look_alone_finds_no_way_there(
    reader: AsyncClient, archive: Source, client: Client
) -> None:
    client.cookies = reader.cookies

    assert PAGE not in text(client.get("/scenes/"))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"do": "start"}).status_code == 403
    assert not Job.objects.exists()


def test_who_asks_for_json_gets_the_job(person: Client, archive: Source) -> None:
    form = form_of(text(person.get(PAGE)))

    answer = person.post(PAGE, {**form, "do": "start"}, headers=JSON)

    assert answer.status_code == 202
    assert answer.json()["job_id"] == Job.objects.get().pk


def test_starting_needs_the_form_s_token(person: Client, archive: Source) -> None:
    form = form_of(text(person.get(PAGE)))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = person.cookies

    assert strict.post(PAGE, {**form, "do": "start"}).status_code == 403


def test_number_of_queries_does_not_grow(
    person: Client, archive: Source, django_assert_max_num_queries: Any
) -> None:
    with indexed_at_once():
        for number in range(10, 60):
            make_scene(archive, number, f"Dawn {number}", path=f"/x/{number}.mkv")
    form = form_of(text(person.get(PAGE)))

    with django_assert_max_num_queries(14):
        person.get(PAGE)
    with django_assert_max_num_queries(36):
        person.post(PAGE, {**form, "do": "preview"})
