"""Folders that hold much of a library tell nothing, unless they have a name."""

from syncapp.analysis.library import EntityKind, KnownName
from syncapp.analysis.matcher import build_index
from syncapp.analysis.roots import find_roots

INDEX = build_index(
    [
        KnownName(EntityKind.STUDIO, 1, "Blue Planet Films"),
        KnownName(EntityKind.STUDIO, 2, "Stage"),
        KnownName(EntityKind.PERFORMER, 3, "Jane Doe"),
        KnownName(EntityKind.PERFORMER, 4, "Films"),
        KnownName(EntityKind.TAG, 5, "Nature Films"),
    ]
)


def test_a_folder_of_more_than_a_fifth_is_a_root_and_so_is_none_below_another() -> None:
    below = {"/data": 100, "/data/new": 60, "/data/old": 20, "/data/new/a": 21}

    assert find_roots(below, 100, INDEX) == {"/data", "/data/new", "/data/new/a"}


def test_the_folder_of_a_studio_or_person_is_none_however_much_it_holds() -> None:
    below = {
        "/data": 3,
        "/data/Blue Planet Films": 1,
        "/data/Blue Planet Films/2019": 1,
        "/data/Jane.Doe": 1,
        "/data/Stage": 1,
    }

    assert find_roots(below, 3, INDEX) == {"/data"}


def test_one_word_at_the_top_and_the_name_of_a_tag_are_roots_all_the_same() -> None:
    below = {"/Stage": 9, "/Stage/Nature Films": 9, "/Stage/Nature Films/Films": 9}

    assert find_roots(below, 9, INDEX) == set(below)


def test_nothing_is_a_root_of_no_scenes() -> None:
    assert find_roots({}, 0, INDEX) == frozenset()
