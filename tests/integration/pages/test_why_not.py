"""What an analysis would say of a scene, with the evidence marked in its texts."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import AsyncClient, Client

from jobs.services import run_inline
from syncapp import queries, services
from syncapp.analysis import detectors, looking
from syncapp.models import Change, Plan, Scene, SceneAnalysis, Source
from tests.builders import NOON, make_scene, make_source, make_studio, make_tag
from tests.integration.pages.conftest import text
from tests.toy_detectors import TOYS, toy_confidence

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detectors, "DETECTORS", TOYS)
    monkeypatch.setattr(looking, "confidence_of", toy_confidence)


@pytest.fixture
def looking_on(reader: AsyncClient, client: Client) -> Client:
    client.cookies = reader.cookies
    return client


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """Give a scene with a studio's folder, and another's name in the file's name."""
    source = make_source()
    make_studio(source, 1, "Tideline Films")
    make_studio(source, 2, "Blue Planet")
    make_tag(source, 1, "harbour")
    path = "/films/Tideline Films/Blue Planet reel.mkv"
    made: Scene = make_scene(source, 1, "The harbour", path=path)
    return made


def told(html: str) -> str:
    main = html.partition("<main")[2]
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", main).split()))


def test_scene_leads_to_what_is_proposed_and_held_back_with_reasons(
    looking_on: Client, scene: Scene
) -> None:
    page = f"/scenes/{scene.pk}/analysis/"
    assert f'href="{page}"' in text(looking_on.get(f"/scenes/{scene.pk}/"))

    html = text(looking_on.get(page))

    words = told(html)
    proposed, _, held = words.partition("held them back")
    assert "Tags: add harbour The title names it. likely" in proposed
    assert "The folder “Tideline Films” is its name." in proposed
    assert "A file's name alone is not enough." in held
    assert "/films/<mark>Tideline Films</mark>/Blue Planet reel.mkv" in html
    assert "The <mark>harbour</mark>" in html
    assert "Not analysed yet" in words


def test_alternatives_are_told_as_a_choice(looking_on: Client, scene: Scene) -> None:
    words = told(text(looking_on.get(f"/scenes/{scene.pk}/analysis/")))

    assert "Studio: Tideline Films One of several: you choose." in words
    assert "Studio: Blue Planet One of several: you choose." in words


def test_looking_stores_nothing(looking_on: Client, scene: Scene) -> None:
    looking_on.get(f"/scenes/{scene.pk}/analysis/")

    stored = (Plan, Change, SceneAnalysis)
    assert [model for model in stored if model.objects.exists()] == []


def test_what_is_there_and_what_was_dismissed_is_told_as_such(
    looking_on: Client, scene: Scene
) -> None:
    run_inline(services.start_analysis(scene.source_id).job_id)
    change = Change.objects.get(detector="tag")
    services.dismiss(change.pk, "scene")
    Scene.objects.filter(pk=scene.pk).update(organized=True, synced_at=NOON)
    SceneAnalysis.objects.update(synced_at=NOON.replace(year=2020))

    words = told(text(looking_on.get(f"/scenes/{scene.pk}/analysis/")))

    assert "1 was dismissed before, and is not proposed again." in words
    assert "add harbour" not in words
    assert "This scene is organised" in words
    assert "the scene changed since" in words


def test_nothing_to_say_is_said(looking_on: Client, scene: Scene) -> None:
    bare = make_scene(scene.source, 2, "Reel", path="/x/y.mkv")

    words = told(text(looking_on.get(f"/scenes/{bare.pk}/analysis/")))

    assert "Nothing: the scene has it all already" in words
    assert "Nothing else was considered." in words


def test_a_scene_that_is_not_there_has_no_such_page(
    looking_on: Client, scene: Scene
) -> None:
    assert looking_on.get("/scenes/99/analysis/").status_code == 404
    assert queries.scene_said(99) is None


def test_texts_of_a_source_stay_text(looking_on: Client, scene: Scene) -> None:
    source: Source = scene.source
    make_studio(source, 5, "<b>Tide")
    odd = make_scene(source, 5, "<i>", path="/films/<b>Tide/<u>x.mkv")

    html = text(looking_on.get(f"/scenes/{odd.pk}/analysis/"))

    assert "<mark>&lt;b&gt;Tide</mark>" in html
    assert not re.search(r"<(b|i|u)>", html)


def test_number_of_queries_is_fixed(
    looking_on: Client, scene: Scene, django_assert_max_num_queries: Any
) -> None:
    for number in range(10, 40):
        make_tag(scene.source, number, f"tag {number}")
    looking_on.get(f"/scenes/{scene.pk}/analysis/")

    with django_assert_max_num_queries(27):
        looking_on.get(f"/scenes/{scene.pk}/analysis/")
