"""`manage.py plan undo`: the plan that takes another back, at a terminal."""

import json
from typing import Any

import pytest

from jobs.models import Job
from syncapp.models import Plan, Source
from tests.builders import NOON, make_library, make_scene, make_source
from tests.commanding import command
from tests.plan_builders import make_change, make_plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(transactional_db: None) -> Any:
    """Give a plan that wrote the titles and dates of three scenes."""
    source: Source = make_source()
    make_library(source)
    plan = make_plan(source, "Reels")
    for number in (11, 12, 13):
        scene = make_scene(source, number, f"Reel {number}")
        for field, value in (("title", f"Dunes {number}"), ("date", "2020-05-17")):
            make_change(
                *(plan, scene, field, value),
                cause=f"folder {number}",
                state="applied",
                written_at=NOON,
                image_before={"is": ""},
                image_after={"is": value},
            )
    return plan


def made(plan: Any) -> list[tuple[str, int]]:
    changes = Plan.objects.get(undoes=plan).changes.order_by("scene_id", "id")
    return [(each.field, each.remote_id) for each in changes]


def test_all_of_it_is_undone(plan: Any) -> None:
    printed, code, _ = command("plan", "undo", str(plan.pk), "--inline")

    job, undo = Job.objects.get(), Plan.objects.get(undoes=plan)
    assert (code, job.trigger) == (0, "command")
    assert printed.splitlines() == [
        str(job.pk),
        "changes: 6 proposed",
        f"plan: {undo.pk}",
        f"Job {job.pk} succeeded.",
    ]


def test_a_part_is_undone_and_told_as_json(plan: Any) -> None:
    words = ("plan", "undo", str(plan.pk), "--field", "date", "--inline", "--json")
    printed, code, _ = command(*words)

    told = json.loads(printed)
    undo = Plan.objects.get(undoes=plan)
    assert (code, told["status"]) == (0, "succeeded")
    assert told["result"] == {"plan": undo.pk, "changes": {"proposed": 3}}
    assert made(plan) == [("date", 11), ("date", 12), ("date", 13)]


def test_one_change_or_one_reason_is_undone(plan: Any) -> None:
    change = plan.changes.order_by("id").first()
    command("plan", "undo", str(plan.pk), "--change", str(change.pk), "--inline")
    assert made(plan) == [("title", 11)]

    Plan.objects.filter(undoes=plan).delete()
    command("plan", "undo", str(plan.pk), "--cause", change.cause_key, "--inline")
    assert made(plan) == [("title", 11), ("date", 11)]


def test_what_cannot_be_undone_is_said(plan: Any) -> None:
    told = command("plan", "undo", str(plan.pk), "--field", "tags", "--inline")
    assert told[1:] == (
        1,
        "Nothing of this was written to Stash, or all of it is undone already.",
    )
    assert command("plan", "undo", "999", "--inline")[1] == 1
    assert not Job.objects.exists()
