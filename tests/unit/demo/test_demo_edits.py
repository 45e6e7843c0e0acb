"""Edits from outside: what they bump, and what changes without a trace."""

from datetime import UTC, datetime

import pytest

from syncapp.demo.library import Library, LibraryError

NOON = datetime(2026, 1, 15, 12, 0, 0, 900_000, tzinfo=UTC)


@pytest.fixture
def library() -> Library:
    library = Library(seed=7, scenes=300)
    library.now = lambda: NOON
    return library


def test_an_edit_bumps_in_the_servers_own_zone(library: Library) -> None:
    library.zone = "Pacific/Honolulu"
    library.edit("scene", 12, title="Edited")

    scene = library.truth()["scene"][12]
    assert (scene["title"], scene["updated_at"]) == (
        "Edited",
        "2026-01-15T02:00:00-10:00",
    )


def test_an_edit_can_leave_the_stamp_alone(library: Library) -> None:
    before = library.truth()["scene"][12]
    library.edit("scene", 12, play_count=99, touch=False)

    assert library.truth()["scene"][12] == {**before, "play_count": 99}


def test_an_edit_can_carry_an_older_stamp(library: Library) -> None:
    library.edit("scene", 12, title="Late", updated_at="2026-01-15T12:58:00+01:00")

    assert library.truth()["scene"][12]["updated_at"] == "2026-01-15T12:58:00+01:00"


def test_an_addition_gets_an_id_never_used_before(library: Library) -> None:
    first = library.add("tag", name="Fog", parents=[3])
    library.delete("tag", first)

    assert library.add("tag", name="Mist") == first + 1
    tag = library.truth()["tag"][first + 1]
    assert (tag["name"], tag["aliases"], tag["favorite"]) == ("Mist", [], False)
    assert tag["created_at"] == tag["updated_at"] == "2026-01-15T13:00:00+01:00"


def test_an_import_keeps_its_old_dates(library: Library) -> None:
    old = "2011-05-05T05:05:05+02:00"
    number = library.add("scene", title="Import", created_at=old, updated_at=old)

    scene = library.truth()["scene"][number]
    assert (scene["created_at"], scene["updated_at"]) == (old, old)


def test_a_new_file_needs_only_its_path(library: Library) -> None:
    number = library.add("scene", title="New", files=[{"path": "/media/a/b.mp4"}])

    (file,) = library.truth()["scene"][number]["files"]
    assert (file["basename"], file["path"]) == ("b.mp4", "/media/a/b.mp4")
    assert file.keys() == library.truth()["scene"][1]["files"][0].keys()


@pytest.mark.parametrize(
    ("kind", "field"), [("tag", "tags"), ("performer", "performers")]
)
def test_a_deletion_rewrites_links_and_bumps_nothing(
    library: Library, kind: str, field: str
) -> None:
    before = library.truth()["scene"]
    library.edit("scene", 1, touch=False, **{field: [1, 2]})
    library.delete(kind, 1)

    after = library.truth()
    assert 1 not in after[kind]
    for number, scene in after["scene"].items():
        assert 1 not in scene[field]
        assert scene["updated_at"] == before[number]["updated_at"]
    assert after["scene"][1][field] == [2]


def test_a_deleted_studio_leaves_scenes_and_children_without_one(
    library: Library,
) -> None:
    scenes = [s["id"] for s in library.records("scene") if s["studio"] == 1]
    library.edit("studio", 2, parent_studio=1)
    library.delete("studio", 1)

    truth = library.truth()
    assert {truth["scene"][number]["studio"] for number in scenes} == {None}
    assert truth["studio"][2]["parent_studio"] is None


def test_merged_tags_move_every_link_without_a_bump(library: Library) -> None:
    before = library.truth()
    library.merge_tags([4, 5], into=6)

    after = library.truth()
    assert after["tag"].keys() == before["tag"].keys() - {4, 5}
    assert after["tag"][6]["updated_at"] == before["tag"][6]["updated_at"]
    assert before["tag"][4]["name"] in after["tag"][6]["aliases"]
    for kind in ("scene", "performer", "studio"):
        for number, record in after[kind].items():
            old = before[kind][number]
            wanted = {6 if tag in {4, 5} else tag for tag in old["tags"]}
            assert set(record["tags"]) == wanted
            assert len(record["tags"]) == len(wanted)
            assert record["updated_at"] == old["updated_at"]


def test_merges_in_a_row_end_at_the_last_destination(library: Library) -> None:
    scenes = [s["id"] for s in library.records("scene") if 4 in s["tags"]]
    library.merge_tags([4], into=5)
    library.merge_tags([5], into=6)

    truth = library.truth()["scene"]
    assert scenes
    assert all(6 in truth[n]["tags"] and 5 not in truth[n]["tags"] for n in scenes)


def test_merging_a_tag_into_its_descendant_makes_no_circle(library: Library) -> None:
    library.edit("tag", 2, parents=[1])
    library.edit("tag", 3, parents=[2])
    library.edit("tag", 1, parents=[])
    library.merge_tags([1], into=3)

    truth = library.truth()["tag"]
    assert (truth[2]["parents"], truth[3]["parents"]) == ([], [2])


def test_merged_performers_bump_the_destination_only(library: Library) -> None:
    before = library.truth()
    library.merge_performers([2, 3], into=1)

    after = library.truth()
    assert after["performer"][1]["updated_at"] == "2026-01-15T13:00:00+01:00"
    for number, scene in after["scene"].items():
        assert not {2, 3} & set(scene["performers"])
        assert scene["updated_at"] == before["scene"][number]["updated_at"]


def test_what_is_gone_cannot_be_edited(library: Library) -> None:
    library.delete("scene", 300)

    with pytest.raises(LibraryError, match="scene with id 300 not found"):
        library.edit("scene", 300, title="Ghost")


def test_a_misspelt_field_is_refused(library: Library) -> None:
    with pytest.raises(TypeError, match="A scene has no field tittle"):
        library.edit("scene", 3, tittle="x")


def test_an_empty_library_can_be_filled() -> None:
    library = Library(scenes=0, performers=0, tags=0, studios=0)
    tag = library.add("tag", name="Fog")
    studio = library.add("studio", name="Hill Films")
    scene = library.add("scene", title="First", tags=[tag], studio=studio)

    truth = library.truth()
    assert truth["scene"][scene]["tags"] == [tag]
    assert {kind: len(records) for kind, records in truth.items()} == {
        "scene": 1,
        "performer": 0,
        "tag": 1,
        "studio": 1,
    }
