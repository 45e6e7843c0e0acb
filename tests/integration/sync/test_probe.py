"""A quick sync asks one small question per stream, and reads on only where it must."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from syncapp.demo import DemoServer, Library
from syncapp.models import Scene, Source, StreamState
from tests.mirror import Mirror

pytestmark = pytest.mark.django_db
STREAMS = ("scenes", "performers", "studios", "tags")


def asked(mirror: Mirror) -> list[str]:
    """Return the names of the questions since the last sync, less the handshake's."""
    names = [seen.operation for seen in mirror.demo.requests]
    return [name for name in names if name and name != "Handshake"]


def indexes(mirror: Mirror) -> set[str]:
    return {name for name in asked(mirror) if name.endswith("Index")}


@pytest.fixture
def synced(mirror: Mirror) -> Mirror:
    """Give a mirror that is equal to a library which nobody edits."""
    mirror.quick()
    mirror.demo.requests.clear()
    return mirror


def test_unchanged_library_costs_one_question_per_stream(synced: Mirror) -> None:
    synced.quick()

    # With the handshake, the small question that wakes the server, and those beside.
    assert len(synced.demo.requests) == 9
    assert sorted(asked(synced)) == [
        "FilesUpdated",
        "Folders",
        "PerformerProbe",
        "SceneProbe",
        "ScenesActive",
        "StudioProbe",
        "TagCount",
        "TagProbe",
    ]
    assert synced.reporter.phases == dict.fromkeys(STREAMS, (0, 0))


def test_two_questions_at_once_never_come_first(synced: Mirror) -> None:
    """A server that is idle has its database closed, and opens it for each of two."""
    synced.quick()

    finds = [
        seen.roots
        for seen in synced.demo.requests
        if any(root.startswith("find") for root in seen.roots)
    ]
    assert len(finds[0]) == 1
    assert len(finds[1]) == 2


def test_only_the_index_of_the_stream_that_changed_is_read(synced: Mirror) -> None:
    synced.demo.library.edit("studio", 2, details="Now in colour.")

    synced.quick()

    assert indexes(synced) == {"StudioIndex"}
    assert synced.differences() == []


def test_full_sync_reads_every_index(synced: Mirror) -> None:
    synced.full()

    assert len(indexes(synced)) == 4


def test_index_is_read_when_it_is_forced(synced: Mirror) -> None:
    synced.quick(force_index=True)

    assert len(indexes(synced)) == 4


def test_deletion_among_old_records_is_seen(synced: Mirror) -> None:
    synced.demo.library.delete("scene", 3)

    synced.quick()

    assert synced.differences() == []


def test_record_that_moved_its_links_only_is_not_seen_by_a_probe_or_an_index(
    synced: Mirror,
) -> None:
    synced.demo.library.edit("scene", 3, touch=False, play_duration=99.5)

    synced.quick(force_index=True)

    assert len(synced.differences()) == 1


@pytest.mark.parametrize(("hours", "read"), [(5.9, 0), (6.1, 4), (-1, 4)])
def test_probe_is_believed_for_six_hours(
    hours: float, read: int, synced: Mirror
) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
        synced.quick()

    assert len(indexes(synced)) == read


@pytest.mark.parametrize("change", [{"content_hash": 0}, {"unsettled": True}], ids=str)
def test_row_that_waits_to_be_read_again_is_read(
    change: dict[str, object], synced: Mirror
) -> None:
    Scene.objects.filter(remote_id=9).update(title="Not what it was", **change)
    if "unsettled" in change:  # its text is compared, for its hash tells of no change
        Scene.objects.filter(remote_id=9).update(content_hash=1)

    synced.quick()

    assert synced.differences() == []


def test_edits_of_a_moment_ago_are_not_yet_believed_to_be_all(synced: Mirror) -> None:
    library = synced.demo.library
    library.edit("scene", 5, title="An edit")
    synced.quick()
    assert StreamState.objects.get(stream="scenes").probe == ""
    library.now = lambda: datetime.now(UTC) + timedelta(seconds=121)
    synced.quick()  # reads that scene once more, and has settled now
    synced.demo.requests.clear()

    synced.quick()

    assert indexes(synced) == set()


@pytest.mark.parametrize("stamp", ["2035-07-01T12:00:00+02:00", "9999-12-31T00:00:00Z"])
def test_record_of_the_far_future_does_not_have_the_index_read_each_time(
    stamp: str, synced: Mirror
) -> None:
    library = synced.demo.library
    library.edit("scene", 5, title="By a wrong clock", updated_at=stamp)
    library.edit("scene", 6, title="An hour ago", updated_at=hours_ago(library, 1))
    synced.quick()
    synced.demo.requests.clear()

    synced.quick()
    cost, read = len(synced.demo.requests), indexes(synced)
    library.edit("scene", 7, title="By a clock that is right")
    synced.quick()

    assert (cost, read) == (9, set())
    assert synced.differences() == []


def test_as_many_of_them_as_a_probe_holds_hide_no_edit(db: None) -> None:
    library = Library(seed=3, scenes=300, tags=10)
    for number in range(1, 261):
        library.edit("scene", number, organized=True, updated_at="2035-07-01T12:00:00Z")
    with DemoServer(library, port=0, api_key="") as demo:
        mirror = Mirror(demo, Source.objects.create(name="Reels", url=demo.url))
        mirror.quick()
        library.edit("scene", 280, title="Below all of them")

        mirror.quick()

        assert mirror.differences() == []


def hours_ago(library: Library, hours: int) -> str:
    return (library.now() - timedelta(hours=hours)).isoformat()[:19] + "Z"


def test_edit_that_commits_late_with_an_older_stamp_is_seen(synced: Mirror) -> None:
    library = synced.demo.library
    library.edit("scene", 5, title="First to commit")
    late = library.now() - timedelta(seconds=90)
    synced.quick()
    library.edit("scene", 6, title="Waited", updated_at=late.isoformat()[:19] + "Z")

    synced.quick()

    assert synced.differences() == []


def test_skipped_record_keeps_the_probe_from_being_believed(synced: Mirror) -> None:
    library = synced.demo.library
    library.edit("scene", 5, title="Torn", updated_at="2025-11-02T10:00:00Z")
    library.spoil("scene", 5)
    result = synced.quick()
    assert result["streams"]["scenes"]["skipped"] == 1
    library.mend()

    synced.quick()

    assert synced.differences() == []


def test_source_that_went_back_is_seen_though_it_looks_as_before(
    synced: Mirror,
) -> None:
    """Edited, synced, and restored: the probe equals that of the first sync."""
    library = synced.demo.library
    before = library.get("scene", 5) or {}
    library.edit("scene", 5, title="For a while")
    synced.quick()
    assert Scene.objects.get(remote_id=5).title == "For a while"
    library.edit("scene", 5, title=before["title"], updated_at=before["updated_at"])

    synced.quick()

    assert synced.differences() == []


def test_more_records_of_one_second_than_a_probe_holds_still_spare_the_index(
    db: None,
) -> None:
    library = Library(seed=3, scenes=600, tags=10)
    for number in range(1, 401):
        library.edit("scene", number, organized=True, updated_at="2025-11-02T10:00:00Z")
    with DemoServer(library, port=0, api_key="") as demo:
        mirror = Mirror(demo, Source.objects.create(name="Reels", url=demo.url))
        mirror.quick()
        demo.requests.clear()

        mirror.quick()

        assert indexes(mirror) == set()
