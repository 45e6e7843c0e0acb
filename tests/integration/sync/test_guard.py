"""What is gone in numbers waits for a person, once, and only if it really is gone."""

import pytest

from syncapp.demo import Library
from syncapp.models import Scene, StreamState, Tag
from syncapp.services import keep_deletions
from syncapp.sync.errors import SyncStopped
from tests.mirror import Mirror

pytestmark = pytest.mark.django_db
VANISHED = range(100, 160)  # 15% of the scenes


def vanish(mirror: Mirror, numbers: range = VANISHED) -> None:
    for number in numbers:
        mirror.demo.library.delete("scene", number)


def state(stream: str = "scenes") -> StreamState:
    return StreamState.objects.get(stream=stream)


def tombstones() -> int:
    return Scene.objects.exclude(deleted_at=None).count()


@pytest.fixture
def held(mirror: Mirror) -> Mirror:
    """Give a mirror whose guard holds the deletions of 15% of the scenes."""
    mirror.quick()
    vanish(mirror)
    mirror.quick()
    return mirror


def test_what_the_source_confirmed_is_kept_to_be_shown(held: Mirror) -> None:
    assert state().held_deletions == 60
    assert state().held_ids == list(VANISHED)
    assert state().held_since is not None
    assert tombstones() == 0


def test_alarm_is_raised_once_until_somebody_decides(held: Mirror) -> None:
    since = state().held_since
    assert "deletions_held" in held.reporter.codes()

    result = held.quick()

    assert result["held"] == {"scenes": 60}
    assert held.reporter.codes() == ["deletions_still_held"]
    assert state().held_since == since


def test_full_sync_while_it_holds_does_not_make_each_next_one_full(
    held: Mirror,
) -> None:
    held.full()
    held.demo.requests.clear()

    held.quick()

    assert held.demo.requests.count(operation="ScenePage") == 0


def test_the_rest_of_the_sync_goes_on(mirror: Mirror) -> None:
    mirror.quick()
    for number in range(1, 55):
        mirror.demo.library.delete("tag", number)
    mirror.demo.library.edit("scene", 5, title="Still synced")

    result = mirror.quick()

    assert set(result["held"]) == {"tags"}
    assert Scene.objects.get(remote_id=5).title == "Still synced"


def test_accepted_deletions_are_confirmed_one_by_one(held: Mirror) -> None:
    held.demo.library.add("scene", title="Meanwhile")
    held.demo.requests.clear()

    result = held.quick(accept_deletions=True)

    assert result["streams"]["scenes"]["gone"] == 60
    confirmed = [s for s in held.demo.requests if s.operation == "SceneExistence"]
    assert sum(len(seen.roots) for seen in confirmed) == 60
    assert held.differences() == []
    assert (state().held_deletions, state().held_ids) == (0, [])


def test_kept_rows_stay_in_silence_and_their_stream_is_synced(held: Mirror) -> None:
    keep_deletions(held.source.pk, "scenes")
    held.demo.library.edit("scene", 5, title="Synced again")

    result = held.quick()

    assert result["held"] == {}
    assert held.reporter.codes() == []
    assert tombstones() == 0
    assert Scene.objects.get(remote_id=5).title == "Synced again"
    assert state().held_deletions == 0


def test_more_than_what_was_kept_raises_a_new_alarm(held: Mirror) -> None:
    keep_deletions(held.source.pk, "scenes")
    held.quick()
    vanish(held, range(200, 203))

    result = held.quick()

    assert result["held"] == {"scenes": 63}
    # Others than those that were kept: some of these might be back.
    assert held.reporter.codes()[:2] == ["read_whole", "deletions_held"]


def test_rows_that_come_back_end_the_alarm(held: Mirror) -> None:
    held.demo.replace_library(Library(seed=7, scenes=400, tags=60))

    result = held.quick()

    assert result["held"] == {}
    assert state().held_deletions == 0
    assert held.differences() == []


@pytest.mark.parametrize(
    "hidden", [range(100, 160), range(1, 401)], ids=["15%", "everything"]
)
def test_listing_that_leaves_out_what_is_there_is_not_believed(
    hidden: range, mirror: Mirror
) -> None:
    mirror.quick()
    mirror.demo.library.hidden["scene"] = frozenset(hidden)

    result = mirror.quick()

    assert result["held"] == {}
    assert mirror.reporter.codes() == ["listing_incomplete"]
    assert tombstones() == 0
    mirror.demo.library.hidden.clear()
    mirror.quick()
    assert mirror.differences() == []


def test_empty_listing_of_an_emptied_stream_is_held(mirror: Mirror) -> None:
    mirror.quick()
    for number in list(mirror.demo.library.ids("studio")):
        mirror.demo.library.delete("studio", number)

    result = mirror.quick()

    assert list(result["held"]) == ["studios"]
    assert result["streams"].get("studios", {}).get("gone", 0) == 0
    mirror.quick(accept_deletions=True)
    assert mirror.differences() == []


def test_nothing_is_held_on_the_word_of_a_server_that_cannot_tell(
    mirror: Mirror,
) -> None:
    mirror.quick()
    vanish(mirror)
    mirror.demo.faults.fail_field(field="findScene", times=1_000)

    result = mirror.quick()

    assert result["held"] == {}
    assert mirror.reporter.codes() == ["deletion_unconfirmed"]
    mirror.demo.faults.clear()
    assert mirror.quick()["held"] == {"scenes": 60}


@pytest.mark.parametrize("times", [1, 50], ids=["once", "for a while"])
def test_look_up_that_fails_for_one_is_not_taken_for_a_deletion(
    times: int, mirror: Mirror
) -> None:
    mirror.quick()
    mirror.demo.library.delete("scene", 10)
    mirror.demo.library.delete("scene", 11)
    mirror.demo.faults.fail_field(field="findScene", number=10, times=times)

    mirror.quick()

    assert Scene.objects.get(remote_id=11).deleted_at is not None
    assert (Scene.objects.get(remote_id=10).deleted_at is None) is (times > 1)
    mirror.demo.faults.clear()
    mirror.quick()
    assert mirror.differences() == []


@pytest.mark.parametrize("mode", ["quick", "full"])
def test_library_replaced_by_another_with_the_same_ids_is_refused_unread(
    mode: str, mirror: Mirror
) -> None:
    mirror.quick()
    before = list(Scene.objects.order_by("id").values_list("title", "synced_at"))
    mirror.demo.replace_library(Library(seed=8, scenes=380, tags=60))

    with pytest.raises(SyncStopped, match="another library"):
        getattr(mirror, mode)()

    after = list(Scene.objects.order_by("id").values_list("title", "synced_at"))
    assert after == before


def test_a_larger_library_is_refused_before_small_streams_are_written(
    mirror: Mirror,
) -> None:
    mirror.demo.replace_library(Library(seed=1, scenes=400, tags=12, performers=15))
    mirror.full()
    before = list(Tag.objects.order_by("id").values_list("name", "deleted_at"))
    mirror.demo.replace_library(Library(seed=99, scenes=9_000, tags=60))

    with pytest.raises(SyncStopped, match="another library"):
        mirror.quick()

    after = list(Tag.objects.order_by("id").values_list("name", "deleted_at"))
    assert after == before
