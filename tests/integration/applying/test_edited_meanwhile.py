"""What a person edits while an apply runs is not written as it was before."""

from collections.abc import Callable
from typing import Any

import pytest

from syncapp.applying import apply
from syncapp.models import Change
from syncapp.services.decisions import decide
from syncapp.services.edited_values import edit_change
from syncapp.stash.scene_writing import scenes_now
from tests.integration.applying.conftest import Bench


@pytest.fixture
def at_the_look(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Give what has something done once the journal is read, before the first write."""

    def plant(act: Callable[[], object]) -> None:
        look, done = scenes_now, list[object]()

        def looked(*asked: Any) -> Any:
            if not done:
                done.append(act())
            return look(*asked)

        monkeypatch.setattr(apply, "scenes_now", looked)

    return plant


def test_an_edit_between_journal_and_write_is_what_the_next_apply_writes(
    bench: Bench, at_the_look: Any
) -> None:
    before = bench.scene(3)["title"]
    change = bench.accept(3, "title", "The harbor")
    other = bench.accept(4, "title", "The lighthouse")
    at_the_look(lambda: edit_change(change.pk, "The harbour", seen="accepted"))

    assert bench.apply() == {"applied": 1}

    change.refresh_from_db()
    other.refresh_from_db()
    assert bench.scene(3)["title"] == before
    assert (change.state, change.value) == ("accepted", "The harbour")
    assert (change.image_before, change.image_after) == (None, None)
    assert other.state == "applied"

    assert bench.apply() == {"applied": 1}
    assert bench.scene(3)["title"] == "The harbour"


@pytest.mark.parametrize("now", ["The harbor", "The harbour at noon"])
def test_what_was_edited_is_not_ended_by_its_value_of_before(
    now: str, bench: Bench, at_the_look: Any
) -> None:
    change = bench.accept(3, "title", "The harbor")
    bench.library.edit("scene", 3, title=now)
    at_the_look(lambda: edit_change(change.pk, "The harbour", seen="accepted"))

    assert bench.apply() == {}

    states = Change.objects.filter(pk=change.pk).values_list("state", "image_found")
    assert list(states) == [("accepted", None)]


def test_what_is_taken_back_at_that_moment_stays_so(
    bench: Bench, at_the_look: Any
) -> None:
    change = bench.accept(3, "title", "The harbor")
    seen = {change.pk: "accepted"}
    at_the_look(lambda: decide(bench.plan.pk, "rejected", seen))

    assert bench.apply() == {}

    change.refresh_from_db()
    assert change.state == "rejected"
    assert bench.scene(3)["title"] != "The harbor"
