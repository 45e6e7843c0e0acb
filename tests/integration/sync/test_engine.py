"""The engine makes the mirror equal to the source, whatever happened there."""

from typing import Any

import pytest

from syncapp.models import Scene, StreamState, Tag
from syncapp.stash.reading import NEWEST
from syncapp.sync.errors import SyncStopped
from tests.mirror import Interrupted, Mirror, PlainReporter, mirror_writes

pytestmark = pytest.mark.django_db


def total(result: dict[str, Any], name: str) -> int:
    return sum(counts[name] for counts in result["streams"].values())


def test_first_sync_mirrors_every_field_of_every_record(mirror: Mirror) -> None:
    result = mirror.quick()

    assert mirror.differences() == []
    assert result["streams"]["scenes"]["new"] == 400
    assert mirror.reporter.phases["scenes"] == (400, 400)


def test_quick_sync_of_an_unchanged_library_writes_nothing(mirror: Mirror) -> None:
    mirror.full()

    with mirror_writes() as writes:
        result = mirror.quick()

    assert writes == []
    assert total(result, "seen") == 0


def test_full_sync_of_an_unchanged_library_writes_nothing(mirror: Mirror) -> None:
    mirror.full()

    with mirror_writes() as writes:
        result = mirror.full()

    assert writes == []
    assert result["streams"]["scenes"]["unchanged"] == 400


def test_quick_sync_follows_edits_and_additions(mirror: Mirror) -> None:
    mirror.quick()
    library = mirror.demo.library
    library.edit("scene", 5, title="Tides of the Wadden Sea", organized=True, tags=[1])
    library.edit("performer", 3, name="Ada Fjordheim", birthdate="1931")
    tag = library.add("tag", name="Mudflats", parents=[2])
    library.add("scene", title="Dune grass", tags=[tag], performers=[3], studio=2)
    library.edit("studio", 2, parent_studio=1, aliases=["North Reel"])

    result = mirror.quick()

    assert mirror.differences() == []
    assert result["streams"]["scenes"]["new"] == 1
    assert result["streams"]["scenes"]["changed"] == 1


def test_quick_sync_follows_merges_and_deletions(mirror: Mirror) -> None:
    mirror.quick()
    library = mirror.demo.library
    library.merge_tags([4, 5], into=6)
    library.delete("performer", 3)
    library.delete("scene", 10)
    library.delete("studio", 2)

    result = mirror.quick()

    assert mirror.differences() == []
    assert result["streams"]["tags"]["gone"] == 2
    assert result["streams"]["scenes"]["gone"] == 1
    assert Scene.objects.get(remote_id=10).deleted_at is not None


def test_tag_parents_edited_from_the_other_side_are_seen_with_any_tag_edit(
    mirror: Mirror,
) -> None:
    mirror.quick()
    mirror.demo.library.edit("tag", 20, touch=False, parents=[1])
    mirror.demo.library.edit("tag", 30, description="Filmed from the air.")

    mirror.quick()

    assert mirror.differences() == []


def test_merge_of_a_tag_that_nothing_else_shows_reaches_its_destination(
    mirror: Mirror,
) -> None:
    tag = mirror.demo.library.add("tag", name="Reed beds")
    mirror.demo.library.add("tag", name="Salt pans")  # or the greatest id would fall
    mirror.quick()
    mirror.demo.library.merge_tags([tag], into=6)

    mirror.quick()

    assert "Reed beds" in Tag.objects.get(remote_id=6).aliases
    assert mirror.differences() == []


def test_two_tags_swap_their_names(mirror: Mirror) -> None:
    mirror.quick()
    library = mirror.demo.library
    first, second = (library.get("tag", number)["name"] for number in (8, 9))
    library.edit("tag", 8, name=second)
    library.edit("tag", 9, name=first)

    mirror.quick()

    assert mirror.differences() == []


def test_scenes_alone_bring_what_they_link_to(mirror: Mirror) -> None:
    mirror.quick("scenes")

    assert Scene.objects.count() == 400
    library = mirror.demo.library
    used = {tag for scene in library.records("scene") for tag in scene["tags"]}
    assert used <= set(Tag.objects.values_list("remote_id", flat=True))
    mirror.quick()
    assert mirror.differences() == []


def test_chosen_scenes_are_read_again_and_a_missing_one_is_tombstoned(
    mirror: Mirror,
) -> None:
    mirror.quick()
    mirror.demo.library.edit("scene", 5, touch=False, title="Moved without a stamp")
    mirror.demo.library.delete("scene", 6)

    result = mirror.scenes(5, 6, 99_999)

    assert result["streams"]["scenes"]["gone"] == 1
    assert Scene.objects.get(remote_id=5).title == "Moved without a stamp"
    assert Scene.objects.get(remote_id=6).deleted_at is not None
    assert result["streams"]["scenes"]["changed"] == 1
    assert mirror.scenes(6)["streams"].get("scenes", {}).get("gone", 0) == 0
    assert mirror.differences() == []


def test_full_sync_finds_changes_that_bump_nothing(mirror: Mirror) -> None:
    mirror.quick()
    mirror.demo.library.edit("scene", 5, touch=False, play_count=12, resume_time=33.5)

    mirror.full()

    assert mirror.differences() == []


def test_file_that_moves_to_another_scene_is_mirrored_once(mirror: Mirror) -> None:
    mirror.quick()
    library = mirror.demo.library
    owner = next(scene for scene in library.records("scene") if scene["files"])
    library.edit("scene", owner["id"], touch=False, files=[])
    taker = library.get("scene", owner["id"] + 1)
    library.edit("scene", taker["id"], files=[*taker["files"], *owner["files"]])

    mirror.full()

    assert mirror.differences() == []


def test_row_damaged_here_is_repaired_by_a_rewrite(mirror: Mirror) -> None:
    mirror.quick()
    Scene.objects.filter(remote_id=5).update(title="Not what the source says")

    mirror.full(rewrite=True)

    assert mirror.differences() == []


def test_many_deletions_at_once_wait_for_a_person(mirror: Mirror) -> None:
    mirror.quick()
    for number in range(100, 160):
        mirror.demo.library.delete("scene", number)
    mirror.demo.library.edit("tag", 3, name="Still synced")

    result = mirror.quick()

    assert result["held"] == {"scenes": 60}
    assert "deletions_held" in mirror.reporter.codes()
    assert not Scene.objects.exclude(deleted_at=None).exists()
    assert Tag.objects.filter(name="Still synced").exists()
    assert StreamState.objects.get(stream="scenes").held_deletions == 60

    mirror.quick(accept_deletions=True)

    assert mirror.differences() == []
    assert StreamState.objects.get(stream="scenes").held_deletions == 0


def test_empty_listing_never_empties_the_mirror(mirror: Mirror) -> None:
    mirror.quick()
    for number in list(mirror.demo.library.ids("studio")):
        mirror.demo.library.delete("studio", number)

    result = mirror.quick()

    assert result["held"]["studios"] > 0
    assert result["streams"].get("studios", {}).get("gone", 0) == 0


def test_another_library_behind_the_address_stops_the_sync(mirror: Mirror) -> None:
    mirror.quick()
    library = mirror.demo.library
    for number in library.ids("scene"):
        library.edit("scene", number, created_at="2024-02-03T04:05:06+01:00")

    with pytest.raises(SyncStopped, match="another library"):
        mirror.quick()


def test_a_larger_library_stops_a_full_sync_before_it_reads(mirror: Mirror) -> None:
    mirror.quick()
    library = mirror.demo.library
    for number in library.ids("scene"):
        library.edit("scene", number, created_at="2024-02-03T04:05:06+01:00")
    for _ in range(NEWEST):  # and all of these are newer, with ids that are not ours
        library.add("scene")
    titles = list(Scene.objects.order_by("id").values_list("id", "title"))

    with pytest.raises(SyncStopped, match="another library"):
        mirror.full()

    assert list(Scene.objects.order_by("id").values_list("id", "title")) == titles


def test_tombstone_comes_back_to_life_when_the_id_returns(mirror: Mirror) -> None:
    mirror.quick()
    Scene.objects.filter(remote_id=5).update(deleted_at="2026-01-01T00:00:00Z")

    result = mirror.quick(force_index=True)

    assert result["streams"]["scenes"]["revived"] == 1
    assert Scene.objects.get(remote_id=5).deleted_at is None


def test_interrupted_full_sync_goes_on_from_its_checkpoint(mirror: Mirror) -> None:
    stopped = PlainReporter(stop_after_commits=8)
    with pytest.raises(Interrupted):
        mirror.full(reporter=stopped)
    assert stopped.saved is not None
    assert stopped.saved["stream"] == "scenes"
    mirror.demo.requests.clear()

    result = mirror.full(reporter=PlainReporter(resume_from=stopped.saved))

    assert mirror.differences() == []
    assert result["streams"]["scenes"]["new"] == 400


def test_the_places_of_a_sync_rise_also_where_it_goes_over_them_again(
    mirror: Mirror,
) -> None:
    first, again = PlainReporter(), PlainReporter()

    mirror.full(reporter=first)
    mirror.full(reporter=again)

    assert first.reached == sorted(set(first.reached))
    assert set(again.reached) <= set(first.reached)
    assert {number for number, *_ in first.reached} == {0, 1, 2, 3}


def test_record_edited_a_moment_ago_is_read_once_more(mirror: Mirror) -> None:
    mirror.quick()
    mirror.demo.library.edit("scene", 5, title="First")
    mirror.quick()
    stamp = mirror.demo.library.get("scene", 5)["updated_at"]
    mirror.demo.library.edit("scene", 5, title="Second", updated_at=stamp)

    mirror.quick()

    assert Scene.objects.get(remote_id=5).title == "Second"


def test_lists_that_come_in_another_order_write_only_hashes(mirror: Mirror) -> None:
    mirror.quick()
    scene = next(
        s for s in mirror.demo.library.records("scene") if len(s["performers"]) > 1
    )
    mirror.demo.library.edit(
        "scene", scene["id"], touch=False, performers=scene["performers"][::-1]
    )

    result = mirror.full()

    assert result["streams"]["scenes"]["changed"] == 0
    assert mirror.differences() == []


def test_nul_characters_are_left_out(mirror: Mirror) -> None:
    mirror.demo.library.edit("scene", 5, title="Sea\0gull \\u0000")

    mirror.quick()

    assert Scene.objects.get(remote_id=5).title == "Seagull \\u0000"
