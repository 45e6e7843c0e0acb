"""Many scenes are changed by hand: a form, a preview, and a plan that is accepted."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import AsyncClient, Client

from jobs.models import Job
from jobs.services import run_inline
from syncapp.models import Change, Creation, Plan, Scene, Source, Tag
from syncapp.models.keys import row_id
from tests.builders import (
    make_library,
    make_performer,
    make_scene,
    make_source,
)

PAGE = "/scenes/change/"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def films(source: Source) -> Source:
    """Give a source that may be written to: three scenes alike, and a bare one."""
    Source.objects.update(read_only=False)
    make_scene(source, 9, "Reel 9")
    return source


@pytest.fixture
def site(operator: AsyncClient, client: Client) -> Client:
    client.cookies = operator.cookies
    return client


def keys(source: Source, *numbers: int) -> list[int]:
    return [row_id(source.pk, number) for number in numbers]


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content
    html: str = response.content.decode()
    return unescape(html)


def carried(html: str) -> dict[str, str]:
    """Return what a page's form carries on."""
    return dict(HIDDEN.findall(html))


def previewed(site: Client, source: Source, *, status: int = 200, **typed: Any) -> str:
    ids = ",".join(map(str, keys(source, 1, 9)))
    return text(site.post(PAGE, {"ids": ids, **typed, "do": "preview"}), status)


def made(site: Client, source: Source, **typed: Any) -> Any:
    """Preview and make; returns the plan after its job has run."""
    html = previewed(site, source, **typed)
    response = site.post(PAGE, {**carried(html), **typed, "do": "make"})
    assert response.status_code == 303, response.content
    run_inline(Job.objects.latest("pk").pk)
    return Plan.objects.latest("pk")


def test_a_preview_counts_what_differs_and_stores_nothing(
    site: Client, films: Source
) -> None:
    html = previewed(site, films, add_tags=["Sea", ""], date="2019-08-01", rating="80")

    assert "5 changes would be planned" in html
    assert "add tag Sea" in html
    assert "set date to 2019-08-01" in html
    assert "<del><bdi>2024-05-02</bdi></del>" in html
    assert "<ins><bdi>2019-08-01</bdi></ins>" in html
    assert not Job.objects.exists()
    assert not Plan.objects.exists()


def test_what_was_previewed_becomes_a_plan_that_is_accepted(
    site: Client, films: Source
) -> None:
    plan = made(site, films, add_tags=["Sea"], organized="true", studio="")

    rows = Change.objects.filter(plan=plan).order_by("field", "scene_id")
    told = list(rows.values_list("scene_id", "field", "op", "value", "state"))
    first, last = keys(films, 1, 9)
    assert told == [
        (first, "organized", "set", "true", "accepted"),
        (last, "organized", "set", "true", "accepted"),
        (last, "tags", "add", "Sea", "accepted"),
    ]
    job = Job.objects.get()
    assert (plan.job_id, plan.kind) == (job.pk, "by_hand")
    assert site.get(f"/analyse/jobs/{job.pk}/plan/")["Location"] == f"/plans/{plan.pk}/"
    html = text(site.get(f"/plans/{plan.pk}/"))
    assert "what was changed by hand" in html
    assert "organised" in html
    assert "organized" not in re.sub(r"<[^>]*>", "", html)
    assert "<bdi>yes</bdi>" in html.replace("\n", "")
    assert "ada asked for it on " in html
    assert "such proposals" not in html


def test_all_that_match_a_filter_are_changed(site: Client, films: Source) -> None:
    html = text(site.get(PAGE, {"none": "date"}))
    assert "Change 1 scene" in html
    typed = {"date": "2019-08-01"}
    html = text(site.post(PAGE, {**carried(html), **typed, "do": "preview"}))

    assert site.post(PAGE, {**carried(html), **typed, "do": "make"}).status_code == 303

    run_inline(Job.objects.get().pk)
    plan = Plan.objects.get()
    assert (plan.scope, plan.query) == ("filter", "none=date")
    assert list(Change.objects.values_list("scene_id", flat=True)) == keys(films, 9)


def test_other_scenes_that_match_by_now_are_shown_first(
    site: Client, films: Source
) -> None:
    typed = {"rating": "80"}
    html = text(site.get(PAGE, {"none": "date"}))
    html = text(site.post(PAGE, {**carried(html), **typed, "do": "preview"}))
    make_scene(films, 10, "Reel 10")

    response = site.post(PAGE, {**carried(html), **typed, "do": "make"})

    assert "2 changes would be planned" in text(response, 409)
    assert "Nothing was done" in text(response, 409)
    assert not Job.objects.exists()


@pytest.mark.parametrize("way", ["typed", "there"])
def test_what_is_not_what_was_shown_is_shown_first(
    way: str, site: Client, films: Source
) -> None:
    typed: dict[str, Any] = {"date": "2019-08-01"}
    html = previewed(site, films, **typed)
    if way == "typed":
        typed["date"] = "2019-08-02"
    else:
        Scene.objects.filter(id__in=keys(films, 9)).update(date="2019-08-01")

    response = site.post(PAGE, {**carried(html), **typed, "do": "make"})

    assert "is not what was shown before" in text(response, 409)
    assert not Job.objects.exists()
    again = {**carried(text(response, 409)), **typed, "do": "make"}
    assert site.post(PAGE, again).status_code == 303


def test_a_name_that_is_not_there_is_created_only_if_that_is_ticked(
    site: Client, films: Source
) -> None:
    html = previewed(site, films, status=400, add_tags=["Night dives"])
    assert "There is no tag “Night dives” in Film archive." in html
    assert 'value="make"' not in html
    assert "is created" in previewed(site, films, add_tags=["Night dives"], create="on")

    made(site, films, add_tags=["Night dives"], create="on")

    creation = Creation.objects.get()
    assert (creation.kind, creation.name, creation.state) == (
        "tag",
        "Night dives",
        "accepted",
    )
    assert Change.objects.filter(creation=creation, state="accepted").count() == 2


def test_a_name_that_is_an_alias_is_what_it_stands_for(
    site: Client, films: Source
) -> None:
    plan = made(site, films, add_performers=["narrator 2"])

    change = Change.objects.get(plan=plan)
    assert (change.value, change.entity_id) == ("Narrator 2", keys(films, 2)[0])


def test_one_of_several_people_of_a_name_is_chosen_by_what_tells_them_apart(
    site: Client, films: Source
) -> None:
    for number, apart in ((11, "painter"), (12, "diver")):
        make_performer(films, number, "Ida Berg", disambiguation=apart)

    html = previewed(site, films, status=400, add_performers=["Ida Berg"])
    assert "More than one performer of Film archive is called “Ida Berg”" in html
    assert "Ida Berg (painter)" in html

    made(site, films, add_performers=["Ida Berg (diver)"])
    assert set(Change.objects.values_list("entity_id", flat=True)) == set(
        keys(films, 12)
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Nothing is to be changed"),
        ({"date": "2020-02-30"}, "is no date"),
        ({"date": "2020-2-3"}, "is no date"),
        ({"date": "2020"}, "takes no date without its day"),
        ({"rating": "0"}, "is no rating"),
        ({"rating": "101"}, "is no rating"),
        ({"rating": "x"}, "is no rating"),
        ({"rating": "5", "clear": "rating"}, "both cannot be done"),
        ({"studio": "Nowhere"}, "There is no studio “Nowhere”"),
        ({"remove_tags": "Nowhere", "create": "on"}, "There is no tag “Nowhere”"),
        ({"add_tags": "Sea", "remove_tags": "sea"}, "is to be added and removed"),
        ({"add_tags": "Sea\tside", "create": "on"}, "A name is one line"),
        ({"studio": "a\0b"}, "Null characters"),
        ({"organized": "perhaps"}, "perhaps"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_made(
    typed: dict[str, Any], sentence: str, site: Client, films: Source
) -> None:
    assert sentence in previewed(site, films, status=400, **typed)

    ids = ",".join(map(str, keys(films, 1, 9)))
    response = site.post(PAGE, {"ids": ids, **typed, "do": "make", "shown": ""})
    assert response.status_code == 400
    assert not Job.objects.exists()


def test_a_partial_date_is_taken_where_the_server_takes_it(
    site: Client, films: Source
) -> None:
    Source.objects.update(version="v0.30.1")

    made(site, films, date="2020")

    assert set(Change.objects.values_list("value", flat=True)) == {"2020"}


def test_what_is_cleared_becomes_none(site: Client, films: Source) -> None:
    plan = made(site, films, clear=["studio", "date"])

    told = Change.objects.filter(plan=plan).order_by("field")
    first = keys(films, 1)[0]
    assert list(told.values_list("scene_id", "field", "entity_id", "value")) == [
        (first, "date", None, ""),
        (first, "studio", None, ""),
    ]
    html = text(site.get(f"/plans/{plan.pk}/"))
    assert html.count('<span class="quiet">none</span>') == 2


def test_a_source_that_is_read_only_is_told_before_anything_is_typed(
    site: Client, films: Source
) -> None:
    other = make_source("Lectures")  # read only
    make_scene(other, 1, "Lecture 1")
    ids = [*keys(films, 9), *keys(other, 1)]
    html = text(site.post(PAGE, {"ids": ids}))
    assert "Lectures</bdi> is read only" in html

    html = text(site.post(PAGE, {"ids": ids, "rating": "80", "do": "preview"}))
    form = {**carried(html), "rating": "80", "do": "make"}
    assert site.post(PAGE, form).status_code == 303
    assert Job.objects.get().params["source_id"] == films.pk

    html = text(site.post(PAGE, {"ids": keys(other, 1)}))
    assert "Lectures</bdi> is read only" in html
    assert 'name="do"' not in html


def test_scenes_of_several_sources_are_a_plan_each(site: Client, films: Source) -> None:
    other = make_source("Lectures", read_only=False)
    make_library(other)
    ids = [*keys(films, 9), *keys(other, 1)]
    typed = {"remove_tags": "Sea", "rating": "80"}
    html = text(site.post(PAGE, {"ids": ids, **typed, "do": "preview"}))

    site.post(PAGE, {**carried(html), **typed, "do": "make"})

    for job in Job.objects.all():
        run_inline(job.pk)
    assert Plan.objects.count() == 2
    sea = Tag.objects.get(source=other, name="Sea")
    removed = Change.objects.get(field="tags")
    assert (removed.scene_id, removed.entity_id) == (keys(other, 1)[0], sea.pk)


def test_two_clicks_are_one_plan(site: Client, films: Source) -> None:
    html = previewed(site, films, rating="80")
    form = {**carried(html), "rating": "80", "do": "make"}

    first, again = (site.post(PAGE, form) for _ in range(2))

    assert first["Location"] == again["Location"]
    assert Job.objects.count() == 1


def test_a_program_is_answered_with_the_job_or_a_sentence(
    site: Client, films: Source
) -> None:
    html = previewed(site, films, rating="80")
    form = {**carried(html), "rating": "80", "do": "make"}

    told = site.post(PAGE, form, headers={"accept": "application/json"})
    assert told.status_code == 202
    assert {"job_id", "status", "updated_at"} <= told.json().keys()
    wrong = {**form, "rating": "101"}
    told = site.post(PAGE, wrong, headers={"accept": "application/json"})
    assert (told.status_code, told.json()["error"][:5]) == (400, "“101”")


def test_who_may_only_look_changes_nothing(
    reader: AsyncClient, client: Client, films: Source
) -> None:
    client.cookies = reader.cookies

    assert client.get(PAGE).status_code == 403
    response = client.post(PAGE, {"ids": keys(films, 9), "rating": "8", "do": "make"})
    assert response.status_code == 403
