"""A conflict that a person accepts is written, over what they saw and no more."""

from typing import Any

from syncapp.models import Change
from syncapp.services.decisions import decide
from tests.integration.applying.conftest import Bench
from tests.plan_builders import as_it_is


def conflict(bench: Bench) -> Any:
    """Give a title that somebody else changed before it was written."""
    change = bench.accept(3, "title", "The harbour at dawn")
    bench.library.edit("scene", 3, title="The harbour at noon")
    assert bench.apply() == {"conflict": 1}
    return change


def test_it_is_written_over_what_was_found(bench: Bench) -> None:
    change = conflict(bench)

    decide(bench.plan.pk, "accepted", as_it_is(change))

    assert bench.apply() == {"applied": 1}
    assert bench.scene(3)["title"] == "The harbour at dawn"
    change.refresh_from_db()
    assert change.image_before == {"is": "The harbour at noon"}


def test_another_edit_since_is_a_conflict_again(bench: Bench) -> None:
    change = conflict(bench)
    decide(bench.plan.pk, "accepted", as_it_is(change))
    bench.library.edit("scene", 3, title="The harbour at night")

    assert bench.apply() == {"conflict": 1}

    assert bench.scene(3)["title"] == "The harbour at night"
    found = Change.objects.values_list("image_found", flat=True).get(pk=change.pk)
    assert found == {"is": "The harbour at night"}


def test_a_studio_is_written_over_the_one_that_was_found(bench: Bench) -> None:
    first, second = [n for n in (1, 2, 3) if n != bench.scene(3)["studio"]][:2]
    change = bench.accept(3, "studio", first)
    bench.library.edit("scene", 3, studio=second)
    assert bench.apply() == {"conflict": 1}

    decide(bench.plan.pk, "accepted", as_it_is(change))

    assert bench.apply() == {"applied": 1}
    assert bench.scene(3)["studio"] == first


def test_a_page_of_before_decides_nothing_over_what_was_found_since(
    bench: Bench,
) -> None:
    change = conflict(bench)
    old = as_it_is(change)
    decide(bench.plan.pk, "accepted", old)
    bench.library.edit("scene", 3, title="The harbour at night")
    assert bench.apply() == {"conflict": 1}

    late = decide(bench.plan.pk, "accepted", old)
    blind = decide(bench.plan.pk, "accepted", {change.pk: "conflict"})

    assert (late.changed, blind.changed) == (0, 0)
    (told,) = late.contested
    assert (told.state, told.is_found_anew, told.is_blocked) == (
        *("conflict", True, False),
    )
    change.refresh_from_db()
    assert (change.state, change.before) == ("conflict", "The harbour at noon")
