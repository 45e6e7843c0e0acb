"""Writes of which one half fails, or whose second look does, lose nothing."""

import pytest

from syncapp.stash.errors import StashUnreachable
from tests.integration.applying.conftest import Bench
from tests.integration.applying.test_apply_engine import told


def test_a_write_whose_first_half_was_locked_has_written_all_the_same(
    bench: Bench,
) -> None:
    title = bench.accept(3, "title", "Ours")
    before = bench.scene(3)["title"]
    bench.faults.fail_field(alias="seen")

    assert bench.apply() == {"applied": 1}
    assert told(title) == ("applied", before, None)
    assert "would not have been seen" in title.objection
    assert bench.mirror.demo.requests.count(root="bulkSceneUpdate") == 1


def test_a_write_whose_second_half_was_locked_is_tried_again(bench: Bench) -> None:
    title = bench.accept(3, "title", "Ours")
    bench.faults.fail_field(alias="wrote")

    assert bench.apply() == {"applied": 1}
    assert (told(title)[0], title.objection) == ("applied", "")
    assert bench.scene(3)["title"] == "Ours"


def test_what_a_write_lay_over_is_kept_where_no_second_look_is_answered(
    bench: Bench,
) -> None:
    """The server makes another value of ours, which is looked at once more."""
    title = bench.accept(3, "title", "Ours")
    bench.before_a_write(lambda: bench.library.edit("scene", 3, title="Theirs"))
    bench.faults.alter(lambda body: _ours_as(body, b"Ours."), root="bulkSceneUpdate")
    bench.faults.error("broken", operation="SceneNow", skip=1)

    assert bench.apply() == {"changed_since": 1}
    assert told(title) == ("changed_since", "Theirs", "Ours.")


def test_of_two_values_for_one_field_the_second_is_in_conflict(bench: Bench) -> None:
    first = bench.accept(3, "title", "Ours")
    second = bench.accept(3, "title", "Also ours")
    studio = bench.accept(3, "studio", 2, before=bench.scene(3)["studio"])

    bench.apply()

    assert (told(first)[0], told(second)[::2]) == ("applied", ("conflict", "Ours"))
    assert told(studio)[0] in {"applied", "skipped"}
    assert bench.scene(3)["title"] == "Ours"


def _ours_as(body: bytes, other: bytes) -> bytes:
    return body.replace(b'"Ours"', b'"' + other + b'"')


def test_an_apply_tells_how_far_it_is_before_it_writes_anything(bench: Bench) -> None:
    """By that a job which was killed knows that it gets on."""
    bench.accept(7, "title", "Ours")
    bench.faults.status(500, times=9, operation="SceneNow")

    with pytest.raises(StashUnreachable):
        bench.apply()

    assert bench.reporter.saved == {"scene": 7, "at_first": {}}
    assert bench.reporter.reached == [(bench.key(7),)]
