"""`manage.py plan`: plans at a terminal, in files, and away."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from syncapp.management.commands.plan import Command
from syncapp.models import Change, Plan, Source, Studio, Tag
from syncapp.queries import plan_export, plans
from tests.builders import NOON, make_library, make_scene, make_source
from tests.commanding import command
from tests.plan_builders import make_change, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    source = make_source()
    make_library(source)
    return source


@pytest.fixture
def plan(source: Source) -> Any:
    """Give a plan of five scenes, each with a studio and a tag to add."""
    plan = make_plan(source, "Reels\x1b[2J")
    studio, tag = Studio.objects.earliest("id"), Tag.objects.get(name="Sea")
    for number in range(11, 16):
        scene = make_scene(source, number, f"Reel {number}")
        make_change(plan, scene, "studio", studio, level="certain")
        make_change(plan, scene, "tags", tag)
    return plan


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_list_prints_a_line_for_each(plan: Any, source: Source) -> None:
    attic = make_source("Attic")
    make_plan(attic, "Attic's")

    printed, code, _ = command("plan", "list")

    first, second = printed.splitlines()
    assert code == 0
    assert first.split("\t")[1:5] == ["Attic's", "Attic", "chosen scenes", "no changes"]
    assert second.split("\t")[:3] == [str(plan.pk), "Reels·[2J", "Film archive"]
    assert "10 proposed" in second
    assert "Attic" not in command("plan", "list", "--source", source.name)[0]


def test_list_goes_on_up_to_its_limit(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "PLANS", 2)
    for number in range(5):
        make_plan(source, f"Plan {number}")

    assert len(command("plan", "list")[0].splitlines()) == 5
    assert len(command("plan", "list", "--limit", "3")[0].splitlines()) == 3


def test_list_as_json(plan: Any) -> None:
    (told,) = json.loads(command("plan", "list", "--json")[0])["plans"]

    assert (told["id"], told["name"]) == (plan.pk, "Reels\x1b[2J")
    assert (told["state"], told["changes"]) == ("proposed", {"proposed": 10})


def test_show_tells_how_changes_are_spread(plan: Any) -> None:
    printed, code, _ = command("plan", "show", str(plan.pk))
    told = json.loads(command("plan", "show", str(plan.pk), "--json")[0])

    assert code == 0
    assert "Field: studio 5, tags 5\n" in printed
    assert "  5 tags Sea: A folder is its name." in printed
    assert told["facets"]["level"] == {"certain": 5, "likely": 5}
    assert [cause["count"] for cause in told["causes"]] == [5, 5]


def test_export_writes_what_was_asked_for(
    plan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_export, "PLAN_PART", 3)
    file = tmp_path / "plan.csv"
    number = str(plan.pk)

    plain, code, _ = command("plan", "export", number)
    command(
        "plan", "export", number, "--filter", "level=certain", "--output", str(file)
    )
    as_json, _, _ = command("plan", "export", number, "--format", "json")
    few, _, _ = command("plan", "export", number, "--format", "jsonl", "--limit", "4")

    assert code == 0
    assert plain.startswith("scene,scene_title,path,field,op,value,value_id,")
    told = rows(plain)
    assert [row["scene"] for row in told] == sorted(2 * ["11", "12", "13", "14", "15"])
    assert len({row["change"] for row in told}) == 10
    assert (told[0]["value"], told[0]["value_id"]) == ("Tideline Films", "1")
    assert told[0]["path"] == "/films/reel 11.mkv"
    in_file = file.read_text(encoding="utf-8")
    assert in_file.startswith("\ufeffscene,")
    assert {row["field"] for row in rows(in_file)} == {"studio"}
    assert [each["scene"] for each in json.loads(as_json)] == [
        int(row["scene"]) for row in told
    ]
    assert len(few.splitlines()) == 4


def test_a_cell_is_no_formula(plan: Any) -> None:
    Change.objects.update(sentence="=1+1")

    assert rows(command("plan", "export", str(plan.pk))[0])[0]["sentence"] == "'=1+1"


def test_delete_says_what_went(plan: Any) -> None:
    printed, code, _ = command("plan", "delete", str(plan.pk), "--yes")

    assert (printed, code) == ("Deleted Reels·[2J and its 10 changes.\n", 0)
    assert not Plan.objects.exists()


def test_delete_asks_first(plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    number = str(plan.pk)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    unasked = command("plan", "delete", number)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: "n")
    refused = command("plan", "delete", number)

    assert unasked[1:] == (
        2,
        "Nobody is here to confirm it: say --yes to delete it unasked.",
    )
    assert refused[1:] == (1, "Nothing was deleted.")
    assert Plan.objects.exists()

    monkeypatch.setattr("builtins.input", lambda _question: "y")
    assert command("plan", "delete", number)[1] == 0
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("show", "7"), 1, "Plan 7 is not here: it may have been deleted."),
        (("export", "7"), 1, "Plan 7 is not here"),
        (("delete", "7", "--yes"), 1, "Plan 7 is not here"),
        (("export", "7", "--filter", "state=eaten"), 2, "“eaten” is none of these"),
        (("export", "7", "--filter", "colour=red"), 2, "There is no filter “colour”."),
        (("export", "7", "--filter", "a=1&" * 1_001), 2, "more fields"),
        (("list", "--source", "Moon"), 2, "There is no source named 'Moon'."),
    ],
)
def test_what_cannot_be_is_a_sentence(
    words: tuple[str, ...], code: int, says: str, source: Source
) -> None:
    printed, found, said = command("plan", *words)

    assert (printed, found) == ("", code)
    assert says in said


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("apply",), 1, "Nothing of this plan is accepted and unwritten"),
        (("undo",), 1, "Nothing of this was written to Stash"),
        (("undo", "--change", "99"), 1, "Change 99 is not of plan"),
        (("accept", "--filter", "state=failed", "--yes"), 1, "No change matches"),
        (("delete", "--yes"), 4, "still works on this plan"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_each_verb_that_is_turned_down_ends_by_the_same_table(
    words: tuple[str, ...], code: int, says: str, plan: Any
) -> None:
    Source.objects.update(read_only=False)
    if words[0] == "delete":
        Change.objects.filter(field="tags").update(state="accepted", decided_at=NOON)
        command("plan", "apply", str(plan.pk), "--detach")

    verb, *options = words
    printed, found, said = command("plan", verb, str(plan.pk), *options)

    assert (printed, found) == ("", code)
    assert says in said


def test_a_read_only_source_is_not_done_and_the_help_says_the_codes(plan: Any) -> None:
    Change.objects.update(state="accepted", decided_at=NOON)
    Source.objects.update(read_only=True)

    _, code, said = command("plan", "apply", str(plan.pk))
    told = " ".join(Command().create_parser("manage.py", "plan").format_help().split())

    assert (code, "read only" in said) == (1, True)
    assert "4 not while a job works on the plan" in told


@pytest.mark.parametrize("words", [("show", "x"), ("show",), (), ("eat", "7")])
def test_wrong_words_are_told(words: tuple[str, ...]) -> None:
    printed, code, said = command("plan", *words)

    assert (printed, code != 0) == ("", True)
    assert said
