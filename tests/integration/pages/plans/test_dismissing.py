"""What is dismissed is listed and taken back; plans are deleted; readers look."""

import re
from typing import Any

import pytest
from django.test import Client

from jobs.models import Job
from syncapp import services
from syncapp.models import Change, Dismissal, Plan, Source
from syncapp.queries import rules
from tests.builders import NOON, make_scene, make_source
from tests.integration.pages.plans.conftest import page
from tests.plan_builders import make_change

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_dismissed_and_leads_back_to_the_place(
    site: Client, plan: Any, scene: Any
) -> None:
    change = Change.objects.get(field="studio")
    address = f"/plans/{plan.pk}/changes/{change.pk}/dismiss/"
    form = {
        "reach": "cause",
        "scene": scene.pk,
        "place": "?level=certain&after=3&next=//evil.example/",
    }

    response = site.post(address, form)

    assert response.status_code == 303
    assert response["Location"] == (
        f"/plans/{plan.pk}/?level=certain&after=3#scene-{scene.pk}"
    )
    html = page(site, plan)
    assert "It is never proposed again." in html
    assert "Never proposed again for this reason." in html
    assert f'href="/plans/dismissals/?source={plan.source_id}">Take it back' in html
    assert Dismissal.objects.get().by.get_username() == "ada"


@pytest.mark.parametrize(
    ("form", "status"),
    [({}, 400), ({"reach": "always"}, 400), ({"reach": "scene", "scene": "x"}, 303)],
)
def test_a_wrong_form_is_told(
    form: dict[str, str], status: int, site: Client, plan: Any
) -> None:
    change = Change.objects.get(field="studio")

    response = site.post(f"/plans/{plan.pk}/changes/{change.pk}/dismiss/", form)

    assert response.status_code == status


def test_each_reach_is_told_of_the_change_it_reaches(
    site: Client, plan: Any, source: Source, studio: Any
) -> None:
    other = make_scene(source, 11, "Reel 11")
    make_change(plan, other, "studio", studio, cause="another reason")
    change = Change.objects.get(field="studio", level="certain")
    services.dismiss(change.pk, "scene")
    services.dismiss(change.pk, "name")

    html = page(site, plan, field="studio")

    assert html.count("Never proposed again for this scene and anywhere.") == 1
    assert html.count("Never proposed again for anywhere") == 0


def test_the_list_of_dismissals_takes_back(
    site: Client, plan: Any, source: Source, scene: Any
) -> None:
    for reach in ("scene", "name"):
        services.dismiss(Change.objects.get(field="studio").pk, reach)
    kept = Dismissal.objects.get(reach="name")

    html = site.get("/plans/dismissals/").content.decode()
    response = site.post(
        f"/plans/dismissals/{kept.pk}/take-back/", {"source": source.pk}
    )

    assert f'in <a href="/scenes/{scene.pk}/"><bdi>reel 9.mkv</bdi></a>' in html
    assert "anywhere" in html
    assert response["Location"] == f"/plans/dismissals/?source={source.pk}"
    assert Dismissal.objects.get().reach == "scene"
    again = site.post(f"/plans/dismissals/{kept.pk}/take-back/")
    assert again.status_code == 404


def test_dismissals_are_of_one_source_and_go_on(
    site: Client, plan: Any, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "DISMISSALS", 1)
    attic = make_source("Attic")
    for change in Change.objects.all():
        services.dismiss(change.pk, "name")

    html = site.get("/plans/dismissals/", {"source": source.pk}).content.decode()
    (more,) = re.findall(r'rel="next" href="([^"]*)"', html)
    behind = site.get(f"/plans/dismissals/{more.replace('&amp;', '&')}")
    empty = site.get("/plans/dismissals/", {"source": attic.pk}).content.decode()

    assert "<bdi>Sea</bdi>" in html
    assert "<bdi>Tideline Films</bdi>" in behind.content.decode()
    assert "Nothing is dismissed." in empty


def test_without_a_source_there_is_nothing_dismissed(site: Client) -> None:
    assert "Nothing is dismissed." in site.get("/plans/dismissals/").content.decode()


def test_deleting_is_asked_first_and_says_what_goes(site: Client, plan: Any) -> None:
    asked = site.get(f"/plans/{plan.pk}/delete/").content.decode()
    assert "its 2 changes" in asked
    assert "Its scenes count as analysed" in asked
    assert Plan.objects.exists()

    response = site.post(f"/plans/{plan.pk}/delete/")

    assert (response.status_code, response["Location"]) == (303, "/plans/")
    assert not Plan.objects.exists()
    assert not Change.objects.exists()
    assert b"is deleted." in site.get("/plans/").content


def test_a_plan_that_a_job_works_on_is_not_deleted(site: Client, plan: Any) -> None:
    job = Job.objects.create(
        kind="analysis.run",
        title="Analysis",
        params={},
        status="queued",
        trigger="button",
        max_attempts=3,
    )
    Plan.objects.update(job_id=job.pk)

    response = site.post(f"/plans/{plan.pk}/delete/")

    assert response.status_code == 409
    assert Plan.objects.exists()


def test_a_reader_sees_plans_and_decides_nothing(looker: Client, plan: Any) -> None:
    change = Change.objects.get(field="studio")
    services.dismiss(change.pk, "scene")
    kept = Dismissal.objects.get()
    for address in ("/plans/", f"/plans/{plan.pk}/", "/plans/dismissals/"):
        html = looker.get(address).content.decode()
        assert html.count('method="post"') == 1  # to sign out
    assert looker.get(f"/plans/{plan.pk}/delete/").status_code == 403
    for address in (
        f"/plans/{plan.pk}/delete/",
        f"/plans/{plan.pk}/changes/{change.pk}/dismiss/",
        f"/plans/dismissals/{kept.pk}/take-back/",
    ):
        response = looker.post(address, {"reach": "scene"})
        assert response.status_code == 403
        assert b"You may look at plans, but not decide" in response.content
    assert Plan.objects.exists()


def test_the_dashboard_leads_to_plans_that_wait(
    site: Client, plan: Any, source: Source
) -> None:
    assert "plan to look at" in site.get("/").content.decode()

    Change.objects.update(state="rejected", decided_at=NOON)

    assert "to look at" not in site.get("/").content.decode()
