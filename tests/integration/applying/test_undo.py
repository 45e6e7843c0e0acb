"""What was applied is taken back: exactly, in part, in any order, and again."""

from typing import Any

import pytest

from syncapp.applying.undo import make_undo
from syncapp.applying.undo_page import UndoRequest
from syncapp.models import Change, Plan
from tests.builders import NOON
from tests.integration.applying.conftest import Bench
from tests.mirror import Interrupted, PlainReporter
from tests.plan_builders import make_plan


def undo_plan(bench: Bench, plan: Any, **part: Any) -> Any:
    """Make the plan that takes back a plan, or a part of it; None if there is none."""
    asked = UndoRequest(bench.mirror.source.pk, plan.pk, **part)
    result = make_undo(PlainReporter(), asked)
    return Plan.objects.get(pk=result["plan"]) if "plan" in result else None


def accept_all(plan: Any) -> None:
    rows = Change.objects.filter(plan=plan, state="proposed")
    rows.update(state="accepted", decided_at=NOON)


def undo(bench: Bench, plan: Any, **part: Any) -> dict[str, int]:
    """Take it back, whole or in part; returns how many changes ended how."""
    taking_back = undo_plan(bench, plan, **part)
    if taking_back is None:
        return {}
    accept_all(taking_back)
    return bench.apply(plan=taking_back, takes_back=True)


def wrote(bench: Bench, number: int, name: str, value: Any, **fields: Any) -> Any:
    """Apply a plan of its own with one change; returns the plan."""
    plan = make_plan(bench.mirror.source, name=f"{name} {value}")
    bench.accept(number, name, value, plan=plan, **fields)
    assert bench.apply(plan=plan) == {"applied": 1}
    return plan


def library(bench: Bench) -> dict[int, dict[str, Any]]:
    """Return all scenes as they are; stamps are no content, lists of ids no order."""
    return {
        number: {
            name: sorted(value) if name in {"tags", "performers"} else value
            for name, value in bench.scene(number).items()
            if name != "updated_at"
        }
        for number in range(1, 41)
    }


def states(plan: Any) -> list[str]:
    rows = Change.objects.filter(plan=plan).order_by("id")
    return list(rows.values_list("state", flat=True))


def titles(bench: Bench, number: int = 3) -> Any:
    return bench.scene(number)["title"]


def test_every_field_is_as_before(bench: Bench) -> None:
    bench.library.edit("scene", 3, studio=None, tags=[1], performers=[], date=None)
    bench.library.edit("scene", 4, studio=1, tags=[5], performers=[2], rating100=40)
    before = library(bench)
    for number in (3, 4):
        bench.accept(number, "studio", 2)
        bench.accept(number, "tags", 5)
        bench.accept(number, "performers", 3)
        bench.accept(number, "title", "Dunes at dusk")
        bench.accept(number, "details", "A lecture on dunes.")
        bench.accept(number, "date", "2020-05-17")
        was = str(bench.scene(number)["rating100"] or "")
        bench.accept(number, "rating", "80", before=was)
        is_organized = bench.scene(number)["organized"]
        bench.accept(
            *(number, "organized", "false" if is_organized else "true"),
            before="true" if is_organized else "false",
        )
    bench.accept(3, "tags", 1, op="remove")
    # The second scene has that tag already: it is skipped, and so stays there.
    assert bench.apply() == {"applied": 16, "skipped": 1}
    assert library(bench) != before

    assert undo(bench, bench.plan) == {"applied": 16}

    assert library(bench) == before
    assert sorted(set(states(bench.plan))) == ["skipped", "undone"]
    assert undo_plan(bench, bench.plan) is None


def test_its_changes_say_what_they_take_back(bench: Bench) -> None:
    bench.library.edit("scene", 3, studio=1, tags=[], title="Dunes")
    studio = bench.accept(3, "studio", 2, cause="folder")
    tag = bench.accept(3, "tags", 5)
    bench.apply()

    plan = undo_plan(bench, bench.plan)

    assert (plan.kind, plan.undoes_id) == ("undo", bench.plan.pk)
    assert plan.name == "Undo of Analysis of 3 scenes"
    first, second = Change.objects.filter(plan=plan).order_by("field")
    studio.refresh_from_db()
    assert (first.op, first.entity_id, first.before_id) == (
        *("set", bench.key(1)),
        bench.key(2),
    )
    assert (first.undoes_id, first.cause_key) == (studio.pk, studio.cause_key)
    assert (second.op, second.entity_id, second.undoes_id) == (
        *("remove", bench.key(5)),
        tag.pk,
    )
    assert "" not in {first.value, first.before, second.value}
    assert f"“Analysis of 3 scenes” (plan {bench.plan.pk}) wrote on" in first.sentence
    assert {first.state, first.level, first.detector} == {"proposed", "certain", "undo"}


def test_a_part_is_taken_back_alone(bench: Bench) -> None:
    bench.library.edit("scene", 3, studio=None, tags=[], title="Dunes", date=None)
    bench.accept(3, "studio", 2)
    tag = bench.accept(3, "tags", 5, cause="a reason of its own")
    bench.accept(3, "title", "Dunes at dusk")
    date = bench.accept(3, "date", "2020-05-17")
    bench.apply()

    assert undo(bench, bench.plan, field="studio") == {"applied": 1}
    assert undo(bench, bench.plan, cause=tag.cause_key) == {"applied": 1}
    assert undo(bench, bench.plan, change_id=date.pk) == {"applied": 1}

    scene = bench.scene(3)
    assert (scene["studio"], list(scene["tags"]), scene["date"]) == (None, [], None)
    assert scene["title"] == "Dunes at dusk"
    assert states(bench.plan) == ["undone", "undone", "applied", "undone"]


@pytest.mark.parametrize("order", ["abc", "acb", "bac", "bca", "cab", "cba"])
def test_three_on_top_of_each_other_are_taken_back_in_any_order(
    bench: Bench, order: str
) -> None:
    bench.library.edit("scene", 3, title="First", tags=[])
    plans = {}
    for name, title in (("a", "Dunes"), ("b", "Rivers"), ("c", "Coasts")):
        plans[name] = wrote(bench, 3, "title", title)

    ends = [undo(bench, plans[name]) for name in order]

    assert {name for end in ends for name in end} == {"applied"}  # and no conflict
    assert titles(bench) == "First"


def test_later_plans_of_ours_are_no_conflict(bench: Bench) -> None:
    bench.library.edit("scene", 3, title="First")
    first = wrote(bench, 3, "title", "Dunes")
    taking_back = undo_plan(bench, first)
    accept_all(taking_back)
    wrote(bench, 3, "title", "Rivers")  # after the undo was made, before its apply

    assert bench.apply(plan=taking_back, takes_back=True) == {"applied": 1}
    assert titles(bench) == "First"


def test_an_undo_can_be_taken_back_and_that_again(bench: Bench) -> None:
    bench.library.edit("scene", 3, title="First", tags=[])
    plan = bench.plan
    bench.accept(3, "title", "Dunes")
    bench.accept(3, "tags", 5)
    bench.apply()

    for title, tags in [("First", []), ("Dunes", [5]), ("First", []), ("Dunes", [5])]:
        plan = undo_plan(bench, plan)
        accept_all(plan)
        assert bench.apply(plan=plan, takes_back=True) == {"applied": 2}
        assert (titles(bench), list(bench.scene(3)["tags"])) == (title, tags)


def test_an_edit_of_others_since_is_a_conflict_with_three_values(bench: Bench) -> None:
    bench.library.edit("scene", 3, title="First")
    wrote_it = wrote(bench, 3, "title", "Ours")
    bench.library.edit("scene", 3, title="Theirs")

    assert undo(bench, wrote_it) == {"conflict": 1}

    change = Change.objects.get(plan__undoes=wrote_it)
    assert (change.value, change.before) == ("First", "Ours")
    assert change.image_found == {"is": "Theirs"}
    assert titles(bench) == "Theirs"
    assert states(wrote_it) == ["applied"]


def test_ours_on_top_of_an_edit_of_others_is_a_conflict_too(bench: Bench) -> None:
    bench.library.edit("scene", 3, title="First")
    first = wrote(bench, 3, "title", "Dunes")
    bench.library.edit("scene", 3, title="Theirs")
    wrote(bench, 3, "title", "Rivers")

    assert undo(bench, first) == {"conflict": 1}
    assert titles(bench) == "Rivers"


def test_what_we_only_found_to_be_so_is_not_ours(bench: Bench) -> None:
    bench.library.edit("scene", 3, title="First")
    first = wrote(bench, 3, "title", "Dunes")
    second = make_plan(bench.mirror.source, name="A second look")
    change = bench.accept(3, "title", "Theirs", plan=second)
    # Somebody else writes it in the moment before us, so ours changes nothing.
    bench.before_a_read(lambda: bench.library.edit("scene", 3, title="Theirs"))
    assert bench.apply(plan=second) == {"skipped": 1}
    change.refresh_from_db()
    assert change.image_after == {"is": "Theirs"}

    assert undo(bench, first) == {"conflict": 1}
    assert titles(bench) == "Theirs"


def test_what_was_overwritten_comes_back(bench: Bench) -> None:
    bench.accept(3, "title", "Ours")
    bench.before_a_write(lambda: bench.library.edit("scene", 3, title="Theirs"))
    assert bench.apply() == {"overwrote": 1}

    assert undo(bench, bench.plan) == {"applied": 1}
    assert titles(bench) == "Theirs"


def test_what_others_took_back_is_undone_without_a_write(bench: Bench) -> None:
    bench.library.edit("scene", 3, tags=[])
    bench.accept(3, "tags", 5)
    bench.apply()
    bench.library.edit("scene", 3, tags=[])

    assert undo(bench, bench.plan) == {"skipped": 1}
    assert states(bench.plan) == ["undone"]


def test_an_added_element_that_was_there_stays(bench: Bench) -> None:
    bench.library.edit("scene", 3, tags=[])
    bench.accept(3, "tags", 5)
    bench.before_a_write(lambda: bench.library.edit("scene", 3, tags=[5]))
    assert bench.apply() == {"skipped": 1}

    assert undo_plan(bench, bench.plan) is None
    assert list(bench.scene(3)["tags"]) == [5]


def test_elements_of_others_stay(bench: Bench) -> None:
    bench.library.edit("scene", 3, tags=[1])
    bench.accept(3, "tags", 5)
    bench.accept(3, "tags", 1, op="remove")
    bench.apply()
    bench.library.edit("scene", 3, tags=[5, 7])

    assert undo(bench, bench.plan) == {"applied": 2}
    assert sorted(bench.scene(3)["tags"]) == [1, 7]


def test_what_waits_in_another_undo_is_left_out(bench: Bench) -> None:
    bench.library.edit("scene", 3, title="First", date=None)
    bench.accept(3, "title", "Ours")
    bench.accept(3, "date", "2020-05-17")
    bench.apply()
    waiting = undo_plan(bench, bench.plan, field="title")
    asked = UndoRequest(bench.mirror.source.pk, bench.plan.pk)

    result = make_undo(PlainReporter(), asked)

    assert result["changes"] == {"proposed": 1}
    assert result["left out"] == {"undone in another plan, not applied yet": 1}
    Change.objects.filter(plan=waiting).update(state="rejected", decided_at=NOON)
    again = undo_plan(bench, bench.plan)
    assert [change.field for change in again.changes.all()] == ["title"]


def test_a_remove_of_what_is_gone_is_no_change(bench: Bench) -> None:
    bench.library.edit("scene", 3, tags=[1, 2])
    bench.accept(3, "tags", 5)
    bench.accept(3, "tags", 1, op="remove")
    bench.apply()
    for number in (5, 1):
        bench.library.delete("tag", number)
    bench.mirror.full()

    plan = undo_plan(bench, bench.plan)

    (change,) = plan.changes.all()
    assert (change.op, change.value) == ("add", "Something")  # as it was called
    accept_all(plan)
    assert bench.apply(plan=plan, takes_back=True) == {"failed": 1}


def test_a_run_that_was_cut_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncapp.applying.undo.SCENES", 2)
    for number in range(3, 10):
        bench.accept(number, "title", f"Reel {number}", before=titles(bench, number))
    bench.apply()
    asked = UndoRequest(bench.mirror.source.pk, bench.plan.pk)
    cut = PlainReporter(stop_after_commits=2)
    with pytest.raises(Interrupted):
        make_undo(cut, asked)

    result = make_undo(PlainReporter(resume_from=cut.saved), asked)

    assert result["changes"] == {"proposed": 7}
    plan = Plan.objects.get(undoes=bench.plan)
    scenes = plan.changes.order_by("scene_id").values_list("scene_id", flat=True)
    assert list(scenes) == [bench.key(number) for number in range(3, 10)]
