"""The engine of apply against a server: what is written, and what became of it."""

from typing import Any

import pytest

from syncapp.stash.errors import StashUnreachable
from tests.integration.applying.conftest import Bench


def told(change: Any) -> tuple[str, object, object]:
    """Return a change's state, what stood there before, what was found instead."""
    change.refresh_from_db()
    before = change.image_before and change.image_before["is"]
    found = change.image_found and change.image_found["is"]
    return change.state, before, found


def test_what_was_accepted_is_written_and_nothing_else(bench: Bench) -> None:
    bench.library.edit("scene", 3, studio=None, tags=[1], title="Dunes")
    kept = bench.scene(3)["performers"]
    studio = bench.accept(3, "studio", 2)
    tag = bench.accept(3, "tags", 5)
    gone = bench.accept(3, "tags", 1, op="remove")
    title = bench.accept(3, "title", "Dunes at dusk")
    other = bench.accept(4, "date", "2020-05-17", state="proposed", decided_at=None)

    counts = bench.apply()

    scene = bench.scene(3)
    assert (scene["studio"], list(scene["tags"])) == (2, [5])
    assert (scene["title"], scene["performers"]) == ("Dunes at dusk", kept)
    assert counts == {"applied": 4}
    assert told(studio) == ("applied", None, None)
    assert told(tag) == ("applied", False, None)
    assert told(gone) == ("applied", True, None)
    assert told(title) == ("applied", "Dunes", None)
    assert told(other)[0] == "proposed"
    assert bench.reporter.phases["changes"] == (4, 4)


def test_an_edit_since_is_a_conflict_and_stays(bench: Bench) -> None:
    title = bench.accept(3, "title", "Ours")
    date = bench.accept(3, "date", "2020-05-17")
    bench.library.edit("scene", 3, title="Theirs")

    assert bench.apply() == {"conflict": 1, "applied": 1}

    assert bench.scene(3)["title"] == "Theirs"
    assert told(title)[::2] == ("conflict", "Theirs")
    assert told(date)[0] == "applied"


def test_an_edit_after_the_look_is_found_by_the_read_that_counts(bench: Bench) -> None:
    title = bench.accept(3, "title", "Ours")
    bench.before_a_read(lambda: bench.library.edit("scene", 3, title="Theirs"))

    assert bench.apply() == {"conflict": 1}
    assert (told(title)[2], bench.scene(3)["title"]) == ("Theirs", "Theirs")


def test_an_edit_between_read_and_write_is_overwritten_and_kept(bench: Bench) -> None:
    title = bench.accept(3, "title", "Ours")
    bench.before_a_write(lambda: bench.library.edit("scene", 3, title="Theirs"))

    assert bench.apply() == {"overwrote": 1}
    assert told(title) == ("overwrote", "Theirs", None)
    assert bench.scene(3)["title"] == "Ours"


def test_what_is_so_already_is_skipped(bench: Bench) -> None:
    tag = bench.accept(3, "tags", 5)
    title = bench.accept(4, "title", "Ours")
    bench.library.edit("scene", 3, tags=[5])
    bench.before_a_write(lambda: bench.library.edit("scene", 4, title="Ours"))

    assert bench.apply() == {"skipped": 2}
    assert told(tag) == ("skipped", True, None)
    assert told(title) == ("skipped", "Ours", None)


def test_a_lost_answer_is_read_before_anything_is_sent_again(bench: Bench) -> None:
    landed, cut = bench.accept(3, "title", "Ours"), bench.accept(4, "title", "Ours")
    bench.faults.drop(root="bulkSceneUpdate", sent=5)
    bench.faults.drop(root="bulkSceneUpdate", skip=1, sent=None)

    assert bench.apply() == {"applied": 2}
    assert (told(landed)[0], told(cut)[0]) == ("applied", "applied")
    assert "answer was lost" in landed.objection
    assert [bench.scene(n)["title"] for n in (3, 4)] == ["Ours", "Ours"]


def test_scenes_and_elements_that_are_gone_are_told_apart(bench: Bench) -> None:
    scene, tag = bench.accept(3, "title", "Ours"), bench.accept(4, "tags", 5)
    rest = bench.accept(4, "title", "Ours")
    last = bench.accept(5, "title", "Ours")
    bench.library.delete("scene", 3)
    bench.library.delete("tag", 5)
    bench.before_a_write(lambda: bench.library.delete("scene", 5))

    assert bench.apply() == {"failed": 3, "applied": 1}
    for change, said in ((scene, "scene is no longer"), (tag, "tag is no longer")):
        change.refresh_from_db()
        assert said in change.objection
    assert (told(rest)[0], told(last)[0]) == ("applied", "failed")


def test_a_locked_database_is_waited_for(bench: Bench) -> None:
    bench.accept(3, "title", "Ours")
    bench.faults.locked(root="bulkSceneUpdate")

    assert bench.apply() == {"applied": 1}


def test_what_a_job_did_before_it_was_cut_counts_when_it_goes_on(bench: Bench) -> None:
    bench.accept(2, "title", "Ours", state="conflict")  # of another job
    bench.accept(3, "title", "Ours", before="Neither this")
    for number in (4, 5):
        bench.accept(number, "title", "Ours")
    bench.faults.status(500, times=9, operation="SceneNow", skip=1)
    with pytest.raises(StashUnreachable):
        bench.apply()
    bench.faults.clear()

    counts = bench.apply(resume_from=bench.reporter.saved)

    assert counts == {"conflict": 1, "applied": 2}
    assert bench.reporter.phases["changes"] == (3, 3)
