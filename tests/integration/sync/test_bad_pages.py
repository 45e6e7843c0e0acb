"""Pages that a source cannot tell are read in parts; one bad record costs itself."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError

from syncapp.demo.traffic import Seen
from syncapp.models import Scene
from syncapp.stash.client import Limits
from syncapp.stash.errors import StashIncompatible
from syncapp.sync.decoding import PageDecoder
from syncapp.sync.record_diff import OWN, Incoming
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


def test_a_record_that_the_database_refuses_costs_itself(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = PageDecoder._incoming

    def too_large(self: PageDecoder, part: Any, record: Any, at: Any) -> Incoming:
        made = incoming(self, part, record, at)
        if self.stream.name != "scenes" or record.id != "77":
            return made
        place = OWN + self.stream.columns.index("play_count")
        return replace(made, row=(*made.row[:place], 2**70, *made.row[place + 1 :]))

    with monkeypatch.context() as patch:
        patch.setattr(PageDecoder, "_incoming", too_large)
        result = mirror.full()

    scenes = result["streams"]["scenes"]
    assert (scenes["seen"], scenes["new"], scenes["skipped"]) == (400, 399, 1)
    assert not Scene.objects.filter(remote_id=77).exists()
    told = [text for _, code, text in mirror.reporter.lines if code == "record_skipped"]
    assert len(told) == 1
    assert told[0].startswith("Scene 77 could not be read: the database does not take")

    mirror.quick()

    assert mirror.differences() == []


def test_a_database_that_is_away_is_no_refusal(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        msg = "server closed the connection unexpectedly"
        raise OperationalError(msg)

    monkeypatch.setattr("syncapp.sync.writer.execute_together", away)

    with pytest.raises(OperationalError):
        mirror.full()


def test_an_index_that_ends_too_early_is_read_again(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    def empty(_: bytes) -> bytes:
        return b'{"data":{"findScenes":{"scenes":[]}}}'

    monkeypatch.setattr("syncapp.stash.reading.INDEX_SIZE", 100)
    mirror.demo.faults.alter(empty, operation="SceneIndex", after=100)

    result = mirror.full()

    assert result["streams"]["scenes"]["new"] == 100
    assert "listing_incomplete" in mirror.reporter.codes()
    mirror.demo.faults.clear()

    mirror.quick()

    assert mirror.differences() == []


def test_a_record_counts_once_however_often_it_is_read(mirror: Mirror) -> None:
    library = mirror.demo.library
    for number in range(1, 301):
        library.edit("scene", number, organized=True)  # just now: read twice
    library.edit("tag", 5, name="Surf")  # all tags are read once more

    for kind in ("full", "quick"):
        result = mirror.full() if kind == "full" else mirror.quick()

        scenes, tags = result["streams"]["scenes"], result["streams"]["tags"]
        assert scenes["seen"] == {"full": 400, "quick": 300}[kind]
        assert tags["seen"] == 60
        for tally in (scenes, tags):
            assert tally["seen"] == sum(
                tally[name] for name in ("new", "changed", "unchanged", "skipped")
            )


def test_what_is_wrong_with_many_records_is_told_of_a_hundred(mirror: Mirror) -> None:
    def change(body: bytes) -> bytes:
        return body.replace(b'"organized":true', b'"organized":"yes"')

    mirror.demo.faults.alter(change, operation="ScenePage")
    mirror.demo.faults.alter(change, operation="ScenesByIds")

    result = mirror.full()

    told = [text for _, code, text in mirror.reporter.lines if code == "record_skipped"]
    assert result["streams"]["scenes"]["skipped"] > 100
    assert len(told) == 101
    assert told[-1] == "More scenes like these are counted and not named."


def test_field_that_cannot_be_missed_is_named_in_one_sentence(mirror: Mirror) -> None:
    mirror.full()
    mirror.demo.schema_without("Scene.files")

    with pytest.raises(StashIncompatible, match=r"lacks Scene\.files\. Steward needs"):
        mirror.quick()

    assert Scene.objects.filter(deleted_at=None).count() == 400
