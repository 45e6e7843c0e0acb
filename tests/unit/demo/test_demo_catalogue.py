"""The invented catalogue: the same for ever, and as odd as real libraries are."""

from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from syncapp.demo.catalogue import stamp
from syncapp.demo.library import Library


def test_the_same_seed_makes_the_same_library() -> None:
    assert Library(seed=3, scenes=50).truth() == Library(seed=3, scenes=50).truth()


def test_another_seed_makes_another_library() -> None:
    one, other = (Library(seed=seed, scenes=50).truth() for seed in (3, 4))

    assert one["scene"][1] != other["scene"][1]


def test_the_default_library_has_the_promised_size() -> None:
    truth = Library().truth()

    sizes = {kind: len(records) for kind, records in truth.items()}
    assert sizes == {"scene": 2000, "performer": 300, "tag": 200, "studio": 60}


def test_scenes_have_no_one_and_several_files() -> None:
    scenes = Library().truth()["scene"].values()

    counts = Counter(len(scene["files"]) for scene in scenes)
    assert counts.keys() == {0, 1, 2, 3}
    assert counts[1] > 0.85 * len(scenes)
    assert all(scene["title"] for scene in scenes if not scene["files"])
    files = [file["id"] for scene in scenes for file in scene["files"]]
    assert len(files) == len(set(files))


@pytest.mark.parametrize("kind", ["tag", "studio"])
def test_the_hierarchy_has_no_circle_and_runs_both_ways_through_the_ids(
    kind: str,
) -> None:
    library = Library()

    records = library.truth()[kind].values()
    assert all(r["id"] not in library.ancestors(kind, r["id"]) for r in records)
    parents = [
        (r["id"], parent)
        for r in records
        for parent in r.get("parents") or [r.get("parent_studio")]
        if parent is not None
    ]
    assert {parent > child for child, parent in parents} == {True, False}


def test_names_are_unique_as_stash_demands() -> None:
    truth = Library(scenes=20_000).truth()

    people = [(p["name"], p["disambiguation"]) for p in truth["performer"].values()]
    assert len(people) == len(set(people)) == 3000
    for kind in ("tag", "studio"):
        names = [n for r in truth[kind].values() for n in (r["name"], *r["aliases"])]
        assert len({name.casefold() for name in names}) == len(names)


def test_the_catalogue_is_odd_in_every_way_a_client_must_bear() -> None:
    scenes = Library().truth()["scene"].values()

    dates = {len(scene["date"] or "") for scene in scenes}
    assert dates == {0, 4, 7, 10}
    assert any(not (scene["title"] or "").isascii() for scene in scenes)
    assert any(file["size"] > 2**32 for scene in scenes for file in scene["files"])
    shared = Counter(scene["updated_at"] for scene in scenes)
    assert shared.most_common(1)[0][1] > 10
    for field in ("studio", "rating100", "code", "last_played_at", "details"):
        values = {scene[field] in {None, ""} for scene in scenes}
        assert values == {True, False}, field


def test_stamps_are_local_text_of_whole_seconds() -> None:
    winter = 1_766_115_718.9

    assert stamp(winter, ZoneInfo("America/Los_Angeles")) == "2025-12-18T19:41:58-08:00"
    assert stamp(winter, ZoneInfo("UTC")) == "2025-12-19T03:41:58Z"
