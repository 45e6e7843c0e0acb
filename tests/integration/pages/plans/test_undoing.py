"""Undo of a plan by its pages: what it would do, and the plan that the job makes."""

import re
from typing import Any

import pytest
from django.test import AsyncClient, Client
from django.urls import reverse

from jobs.models import Job
from jobs.services import run_inline
from syncapp.models import Change, Creation, Plan
from syncapp.models.keys import remote_id
from tests.builders import NOON
from tests.integration.pages.plans.conftest import page
from tests.plan_builders import make_change

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def written(plan: Any, studio: Any) -> Any:
    """Give the plan as it is after its changes were applied."""
    for change in plan.changes.all():
        is_set = change.op == "set"
        Change.objects.filter(pk=change.pk).update(
            state="applied",
            decided_at=NOON,
            written_at=NOON,
            image_before={"is": None if is_set else False},
            image_after={"is": remote_id(studio.pk) if is_set else True},
        )
    return plan


def ask(site: Client, plan: Any, **asked: Any) -> str:
    response = site.get(f"/plans/{plan.pk}/undo/", asked)
    assert response.status_code == 200, response.content
    return response.content.decode()


def test_the_plan_leads_to_its_undo_and_so_does_each_change(
    writer: Client, written: Any
) -> None:
    change = written.changes.get(field="studio")

    html = page(writer, written)

    assert f'<a class="button" href="/plans/{written.pk}/undo/">Undo</a>' in html
    assert f'href="/plans/{written.pk}/undo/?change={change.pk}"' in html
    narrowed = page(writer, written, field="tags")
    assert f'href="/plans/{written.pk}/undo/?field=tags">Undo</a>' in narrowed
    of_cause = page(writer, written, cause=change.cause_key)
    assert f"/undo/?cause={change.cause_key}" in of_cause


def test_nothing_leads_there_before_it_is_written_or_without_the_right(
    writer: Client, plan: Any
) -> None:
    assert "/undo/" not in page(writer, plan)


def test_who_may_not_write_is_told_so(site: Client, written: Any) -> None:
    assert "/undo/" not in page(site, written)
    answer = site.post(f"/plans/{written.pk}/undo/")
    assert (answer.status_code, Job.objects.count()) == (403, 0)


def test_it_says_what_it_would_take_back(writer: Client, written: Any) -> None:
    Creation.objects.create(
        plan=written, kind="tag", name="Fens", state="applied", entity_id=7
    )
    whole = ask(writer, written)
    assert '<a href="?field=studio">studio</a>' in whole
    assert "1 that this plan created is offered for removal" in whole

    part = ask(writer, written, field="tags")
    assert "<bdi>tags</bdi> of" in part
    assert ">studio<" not in part
    assert "offered for removal" not in part
    assert '<input type="hidden" name="field" value="tags">' in part


def test_it_tells_fields_and_values_in_peoples_words(
    writer: Client, written: Any, scene: Any
) -> None:
    images = {"image_before": {"is": False}, "image_after": {"is": True}}
    change = make_change(written, scene, "organized", "true", state="applied", **images)

    assert '<a href="?field=organized">organised</a>' in ask(writer, written)
    part = ask(writer, written, change=str(change.pk))
    assert "<bdi>set organised to yes</bdi>" in part


def test_what_is_undone_or_waits_in_another_undo_is_told(
    writer: Client, written: Any
) -> None:
    tag, studio = written.changes.get(field="tags"), written.changes.get(field="studio")
    Change.objects.filter(pk=tag.pk).update(state="undone")
    other = Plan.objects.create(
        source=written.source, name="Undo of it", kind="undo", undoes=written,
        scope="chosen", created_at=NOON,
    )  # fmt: skip
    values: dict[str, Any] = {**Change.objects.values().get(pk=studio.pk)}
    for name in ("id", "plan_id", "undoes_id", "state"):
        values.pop(name)
    Change.objects.create(**values, plan=other, undoes=studio)

    html = ask(writer, written)

    assert "1 is undone already." in html
    assert "1 of these is left out" in html
    assert f'<a href="/plans/{other.pk}/"><bdi>Undo of it</bdi></a>' in html


def test_the_button_asks_for_one_job_and_that_makes_the_plan(
    writer: Client, written: Any, transactional_db: None
) -> None:
    answer = writer.post(f"/plans/{written.pk}/undo/", {"field": "studio"})

    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
    assert (job.kind, job.title) == (
        "plan.undo",
        f"Undo of {written.name} · Film archive",
    )
    run_inline(job.pk)
    job.refresh_from_db()
    made = Plan.objects.get(undoes=written)
    assert job.result == {"plan": made.pk, "changes": {"proposed": 1}}
    assert [(each.field, each.op) for each in made.changes.all()] == [("studio", "set")]
    found = writer.get(reverse("syncapp:plan_of_job", args=[job.pk]))
    assert found["Location"] == f"/plans/{made.pk}/"
    html = page(writer, made)
    assert "Takes back what" in html
    assert "nothing of it is a guess" in html
    assert f'<dd><a href="/plans/{written.pk}/">plan {written.pk}</a></dd>' in html
    assert "Outdated" in html  # the mirror was not synced since


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"field": "date"}, 400, "Nothing of this was written to Stash"),
        ({"change": "999"}, 404, "is not of plan"),
        ({"change": "x"}, 404, "is not of plan"),
    ],
)
def test_what_cannot_be_undone_is_refused_in_a_sentence(
    writer: Client, written: Any, asked: dict[str, str], status: int, said: str
) -> None:
    answer = writer.post(
        f"/plans/{written.pk}/undo/", asked, headers={"accept": "application/json"}
    )
    assert answer.status_code == status
    assert said in answer.json()["error"]


async def test_the_answer_to_a_program_is_the_job(
    writer: Client, written: Any, async_client: AsyncClient
) -> None:
    async_client.cookies = writer.cookies
    answer = await async_client.post(
        f"/plans/{written.pk}/undo/", headers={"accept": "application/json"}
    )
    assert answer.status_code == 202
    assert {"job_id", "status", "updated_at"} <= set(answer.json())


def test_what_is_offered_for_removal_is_decided_on_the_page(
    site: Client, plan: Any
) -> None:
    for name in ("Fens", "Estuaries"):
        Creation.objects.create(
            plan=plan, kind="tag", op="remove", name=name, entity_id=7
        )
    first, second = Creation.objects.order_by("id")
    html = page(site, plan)
    assert "take away tag" in html
    assert "Accept<span" in html

    address = f"/plans/{plan.pk}/creations/"
    told = {"creation": first.pk, "seen": "proposed"}
    answer = site.post(address, {"decision": "reject", **told})
    assert answer["Location"] == f"/plans/{plan.pk}/"
    site.post(address, {"decision": "accept"})  # all that wait

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("rejected", "accepted")
    assert second.decided_by is not None
    for asked in ({"decision": "perhaps"}, {"decision": "accept"}):
        assert site.post(address, asked).status_code == 400


def test_what_could_not_be_made_is_tried_again_by_what_the_source_said(
    site: Client, plan: Any
) -> None:
    why = "Stash refused it: tag names are closed."
    ended = {"state": "failed", "decided_at": NOON, "objection": why}
    made = Creation.objects.create(plan=plan, kind="tag", name="Fens", **ended)
    Change.objects.filter(plan=plan, field="tags").update(
        creation=made, entity_id=None, **ended
    )
    html = page(site, plan)
    assert f"<bdi>{why}</bdi>" in html
    assert 'Try again<span class="hidden"> to create <bdi>Fens</bdi>' in html
    (seen,) = re.findall(r'name="seen" value="(failed[^"]*)"', html)
    address = f"/plans/{plan.pk}/creations/"
    told = {"decision": "accept", "creation": made.pk}

    blind = [site.post(address, told | {"seen": each}) for each in ("", "failed")]
    Creation.objects.update(objection="Stash refused it: no.")
    old = site.post(address, told | {"seen": seen})
    states = set(Change.objects.values_list("field", "state"))
    assert [each.status_code for each in (*blind, old)] == [409, 409, 409]
    assert states == {("studio", "proposed"), ("tags", "failed")}

    (seen,) = re.findall(r'name="seen" value="(failed[^"]*)"', page(site, plan))
    site.post(address, told | {"seen": seen})

    made.refresh_from_db()
    change = Change.objects.get(field="tags")
    assert (made.state, made.objection) == ("accepted", "")
    assert (change.state, change.objection) == ("accepted", "")


def test_who_only_looks_decides_nothing(looker: Client, plan: Any) -> None:
    Creation.objects.create(plan=plan, kind="tag", op="remove", name="Fens")
    html = page(looker, plan)
    assert "Fens" in html
    assert "Accept<span" not in html
    assert looker.post(f"/plans/{plan.pk}/creations/").status_code == 403


def test_what_the_plan_took_away_is_told_to_be_made_again(
    writer: Client, written: Any
) -> None:
    assert "took away" not in ask(writer, written)
    Creation.objects.create(
        plan=written,
        kind="tag",
        op="remove",
        name="Estuaries",
        state="applied",
        entity_id=7,
    )

    assert "1 that this plan took away is offered to be made" in ask(writer, written)
