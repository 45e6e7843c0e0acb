"""`plan import` and `plan apply`: files become plans, and what cannot be is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from syncapp import queries, services
from syncapp.models import Change, Plan, Source, Studio, Tag
from tests.builders import NOON, make_library, make_scene, make_source
from tests.commanding import command
from tests.plan_builders import make_change, make_plan

pytestmark = pytest.mark.django_db
KEPT = (
    *("scene_id", "field", "op", "entity_id", "value", "before", "level"),
    *("confidence", "detector", "sentence", "cause_key", "choice"),
)


@pytest.fixture
def source() -> Source:
    source = make_source()
    make_library(source)
    return source


@pytest.fixture
def plan(source: Source) -> Any:
    plan = make_plan(source)
    scene = make_scene(source, 11, "Reel")
    make_change(plan, scene, "studio", Studio.objects.earliest("id"), level="certain")
    make_change(plan, scene, "tags", Tag.objects.get(name="Sea"), state="accepted")
    make_change(plan, scene, "title", "=Tide", before="Reel", state="rejected")
    make_change(plan, scene, "rating", "80", choice="r")
    return plan


def exported(plan: Any, ending: str, tmp_path: Path) -> str:
    file = tmp_path / f"plan.{ending}"
    command(
        *("plan", "export", str(plan.pk), "--format", ending, "--output", str(file))
    )
    return str(file)


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_an_export_becomes_a_plan_that_waits_for_decisions(
    plan: Any, tmp_path: Path, ending: str
) -> None:
    file = exported(plan, ending, tmp_path)

    printed, code, _ = command("plan", "import", file)
    command("plan", "import", file, "--json")

    made = Plan.objects.get(pk=int(printed))
    assert (code, made.kind, made.name) == (0, "imported", f"Import of plan.{ending}")
    rows = Change.objects.order_by("id")
    assert list(rows.filter(plan=made).values(*KEPT)) == list(
        rows.filter(plan=plan).values(*KEPT)
    )
    assert set(made.changes.values_list("state", flat=True)) == {"proposed"}
    assert Plan.objects.count() == 3


def line(**fields: Any) -> str:
    return json.dumps({"scene": 1, "field": "title", "op": "set", **fields})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The file holds no change."),
        ("[\n{", "Line 2: it is no JSON"),
        ("[1]", "Line 1: it is no change"),
        (line(field="colour"), "there is no field “colour”"),
        (line(op="add"), "“op” of title is set, not “add”"),
        (line(scene=None), "it names no scene"),
        (line(scene=99), "scene 99 is not in the mirror of Film archive"),
        (line(scene=True), "“scene” is true"),
        (
            line(field="tags", op="add", value="Harbour"),
            "“Harbour” of tags has no id at the source",
        ),
        (
            f"{line(value='x')}\n"
            + line(field="tags", op="add", value_id=77, value="Y"),
            "Line 2: tag 77 “Y” is not in the mirror",
        ),
        (line(value="x") + "\n\n" + line(value="x"), "Line 3: it says the same as"),
        (line(field="date", value="2019-02-30"), "no date such as"),
        (line(field="date", value="2019-W08-1"), "no date such as"),
        (line(field="rating", value="101"), "“rating” is 1 to 100"),
        (line(field="rating", value="00100"), "“rating” is 1 to 100"),
        (line(field="organized", value="yes"), "“organized” is true or false"),
        (line(value="a\0b"), "holds what cannot be stored"),
        (line(value="\ud800"), "holds what cannot be stored"),
        (line(level="sure"), "“level” is certain"),
        (line(confidence=2), "a share from 0 to 1"),
        (line(detector="d" * 61), "longer than 60 characters"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    text: str, says: str, source: Source
) -> None:
    with pytest.raises(services.BadPlanFile) as refused:
        services.import_plan(source.pk, text.encode())

    assert says in str(refused.value)
    assert not Plan.objects.exists()


def test_what_is_no_text_or_no_file_is_told(source: Source, tmp_path: Path) -> None:
    with pytest.raises(services.BadPlanFile, match="no text in UTF-8"):
        services.import_plan(source.pk, b"\xff\xfe\x00")

    _, code, said = command("plan", "import", str(tmp_path / "none.json"))
    assert (code, "could not be read" in said) == (1, True)


def test_an_export_tells_what_became_of_a_change(plan: Any) -> None:
    Change.objects.filter(field="title").update(
        state="conflict", image_found={"is": "Dunes"}, image_before={"is": "Reel"}
    )

    told = json.loads(command("plan", "export", str(plan.pk), "--format", "json")[0])

    title = next(row for row in told if row["field"] == "title")
    assert (title["outcome"], title["held"], title["found"]) == (
        *("conflict", "Reel", "Dunes"),
    )
    assert list(title)[-1] == "objection"


def test_a_dry_run_prints_each_mutation(plan: Any) -> None:
    printed, code, _ = command("plan", "apply", str(plan.pk), "--dry-run")

    (asked,) = map(json.loads, printed.splitlines())
    assert code == 0
    assert asked["query"].startswith("mutation WriteScene(")
    assert asked["variables"]["input"]["ids"] == ["11"]
    assert asked["variables"]["input"]["tag_ids"]["mode"] == "ADD"


def test_apply_asks_for_a_job_and_says_why_it_cannot(plan: Any) -> None:
    refused = command("plan", "apply", str(plan.pk), "--detach")
    Source.objects.update(read_only=False)
    printed, code, _ = command("plan", "apply", str(plan.pk), "--detach")

    assert (refused[1], "read only" in refused[2]) == (1, True)
    assert (code, printed.strip().isdecimal()) == (0, True)


def test_the_preview_and_the_engine_judge_alike(plan: Any, source: Source) -> None:
    Change.objects.update(state="accepted", decided_at=NOON)
    Change.objects.filter(field="title").update(before="Other")

    preview = queries.apply_preview(plan.pk)

    assert preview is not None
    assert (preview.total, preview.scenes, preview.conflicts) == (4, 1, 1)
