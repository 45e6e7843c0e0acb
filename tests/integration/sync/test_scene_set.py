"""A set of scenes is read part by part; a run that ends early goes on where it was."""

from collections.abc import Iterable

import pytest

from syncapp.models import Scene
from syncapp.models.keys import row_id
from syncapp.sync import scene_set
from syncapp.sync.errors import SyncStopped
from tests.builders import make_scene_set, make_source
from tests.mirror import Interrupted, Mirror, PlainReporter

pytestmark = pytest.mark.django_db


def chosen(mirror: Mirror, numbers: Iterable[int]) -> int:
    """Freeze these scenes, in parts of 100; returns the set's id."""
    keys = [row_id(mirror.source.pk, number) for number in numbers]
    return make_scene_set(mirror.source, keys, part=100)


def seen(mirror: Mirror) -> int:
    """Return how many scenes were asked for by id."""
    return sum(
        len(asked.variables.get("ids", ()))
        for asked in mirror.demo.requests
        if asked.operation == "ScenesByIds"
    )


def test_every_scene_of_the_set_is_read_and_no_other(mirror: Mirror) -> None:
    mirror.quick()
    library = mirror.demo.library
    for number in (3, 250, 390):  # without a trace in any list
        library.edit("scene", number, touch=False, title=f"Reel {number}")

    result = mirror.scene_set(chosen(mirror, range(1, 301)))

    titles = Scene.objects.filter(title__startswith="Reel ").values_list("title")
    assert sorted(titles) == [("Reel 250",), ("Reel 3",)]
    assert result["streams"]["scenes"]["seen"] == 300
    assert result["streams"]["scenes"]["changed"] == 2
    assert mirror.reporter.phases["scenes"] == (300, 300)


def test_interrupted_run_goes_on_behind_its_checkpoint(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene_set, "PAGE", 25)
    mirror.quick()
    for number in range(1, 401):
        mirror.demo.library.edit("scene", number, touch=False, code=f"C{number}")
    set_id = chosen(mirror, range(1, 401))
    stopped = PlainReporter(stop_after_commits=6)
    with pytest.raises(Interrupted):
        mirror.scene_set(set_id, reporter=stopped)
    written = Scene.objects.filter(code__startswith="C").count()
    mirror.demo.requests.clear()

    again = PlainReporter(resume_from=stopped.saved)
    result = mirror.scene_set(set_id, reporter=again)

    assert 0 < written < 400
    assert seen(mirror) == 400 - written
    assert stopped.reached == sorted(stopped.reached)
    assert again.reached[0] > stopped.reached[-1]
    counts = result["streams"]["scenes"]
    assert (counts["seen"], counts["changed"]) == (400, 400)
    assert again.phases["scenes"] == (400, 400)
    assert mirror.differences() == []


def test_scenes_that_are_gone_are_marked(mirror: Mirror) -> None:
    mirror.quick()
    for number in (5, 105, 205):
        mirror.demo.library.delete("scene", number)

    result = mirror.scene_set(chosen(mirror, range(1, 251)))

    gone = Scene.objects.exclude(deleted_at=None).values_list("remote_id", flat=True)
    assert sorted(gone) == [5, 105, 205]
    assert result["streams"]["scenes"]["gone"] == 3
    assert "deletions_held" not in mirror.reporter.codes()


def test_of_a_lot_that_is_gone_nothing_more_is_marked(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene_set, "PAGE", 10)
    mirror.quick()
    for number in range(1, 101):
        mirror.demo.library.delete("scene", number)

    result = mirror.scene_set(chosen(mirror, range(1, 151)))

    marked = Scene.objects.exclude(deleted_at=None).count()
    assert marked == result["streams"]["scenes"]["gone"] == 40  # a tenth of 400
    assert result["held"] == {"scenes": 60}
    assert mirror.reporter.codes().count("deletions_held") == 1


def test_scenes_that_were_gone_before_can_come_back(mirror: Mirror) -> None:
    mirror.quick()
    mirror.demo.library.delete("scene", 7)
    mirror.quick()
    set_id = chosen(mirror, [6, 7, 8])

    result = mirror.scene_set(set_id)

    assert result["streams"]["scenes"]["gone"] == 0
    assert Scene.objects.exclude(deleted_at=None).count() == 1


def test_large_records_that_come_in_parts_are_all_read(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncapp.stash.by_id.MOST_BYTES", 20_000)
    monkeypatch.setattr("syncapp.stash.by_id.ROOMY", 10_000)
    mirror.quick()
    for number in range(1, 401):
        mirror.demo.library.edit("scene", number, touch=False, code=f"C{number}")

    result = mirror.scene_set(chosen(mirror, range(1, 401)))

    assert result["streams"]["scenes"]["changed"] == 400
    assert mirror.differences() == []


def test_set_that_is_not_there_or_of_another_source_stops_the_run(
    mirror: Mirror,
) -> None:
    mirror.quick()
    other = make_source("Lectures")
    foreign = make_scene_set(other, [row_id(other.pk, 1)])

    for set_id in (foreign, foreign + 1):
        with pytest.raises(SyncStopped, match="choose them again"):
            mirror.scene_set(set_id)
