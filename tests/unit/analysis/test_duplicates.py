"""What is proposed of scenes that are there twice, and what is not."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.analysis.detectors.duplicates import KINDS, find_duplicates
from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.analysis.library import KnownLibrary, Rules
from syncapp.analysis.phash import is_telling
from syncapp.analysis.proposals import HeldBack, Op, Proposal, SceneField

TAG = 77
LOOK = 0x5A5A_5A5A_5A5A_5A5A  # 32 bits are set
OTHER_LOOK = 0x0F0F_3C3C_C3C3_5555
PLAIN = {"width": 1920, "height": 1080, "duration": 600.0, "size": 1_000}


def file(phash: int | None = LOOK, **fields: Any) -> FileFacts:
    told = {"path": "/films/Tides.mp4", **PLAIN, "phash": phash, **fields}
    return FileFacts(**told)


def scene(number: int, *files: FileFacts, **fields: Any) -> SceneFacts:
    return SceneFacts(number, files or (file(),), **fields)


def found(
    scenes: Iterable[SceneFacts], **rules: Any
) -> tuple[dict[int, Proposal], dict[int, HeldBack]]:
    """Return the proposals and what was held back, by scene."""
    told = Rules(**{"marks": {"duplicate": TAG}, **rules})
    library = KnownLibrary({}, told, date(2026, 5, 17))
    findings = list(find_duplicates(scenes, library))
    proposed = {n: each for n, each in findings if isinstance(each, Proposal)}
    held = {n: each for n, each in findings if isinstance(each, HeldBack)}
    assert sum(isinstance(each, Proposal) for _, each in findings) == len(proposed)
    return proposed, held


def prints(oshash: str = "", md5: str = "") -> tuple[tuple[str, str], ...]:
    told = (("oshash", oshash), ("md5", md5))
    return tuple((kind, value) for kind, value in told if value)


def test_the_second_copy_is_proposed_to_be_tagged() -> None:
    first = scene(1, file(path="D:\\films\\Tides.mp4"))

    proposed, held = found([first, scene(2), scene(3, file(OTHER_LOOK))])

    (proposal,) = proposed.values()
    assert (list(proposed), held) == ([2], {})
    assert (proposal.field, proposal.op, proposal.value) == (
        SceneField.TAGS,
        Op.ADD,
        TAG,
    )
    assert proposal.cause == "duplicates of scene 1"
    assert proposal.evidence.sentence == (
        'Looks as "Tides.mp4", and lasts as long. '
        "That one is to be kept: it was added earlier."
    )


@pytest.mark.parametrize("kind", ["oshash", "md5"])
def test_equal_fingerprints_are_enough_without_a_picture_or_a_length(kind: str) -> None:
    same = file(None, duration=None, fingerprints=prints(**{kind: "aB12"}))
    again = file(None, duration=None, fingerprints=prints(**{kind: "ab12"}))

    proposed, _ = found([scene(1, same, title="Low Tide"), scene(2, again)])

    assert proposed[2].evidence.kind == "same file fingerprint"
    assert 'The same file as "Low Tide"' in proposed[2].evidence.sentence


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"fingerprints": prints("ab12")}, {"fingerprints": prints("ab12"), "size": 9}),
        ({"fingerprints": prints("ab12")}, {"fingerprints": prints("", "ab12")}),
        *[({"fingerprints": prints("ab12", "c"), "size": 0},) * 2],
        ({"fingerprints": ()}, {"fingerprints": ()}),
        ({"fingerprints": prints("ab12")}, {"fingerprints": prints("ab13")}),
    ],
)
def test_fingerprints_that_are_not_of_one_file_say_nothing(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert found([scene(1, file(None, **one)), scene(2, file(None, **other))]) == (
        {},
        {},
    )


@pytest.mark.parametrize(
    ("turned", "seconds", "kind", "sentence"),
    [
        (0, 600.4, "same picture, same length", "lasts as long"),
        (0, 597.0, "same picture, near length", "is 3.0 s shorter"),
        (0b101, 600.0, "alike picture, same length", "2 of 64 bits differ"),
        (0b101, 598.0, "alike picture, near length", "is 2.0 s shorter"),
    ],
)
def test_the_kind_of_evidence_tells_how_alike_they_are(
    turned: int, seconds: float, kind: str, sentence: str
) -> None:
    other = file(LOOK ^ turned, duration=seconds, height=720)

    proposed, _ = found([scene(1), scene(2, other)])

    assert proposed[2].evidence.kind == kind
    assert kind in KINDS
    assert sentence in proposed[2].evidence.sentence


@pytest.mark.parametrize(
    ("better", "why"),
    [
        (scene(2, file(height=2160), organized=False), "1920 x 2160, here"),
        (scene(2, file(duration=602.0)), "it is longer"),
        (scene(2, organized=True), "it is organised"),
        (scene(2, file(), file(OTHER_LOOK)), "it has more files"),
    ],
)
def test_the_better_one_is_kept_though_it_came_later(
    better: SceneFacts, why: str
) -> None:
    proposed, _ = found([scene(1), better])

    assert list(proposed) == [1]
    assert why in proposed[1].evidence.sentence


def test_a_larger_picture_counts_more_than_being_organised() -> None:
    small = file(width=None, height=None)

    proposed, _ = found([scene(1, small, organized=True), scene(2)])

    assert list(proposed) == [1]
    assert "here it is of a size that is not known" in proposed[1].evidence.sentence


def test_a_length_that_differs_by_rounding_is_no_merit() -> None:
    proposed, _ = found(
        [scene(1, file(duration=600.0)), scene(2, file(duration=600.3))]
    )

    assert list(proposed) == [2]


def test_what_is_like_the_kept_one_alone_is_held_back_and_says_so() -> None:
    middle = scene(1, file(LOOK, height=2160), title="Middle")
    first = scene(2, file(LOOK ^ 0b1111), title="First")
    last = scene(3, file(LOOK ^ 0b1111_0000), title="Last")

    proposed, held = found([middle, first, last])

    assert (list(proposed), list(held)) == ([2], [3])
    assert held[3].reason == (
        'Is like "Middle", but not like "First", which is like that one as well.'
    )


def test_a_pair_that_was_judged_is_not_proposed_again() -> None:
    scenes = [scene(1, title="One"), scene(2, title="Two")]

    proposed, held = found(scenes, not_duplicates=frozenset({(1, 2)}))

    assert proposed == {}
    assert held[2].reason == (
        'Is like "One", but somebody said that it is no duplicate of "One".'
    )


def test_a_judged_pair_keeps_no_third_from_being_found() -> None:
    scenes = [scene(1), scene(2), scene(3)]

    proposed, held = found(scenes, not_duplicates=frozenset({(1, 2)}))

    assert (list(proposed), 2 in held) == ([3], True)


def test_the_files_of_one_scene_are_no_duplicates_of_each_other() -> None:
    assert found([scene(1, file(), file(), file())]) == ({}, {})


def test_a_file_that_is_not_the_first_is_compared_as_well() -> None:
    proposed, _ = found(
        [scene(1, file(height=2160)), scene(2, file(OTHER_LOOK), file())]
    )

    assert "This scene has 2 files; one of them is meant." in (
        proposed[2].evidence.sentence
    )


def test_a_scene_is_in_one_group_though_its_files_are_of_two_films() -> None:
    both = scene(1, file(LOOK, height=2160), file(OTHER_LOOK))

    proposed, _ = found([both, scene(2), scene(3, file(OTHER_LOOK))])

    assert list(proposed) == [2]


def test_what_has_the_tag_is_neither_proposed_nor_kept() -> None:
    tagged = scene(1, file(height=2160), tag_ids=frozenset({TAG}))

    assert found([tagged, scene(2)]) == ({}, {})
    assert list(found([tagged, scene(2), scene(3)])[0]) == [3]


def test_without_a_tag_for_the_mark_nothing_is_proposed() -> None:
    assert found([scene(1), scene(2)], marks={}) == ({}, {})


def test_the_distance_is_the_persons() -> None:
    scenes = [scene(1), scene(2, file(LOOK ^ 0b11_1111))]

    assert found(scenes)[0] == {}
    assert list(found(scenes, duplicate_distance=6)[0]) == [2]


def test_ten_thousand_copies_are_one_group_of_one_cause() -> None:
    proposed, held = found(scene(n) for n in range(1, 10_001))

    assert (len(proposed), held) == (9_999, {})
    assert {each.cause for each in proposed.values()} == {"duplicates of scene 1"}


def test_copies_whose_lengths_creep_are_no_chain() -> None:
    lengths = {n: 600 + n / 10 for n in range(1, 1_001)}

    proposed, _ = found(scene(n, file(duration=x)) for n, x in lengths.items())

    spread = [
        abs(lengths[n] - lengths[int(each.cause.split()[-1])])
        for n, each in proposed.items()
    ]
    assert max(spread) <= 7
    assert len(proposed) > 900


LIBRARY = st.lists(
    st.tuples(
        st.sets(st.integers(0, 7), max_size=4),  # bits that are turned over
        st.sampled_from([600.0, 600.2, 604.0, 609.0]),
        st.sampled_from(["", "aa", "bb"]),  # oshash
        st.sampled_from([720, 1080]),
    ),
    max_size=12,
)
JUDGED = st.frozensets(
    st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda x: x[0] < x[1]),
    max_size=4,
)


def scenes_of(told: Sequence[Any]) -> Iterator[SceneFacts]:
    for n, (bits, seconds, oshash, height) in enumerate(told, 1):
        look = LOOK ^ sum(1 << bit for bit in bits)
        one = file(look, duration=seconds, height=height, fingerprints=prints(oshash))
        yield scene(n, one)


@given(LIBRARY, JUDGED)
def test_in_a_group_all_are_alike_and_one_is_kept(
    told: Sequence[Any], judged: frozenset[tuple[int, int]]
) -> None:
    scenes = {each.scene_id: each.files[0] for each in scenes_of(told)}

    proposed, _ = found(scenes_of(told), not_duplicates=judged)

    groups: dict[int, list[int]] = {}
    for n, each in proposed.items():
        groups.setdefault(int(each.cause.split()[-1]), []).append(n)
    assert groups.keys() & proposed.keys() == set()
    for kept, copies in groups.items():
        for one, other in combinations(sorted([kept, *copies]), 2):
            assert (one, other) not in judged
            assert are_alike(scenes[one], scenes[other])


def are_alike(one: FileFacts, other: FileFacts) -> bool:
    if one.fingerprints and one.fingerprints == other.fingerprints:
        return True
    assert one.phash is not None
    assert other.phash is not None
    assert one.duration is not None
    assert other.duration is not None
    if not (is_telling(one.phash) and is_telling(other.phash)):
        return False  # so many bits were turned that it is a flat picture
    short, long = sorted((one.duration, other.duration))
    return (one.phash ^ other.phash).bit_count() <= 4 and long <= short * 1.01


@given(LIBRARY)
def test_of_any_two_that_are_alike_one_hears_of_it(told: Sequence[Any]) -> None:
    scenes = list(scenes_of(told))

    proposed, held = found(scenes)

    kept = {int(each.cause.split()[-1]) for each in proposed.values()}
    for one, other in combinations(scenes, 2):
        if are_alike(one.files[0], other.files[0]):
            assert {one.scene_id, other.scene_id} & (
                proposed.keys() | kept | held.keys()
            )
