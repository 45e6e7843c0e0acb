"""Pages that a source cannot tell are read in parts; one bad record costs itself."""

import pytest

from syncapp.demo.traffic import Seen
from syncapp.models import Scene
from syncapp.stash.client import Limits
from syncapp.stash.errors import StashIncompatible
from tests.mirror import Mirror

pytestmark = pytest.mark.django_db(transaction=True)
BROKEN = "the requested element is null which the schema does not allow"


def holds(seen: Seen, number: int) -> bool:
    """Say whether the answer would hold this scene whole."""
    if seen.operation == "ScenePage":
        return seen.after is not None and seen.after < number <= seen.after + 250
    ids = [*seen.variables.get("ids", ())]
    ids += [value for name, value in seen.variables.items() if name.startswith("i")]
    return seen.operation in {"ScenesByIds", "SceneOneByOne"} and str(number) in ids


def test_one_bad_scene_is_skipped_named_and_read_next_time(mirror: Mirror) -> None:
    mirror.full()
    mirror.demo.library.edit("scene", 77, touch=False, title="Unseen as yet")
    mirror.demo.faults.error(BROKEN, times=999, where=lambda seen: holds(seen, 77))

    result = mirror.full()

    assert result["streams"]["scenes"]["skipped"] == 1
    assert result["streams"]["scenes"]["changed"] == 0
    told = [text for _, code, text in mirror.reporter.lines if code == "record_skipped"]
    assert len(told) == 1
    assert told[0].startswith("Scene 77 could not be read")
    mirror.demo.faults.clear()

    mirror.quick()

    assert Scene.objects.get(remote_id=77).title == "Unseen as yet"
    assert mirror.differences() == []


def test_page_that_fails_once_costs_nothing(mirror: Mirror) -> None:
    mirror.demo.faults.error(BROKEN, operation="ScenePage", skip=1)

    result = mirror.full()

    assert result["streams"]["scenes"]["skipped"] == 0
    assert result["streams"]["scenes"]["new"] == 400
    assert mirror.differences() == []


@pytest.mark.parametrize("operation", ["ScenePage", "PerformerPage", "TagPage"])
def test_page_that_is_too_much_is_read_in_parts(mirror: Mirror, operation: str) -> None:
    mirror.demo.faults.status(503, times=1_000, operation=operation)

    mirror.full()

    assert mirror.differences() == []


def test_records_are_asked_for_in_ever_smaller_parts(mirror: Mirror) -> None:
    def many(seen: Seen) -> bool:
        whole = seen.operation == "ScenePage"
        return whole or len(seen.variables.get("ids", ())) > 70

    mirror.demo.faults.status(504, times=1_000, where=many)

    mirror.full()

    assert mirror.differences() == []


def test_answer_that_is_too_large_is_read_in_parts(mirror: Mirror) -> None:
    mirror.full(limits=Limits(max_bytes=150_000))

    assert mirror.differences() == []


def test_slow_drip_is_read_to_its_end(mirror: Mirror) -> None:
    mirror.demo.faults.drip(piece=5_000, pause_s=0.01, times=4, operation="ScenePage")

    mirror.full()

    assert mirror.differences() == []


def test_answers_that_break_off_are_asked_for_again(mirror: Mirror) -> None:
    mirror.demo.faults.drop(sent=900, times=2, operation="ScenePage")

    mirror.full()

    assert mirror.differences() == []


@pytest.mark.parametrize("name", ["Scene.director", "Scene.title", "VideoFile.format"])
def test_field_that_is_gone_is_left_out_and_everything_is_read_again(
    mirror: Mirror, name: str
) -> None:
    mirror.full()
    mirror.demo.schema_without(name)

    result = mirror.quick()

    assert result["streams"]["scenes"]["seen"] == 400
    assert result["streams"]["scenes"]["skipped"] == 0


def test_field_that_cannot_be_missed_is_named_in_one_sentence(mirror: Mirror) -> None:
    mirror.full()
    mirror.demo.schema_without("Scene.files")

    with pytest.raises(StashIncompatible, match=r"lacks Scene\.files\. Steward needs"):
        mirror.quick()

    assert Scene.objects.filter(deleted_at=None).count() == 400
