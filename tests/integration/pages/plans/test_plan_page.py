"""A plan is read and narrowed."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from syncapp import queries, services
from syncapp.models import Change, Scene, SceneTag, Source, Studio, Tag
from syncapp.queries import planned_scenes
from tests.builders import NOON, make_scene, make_studio
from tests.integration.pages.plans.conftest import ATTACK, MARKED, facets, page
from tests.plan_builders import make_change, make_plan

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_shows_old_and_new_and_the_evidence_in_the_path(
    site: Client, plan: Any, scene: Any, studio: Any
) -> None:
    html = page(site, plan)

    assert "<h1><bdi>Analysis of 3 scenes</bdi></h1>" in html
    assert f'<a href="/scenes/{scene.pk}/" data-open><bdi>reel 9.mkv</bdi></a>' in html
    assert f'href="/studios/{studio.pk}/"><bdi>Tideline Films</bdi></a></ins>' in html
    assert MARKED in html
    assert "<bdi>A folder is its name.</bdi>" in html
    assert "99.5% of such proposals were right" in html
    assert '<span class="hidden">add </span>' in html
    assert 'href="http://nas:9999/scenes/9"' in html
    assert "Outdated" not in html
    for words in ("Accept", "Reject"):
        assert f">{words}<span" in html


def test_a_set_value_and_texts_show_both(
    site: Client, plan: Any, source: Source, studio: Any
) -> None:
    shorts = Studio.objects.get(name="Tideline Shorts")
    scene = make_scene(source, 10, "Reel", studio=studio, date="2011-04-30")
    make_change(
        *(plan, scene, "studio", shorts), before_id=studio.pk, before=studio.name
    )
    make_change(plan, scene, "title", "The harbour at dawn", before="Reel")

    html = page(site, plan, field=["studio", "title"])

    assert f'<del><a class="chip" href="/studios/{studio.pk}/">' in html
    assert "<del><bdi>Reel</bdi></del>" in html
    assert "<ins><bdi>The harbour at dawn</bdi></ins>" in html


def test_facets_count_and_lead_on(site: Client, plan: Any) -> None:
    html = page(site, plan)

    assert facets(html)["studio"] == "1"
    assert facets(html)["certain"] == "1"
    assert 'href="?level=certain"' in html

    narrowed = page(site, plan, level="certain")

    assert "1 change matches, by scene." in narrowed
    assert '<a href="?" aria-current="true"><bdi>certain</bdi>' in narrowed
    assert 'href="?level=certain&amp;field=studio"' in narrowed
    assert "tags" not in facets(narrowed)


def test_a_reason_narrows_and_is_named(site: Client, plan: Any) -> None:
    (key,) = Change.objects.filter(field="tags").values_list("cause_key", flat=True)

    html = page(site, plan, cause=key)

    assert "1 change matches" in html
    assert "<bdi>Sea: A folder is its name.</bdi>" in html  # its chip
    assert "Tideline Films</mark>" not in html


def test_alternatives_stand_together_the_surest_first(
    site: Client, plan: Any, source: Source, scene: Any
) -> None:
    berg, other = make_studio(source, 7, "Berg"), make_studio(source, 8, "Bergen")
    for studio, confidence, level in ((berg, 0.4, "look"), (other, 0.96, "likely")):
        make_change(
            *(plan, scene, "studio", studio),
            choice="which",
            confidence=confidence,
            level=level,
        )

    html = page(site, plan)

    assert html.count('<li class="choice">') == 1
    choice = html[html.index("One of these can be true") :]
    assert choice.index("Bergen</bdi>") < choice.index("Berg</bdi>")
    hidden = page(site, plan, level="look")
    assert "the filter hides 1 more" in hidden


def test_a_second_evidence_is_told(site: Client, plan: Any, scene: Any) -> None:
    more = {
        "detector": "echo",
        "detector_version": 1,
        "evidence_kind": "title",
        "sentence": "The file's name holds it as well.",
        "spans": [["path", 22, 26]],
        "confidence": 0.5,
        "level": "look",
    }
    Change.objects.filter(field="studio").update(more_evidence=[more])

    html = page(site, plan)

    assert "The file&#x27;s name holds it as well." in html
    assert "/films/Tideline Films/<mark>reel</mark> 9.mkv" in html


@pytest.mark.parametrize(
    ("before", "now", "says"),
    [
        ({}, {"title": "Dunes"}, "another value now: <bdi>Dunes</bdi>"),
        ({}, {"title": "The harbour"}, "The scene has this value already."),
        ({"before": "Reel"}, {}, "The scene has none now."),
        ({"before": "Reel"}, {"title": " Reel "}, ""),
    ],
)
def test_what_differs_from_the_mirror_now_is_outdated(
    before: dict[str, str],
    now: dict[str, str],
    says: str,
    site: Client,
    plan: Any,
    scene: Any,
) -> None:
    make_change(plan, scene, "title", "The harbour", **before)
    Scene.objects.filter(pk=scene.pk).update(**now)

    html = page(site, plan, field="title")

    assert ("Outdated." in html) == bool(says)
    assert says in html


def test_studios_and_lists_are_outdated_too(
    site: Client, plan: Any, scene: Any, studio: Any
) -> None:
    Scene.objects.filter(pk=scene.pk).update(studio=studio)
    SceneTag.objects.create(scene=scene, tag=Tag.objects.get(name="Sea"))

    html = page(site, plan)

    assert "The scene has this value already." in html
    assert "The scene has it already." in html


def test_what_is_decided_is_not_outdated(site: Client, plan: Any, scene: Any) -> None:
    make_change(plan, scene, "title", "The harbour", state="rejected")
    Scene.objects.filter(pk=scene.pk).update(title="Dunes")

    html = page(site, plan, state="rejected")

    assert "Outdated." not in html
    assert ">rejected</span>" in html


def test_a_scene_that_went_is_said_so(site: Client, plan: Any, scene: Any) -> None:
    Scene.objects.filter(pk=scene.pk).update(deleted_at=NOON)

    html = page(site, plan)

    assert "This scene is not in Stash any more" in html
    assert "Open in Stash" not in html


def test_an_entity_that_went_or_was_renamed_is_told(
    site: Client, plan: Any, studio: Any
) -> None:
    Studio.objects.filter(pk=studio.pk).update(name="Tideline Pictures")
    Change.objects.filter(field="tags").update(entity_id=2**40)

    html = page(site, plan)

    assert "now called <bdi>Tideline Pictures</bdi>" in html
    assert "<bdi>Sea</bdi>" in html
    assert f"/tags/{2**40}/" not in html


def test_hostile_texts_are_text(
    site: Client, source: Source, scene: Any, studio: Any
) -> None:
    plan = make_plan(source, ATTACK[:100], detectors={"<b>": 1}, options=[ATTACK])
    make_change(
        *(plan, scene, "title", ATTACK),
        before=ATTACK,
        sentence=ATTACK,
        detector="<b>",
        evidence_kind="<i>",
        spans=[["path", 0, 40], ["details", 2, 30]],
        objection=ATTACK,
    )
    Scene.objects.filter(pk=scene.pk).update(details=ATTACK, title=ATTACK)
    for address in ("/plans/", f"/plans/{plan.pk}/", f"/plans/{plan.pk}/delete/"):
        html = site.get(address).content.decode()

        assert "<script>" not in html
        assert "<img" not in html
        assert "<b>" not in html.replace("<bdi>", "")
        assert " style=" not in html


def test_pages_follow_each_other_by_scene(
    site: Client, source: Source, studio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planned_scenes, "SCENES", 2)
    plan = make_plan(source)
    for number in range(20, 25):
        scene = make_scene(source, number, f"Reel {number}")
        make_change(plan, scene, "studio", studio)

    shown, address, pages, html = [], f"/plans/{plan.pk}/?field=studio", 0, ""
    while address:
        html = site.get(address).content.decode()
        shown += re.findall(r"data-open><bdi>(Reel \d+)</bdi>", html)
        following = re.findall(r'rel="next" href="([^"]*)"', html)
        address = following[0].replace("&amp;", "&") if following else ""
        address = address and f"/plans/{plan.pk}/{address}"
        pages += 1

    assert shown == [f"Reel {number}" for number in range(20, 25)]
    assert pages == 3
    assert '<a class="button" href="?field=studio">First</a>' in html


def test_a_page_takes_as_many_queries_however_much_it_holds(
    source: Source, plan: Any, studio: Any
) -> None:
    def queries_of(filters: queries.PlanFilter) -> int:
        with CaptureQueriesContext(connection) as sent:
            queries.read_plan(plan.pk, filters)
        return len(sent)

    asked = (queries.PlanFilter(), queries.PlanFilter(field=("studio", "tags")))
    few = [queries_of(each) for each in asked]
    tag = Tag.objects.get(name="Tide pools")
    for number in range(20, 40):
        scene = make_scene(source, number, f"Reel {number}")
        make_change(plan, scene, "studio", studio)
        make_change(plan, scene, "tags", tag)

    assert [queries_of(each) for each in asked] == few
    assert max(few) <= 21


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"state": "eaten"}, "“eaten” is none of these: proposed, accepted"),
        ({"field": "colour"}, "“colour” is none of these: studio"),
        ({"level": "sure"}, "is none of these: certain, likely, look."),
        ({"detector": "\0"}, "is no detector."),
        ({"kind": "k" * 100}, "is no kind."),
        ({"cause": ["a", "b"]}, "is given more than once"),
        ({"colour": "red"}, "There is no filter “colour”."),
    ],
    ids=range(7),
)
def test_what_cannot_be_read_is_said_and_shows_nothing_else(
    asked: dict[str, Any], sentence: str, site: Client, plan: Any
) -> None:
    html = page(site, plan, **asked)

    assert sentence in html
    assert "data-row" not in html


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "\0", "1~2"])
def test_no_place_breaks_it(after: str, site: Client, plan: Any) -> None:
    assert page(site, plan, after=after)
    assert site.get("/plans/", {"after": after}).status_code == 200
    assert site.get("/plans/dismissals/", {"after": after}).status_code == 200


def test_an_empty_page_says_why(site: Client, plan: Any) -> None:
    assert "match these filters" in page(site, plan, state="failed")
    assert "No scenes stand behind" in page(site, plan, after=str(2**63 - 1))
    Change.objects.all().delete()
    assert "This plan holds no change." in page(site, plan)


def test_a_plan_that_is_gone_is_said_so(site: Client, plan: Any) -> None:
    services.delete_plan(plan.pk)

    for address in (f"/plans/{plan.pk}/", f"/plans/{plan.pk}/delete/"):
        response = site.get(address)
        assert response.status_code == 404
        assert b"nothing here" in response.content or b"deleted" in response.content
