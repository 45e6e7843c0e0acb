"""`manage.py analyze`: which scenes, with what, and how it ends."""

import json

import pytest

from jobs.models import Job
from syncapp.models import Change, Plan, Scene
from tests.builders import make_source
from tests.commanding import command
from tests.integration.analysis.conftest import SCENES, Archive

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_a_choice_it_looks_at_what_is_not_analysed(archive: Archive) -> None:
    out, code, _ = command("analyze", "--inline")

    plan = Plan.objects.get()
    assert code == 0
    assert f"scenes: {SCENES} read" in out
    assert f"plan: {plan.pk}" in out
    assert Job.objects.get().trigger == "command"
    assert "scenes: 0 read" in command("analyze", "--inline")[0]


def test_ids_are_those_that_stash_uses(archive: Archive) -> None:
    asked = ("analyze", "--ids", "4,8,4", "--detectors", "caption", "--inline")
    out, code, _ = command(*asked, "--plan-name", "Two reels")

    assert code == 0
    assert "scenes: 2 read" in out
    plan = Plan.objects.get()
    assert (plan.name, plan.scope, plan.detectors) == (
        "Two reels",
        "chosen",
        {"caption": 1},
    )
    scenes = Change.objects.values_list("scene_id", flat=True)
    assert sorted(scenes) == archive.keys([4, 8])


def test_a_filter_finds_the_scenes_of_the_source_that_is_meant(
    archive: Archive,
) -> None:
    make_source("Other archive", url="http://attic:9999")

    out, code, _ = command(
        *("analyze", "--source", "Film archive", "--filter", "?none=title"), "--inline"
    )

    assert code == 0
    assert "scenes: 3 read" in out
    plan = Plan.objects.get()
    assert (plan.scope, plan.source_id) == ("filter", archive.source.pk)


def test_switches_reach_the_run(archive: Archive) -> None:
    Scene.objects.update(organized=True)

    command("analyze", "--inline")
    left_out = Plan.objects.count()
    command(
        *("analyze", "--organized", "--ignored", "--options", "caption.tidy"),
        "--inline",
    )

    assert left_out == 0
    assert Plan.objects.get().options == ["caption.tidy"]
    assert Job.objects.order_by("-id")[0].params["ignored"] is True


def test_it_tells_json_at_the_end(archive: Archive) -> None:
    out, code, _ = command("analyze", "--inline", "--json")

    told = json.loads(out)
    assert code == 0
    assert told["result"]["plan"] == Plan.objects.get().pk
    assert told["result"]["scenes"]["read"] == SCENES


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--detectors", "rating"], "There is no detector 'rating'"),
        (["--options", "tidy"], "There is no option 'tidy'"),
        (["--filter", "colour=red"], "There is no filter “colour”"),
        (["--filter", "tag=nobody"], "None of the tags is called “nobody”"),
        (["--ids", "99"], "not in the mirror any more"),
        (["--ids", str(2**60)], "by the ids that Stash uses"),
        (["--scenes", "5"], "--scenes goes with --evaluate"),
        (["--evaluate", "--scenes", "0"], "Evaluate on 1 to 100,000"),
        (["--filter", "q=Nowhere"], "No scene matches"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(
    words: list[str], sentence: str, archive: Archive
) -> None:
    _, code, said = command("analyze", *words, "--inline")

    assert code == 2
    assert sentence in said
    assert not Job.objects.exists()
