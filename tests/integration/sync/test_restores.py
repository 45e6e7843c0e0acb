"""A source restored from a backup is read whole, for its index may not show it."""

import pytest

from syncapp.demo import Library
from syncapp.models import Scene, StreamState
from tests.mirror import Interrupted, Mirror, PlainReporter

pytestmark = pytest.mark.django_db


def backup() -> Library:
    """Return the library as it was at first."""
    return Library(seed=7, scenes=400, tags=60)


@pytest.fixture
def restored(mirror: Mirror) -> Mirror:
    """Give a mirror of a library that was edited, synced, and then restored."""
    mirror.quick()
    library = mirror.demo.library
    library.edit("scene", 30, touch=False, play_count=41)  # no index shows it
    library.edit("scene", 5, title="Edited before the disk failed")
    library.edit("performer", 3, touch=False, tags=[9, 10])
    tag = library.add("tag", name="Lost with the disk")
    library.add("scene", title="Lost with the disk too", tags=[tag])
    library.delete("scene", 8)
    mirror.full()
    assert mirror.differences() == []
    mirror.demo.replace_library(backup())
    return mirror


def test_restored_backup_is_mirrored_by_the_next_quick_sync(restored: Mirror) -> None:
    result = restored.quick()

    assert restored.differences() == []
    assert restored.reporter.codes() == ["read_whole"]
    assert result["streams"]["scenes"]["revived"] == 1


def test_restored_backup_that_was_added_to_since_uses_ids_again(
    restored: Mirror,
) -> None:
    for number in range(3):
        restored.demo.library.add("scene", title=f"New reel {number}")

    restored.quick()

    assert restored.differences() == []
    assert Scene.objects.get(remote_id=401).title == "New reel 0"


@pytest.mark.parametrize("commits", [1, 3, 5, 8, 11])
def test_doubts_outlast_an_interruption(commits: int, restored: Mirror) -> None:
    with pytest.raises(Interrupted):
        restored.quick(reporter=PlainReporter(stop_after_commits=commits))

    restored.quick()

    assert restored.differences() == []


def test_doubts_outlast_a_restriction_to_one_stream(restored: Mirror) -> None:
    restored.quick("tags")
    assert restored.differences() != []

    restored.quick()

    assert restored.differences() == []


def test_id_that_revives_has_all_streams_read_whole(mirror: Mirror) -> None:
    mirror.demo.library.edit("tag", 9, touch=False, parents=[2])
    mirror.quick()
    mirror.demo.library.delete("scene", 8)
    mirror.quick()
    mirror.demo.replace_library(backup())  # tag 9 has other parents in it

    result = mirror.quick()

    assert result["streams"]["scenes"]["revived"] == 1
    assert result["streams"]["tags"]["changed"] == 1
    assert mirror.differences() == []


def test_source_is_read_whole_once_and_not_with_each_quick_sync(
    restored: Mirror,
) -> None:
    restored.quick()
    restored.demo.requests.clear()

    restored.quick()

    assert restored.demo.requests.count(operation="ScenePage") == 0
    assert not StreamState.objects.filter(selection_version=0).exists()
