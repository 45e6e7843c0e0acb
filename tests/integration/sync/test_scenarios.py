"""What people do in Stash, one thing at a time: the next quick sync follows it."""

from collections.abc import Callable
from typing import Any

import pytest

from syncapp.demo import Library
from syncapp.models import Scene, Tag
from tests.mirror import Mirror, mirror_writes

pytestmark = pytest.mark.django_db
Act = Callable[[Library], object]


def record(library: Library, kind: str, number: int) -> dict[str, Any]:
    found = library.get(kind, number)
    assert found is not None
    return found


def rename_to_a_freed_name(library: Library) -> None:
    freed = record(library, "tag", 8)["name"]
    library.edit("tag", 8, name="Once another")
    library.edit("tag", 9, name=freed)


def swap_names(library: Library) -> None:
    first, second = (record(library, "tag", number)["name"] for number in (8, 9))
    library.edit("tag", 8, name=second)
    library.edit("tag", 9, name=first)


def make_a_tag_again(library: Library) -> None:
    old = record(library, "tag", 5)
    scenes = [s["id"] for s in library.records("scene") if 5 in s["tags"]]
    library.delete("tag", 5)
    again = library.add("tag", name=old["name"], aliases=old["aliases"])
    for number in scenes[:3]:
        tags = record(library, "scene", number)["tags"]
        library.edit("scene", number, tags=[*tags, again])


def delete_three_scenes(library: Library) -> None:
    for number in (10, 11, 400):
        library.delete("scene", number)


def edit_in_bulk(library: Library) -> None:
    for number in range(20, 320):
        library.edit("scene", number, rating100=80, updated_at="2025-11-02T10:00:00Z")


def import_with_an_old_date(library: Library) -> None:
    old = "2016-05-04T03:02:01+02:00"
    library.add("scene", title="Cine club reel", created_at=old, updated_at=old)


def move_a_studio(library: Library) -> None:
    child, parent = 3, 2
    library.edit("studio", parent, parent_studio=None)
    library.edit("studio", child, parent_studio=parent)


ACTS: dict[str, Act] = {
    "nothing": lambda _: None,
    "a tag takes the name that another had": rename_to_a_freed_name,
    "two tags swap their names": swap_names,
    "a tag is deleted and made again": make_a_tag_again,
    "tags are merged": lambda library: library.merge_tags([4, 5], into=6),
    "the newest tag is merged": lambda library: library.merge_tags([60], into=1),
    "performers are merged": lambda lib: lib.merge_performers([3, 4], into=5),
    "a performer is deleted": lambda library: library.delete("performer", 2),
    "a studio is deleted": lambda library: library.delete("studio", 1),
    "a studio is moved": move_a_studio,
    "scenes are deleted": delete_three_scenes,
    "many scenes are edited in one second": edit_in_bulk,
    "a scene is imported": import_with_an_old_date,
    "lists come in another order": lambda library: setattr(library, "shuffle", True),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_quick_sync_follows_when(act: Act, mirror: Mirror) -> None:
    mirror.quick()
    act(mirror.demo.library)

    mirror.quick()

    assert mirror.differences() == []


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_second_sync_in_a_row_writes_nothing_after(act: Act, mirror: Mirror) -> None:
    mirror.quick()
    act(mirror.demo.library)
    mirror.quick()

    with mirror_writes() as writes:
        mirror.quick(force_index=True)

    assert writes == []
    assert mirror.differences() == []


def test_scene_synced_alone_is_right_and_the_next_quick_sync_leaves_it_so(
    mirror: Mirror,
) -> None:
    mirror.quick()
    library = mirror.demo.library
    tag = library.add("tag", name="Peat bog")
    library.edit("scene", 7, title="Cutting peat", tags=[tag], studio=1)

    mirror.scenes(7)

    scene = Scene.objects.get(remote_id=7)
    assert (scene.title, scene.tags.get().name) == ("Cutting peat", "Peat bog")
    mirror.quick()
    assert mirror.differences() == []


def test_tag_parents_edited_from_the_parent_are_seen_with_any_tag_edit(
    mirror: Mirror,
) -> None:
    mirror.quick()
    library = mirror.demo.library
    assert record(library, "tag", 20)["parents"] != [1, 2]
    library.edit("tag", 20, touch=False, parents=[1, 2])  # from the page of tag 1

    mirror.quick()
    assert mirror.differences() != []  # nothing in an index shows it

    library.edit("tag", 1, description="Everything that swims.")
    mirror.quick()
    assert mirror.differences() == []


def test_tombstone_of_a_merged_tag_stays_and_nothing_links_to_it(
    mirror: Mirror,
) -> None:
    mirror.quick()
    assert Scene.objects.filter(tags__remote_id=4).exists()
    mirror.demo.library.merge_tags([4], into=6)

    mirror.quick()

    gone = Tag.objects.get(remote_id=4)
    assert gone.deleted_at is not None
    assert not gone.scenes.exists()
