"""The changes of a plan as a file: whole, in order, harmless, a few at a time."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext

from syncapp import queries
from syncapp.models import Change, Source, Studio, Tag
from syncapp.queries import plan_export
from syncapp.views.exports import AT_WORK, MOST_EACH
from tests.builders import make_scene
from tests.integration.pages.test_exports import body, cells
from tests.plan_builders import make_change, make_plan

pytestmark = pytest.mark.django_db(transaction=True)
SCENES = 7


@pytest.fixture
def plan(source: Source) -> Any:
    """Give a plan of seven scenes, each with a studio, a tag and a title."""
    plan = make_plan(source)
    studio, tag = Studio.objects.earliest("id"), Tag.objects.get(name="Sea")
    for number in range(11, 11 + SCENES):
        scene = make_scene(source, number, f"Reel {number}")
        make_change(plan, scene, "studio", studio, level="certain")
        make_change(plan, scene, "tags", tag)
        make_change(plan, scene, "title", f"=Tide {number}", before=f"Reel {number}")
    return plan


async def test_a_file_holds_every_change_in_the_order_of_the_page(
    operator: AsyncClient, plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_export, "PLAN_PART", 4)

    response = await operator.get(f"/plans/{plan.pk}/export.csv")
    told = cells(await body(response))
    same = json.loads(await body(await operator.get(f"/plans/{plan.pk}/export.json")))

    assert f"steward-plan-{plan.pk}-" in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"
    wanted = [str(number) for number in range(11, 11 + SCENES) for _ in range(3)]
    assert [row["scene"] for row in told] == wanted
    assert [row["change"] for row in told] == [str(row["change"]) for row in same]
    assert [row["field"] for row in told[:3]] == ["studio", "tags", "title"]
    assert told[2]["value"] == "'=Tide 11"
    assert same[2]["value"] == "=Tide 11"
    assert (same[0]["value_id"], same[0]["before_id"]) == (1, None)


async def test_a_file_holds_what_its_filter_lets_through(
    operator: AsyncClient, plan: Any
) -> None:
    address = f"/plans/{plan.pk}/export.jsonl?level=likely&field=tags&field=title"

    lines = (await body(await operator.get(address))).splitlines()

    assert {json.loads(line)["field"] for line in lines} == {"tags", "title"}
    assert len(lines) == 2 * SCENES


async def test_a_plan_without_changes_is_an_empty_file(
    operator: AsyncClient, plan: Any
) -> None:
    await Change.objects.all().adelete()

    told = await body(await operator.get(f"/plans/{plan.pk}/export.json"))

    assert json.loads(told) == []


async def test_what_cannot_be_is_said(operator: AsyncClient, plan: Any) -> None:
    wrong = await operator.get(f"/plans/{plan.pk}/export.csv?state=eaten")
    gone = await operator.get(f"/plans/{plan.pk + 1}/export.csv")
    other = await operator.get(f"/plans/{plan.pk}/export.xlsx")

    assert wrong.status_code == 400
    assert "“eaten” is none of these" in wrong.content.decode()
    assert (gone.status_code, other.status_code) == (404, 404)


async def test_a_person_has_so_many_at_once(operator: AsyncClient, plan: Any) -> None:
    address = f"/plans/{plan.pk}/export.csv"
    begun: list[Any] = [await operator.get(address) for _ in range(MOST_EACH)]
    pieces = [aiter(response.streaming_content) for response in begun]
    for each in pieces:
        await anext(each)

    refused = await operator.get(address)

    assert refused.status_code == 429
    for response in begun:
        response.close()
    assert not AT_WORK


def test_a_part_takes_three_queries_and_goes_on_behind_its_place(plan: Any) -> None:
    asked = queries.PlanExport(plan.pk, "jsonl")
    place = queries.ExportPlace(f"{Change.objects.order_by('scene_id')[4].scene_id}~0")

    with CaptureQueriesContext(connection) as sent:
        rows, following = queries.plan_part(asked, place)

    assert len(sent) == 3
    assert len(rows) == 3 * (SCENES - 1)
    assert following is None
