"""Which files look alike: the tables against a comparison of all with all."""

import random
from collections.abc import Sequence
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.analysis.phash import (
    CROWD,
    GREATEST_DISTANCE,
    find_lookalikes,
)

LOOK = 0x5A5A_5A5A_5A5A_5A5A  # 32 bits are set
FULL = range(GREATEST_DISTANCE + 1)
Pairs = set[tuple[int, int]]
# Two looks and what is near them: of each four bits two are set, so that one of each
# kind can be turned over.
LOOKS = st.tuples(
    st.sampled_from([LOOK, 0x0F0F_3C3C_C3C3_5555]),
    st.sets(st.integers(0, 63), max_size=8),
)
FILMS = st.lists(
    st.tuples(LOOKS, st.sampled_from([0.0, 60.0, 60.4, 61.0, 1000.0, 1009.0, 1011.0])),
    max_size=30,
)


def turned(look: int, bits: Sequence[int] | set[int]) -> int:
    return look ^ sum(1 << bit for bit in bits)


def pairs_of(
    phashes: Sequence[int], durations: Sequence[float], distance: int
) -> Pairs:
    found = find_lookalikes(phashes, durations, distance)
    return {
        (min(one, other), max(one, other))
        for one in range(len(phashes))
        for other in found.alike(one)
    }


def may_be_alike(one: tuple[int, float], other: tuple[int, float]) -> bool:
    (_, short), (_, long) = sorted((one, other), key=lambda film: film[1])
    most = 10 if short >= 150 else 0.5
    return short > 0 and long - short <= most and long <= short * 1.01 + 1e-9


def all_with_all(films: Sequence[tuple[int, float]], distance: int) -> Pairs:
    return {
        (n, m)
        for (n, one), (m, other) in combinations(enumerate(films), 2)
        if 28 <= one[0].bit_count() <= 35
        and 28 <= other[0].bit_count() <= 35
        and (one[0] ^ other[0]).bit_count() <= distance
        and may_be_alike(one, other)
    }


@given(FILMS, st.integers(0, GREATEST_DISTANCE))
def test_the_pairs_are_those_that_a_comparison_of_all_finds(
    told: list[tuple[tuple[int, set[int]], float]], distance: int
) -> None:
    films = [(turned(*look), seconds) for look, seconds in told]
    phashes, durations = [f[0] for f in films], [f[1] for f in films]

    assert pairs_of(phashes, durations, distance) == all_with_all(films, distance)


@pytest.mark.parametrize("distance", FULL)
@given(st.randoms(use_true_random=False))
def test_every_distance_is_exact_wherever_the_bits_are(
    distance: int, dice: random.Random
) -> None:
    # As many of each kind: a picture has a half of its bits set, whatever it shows.
    ones, zeros = (
        [bit for bit in range(64) if (LOOK >> bit & 1) == kind] for kind in (1, 0)
    )
    half, rest = divmod(distance + 1, 2)
    bits = dice.sample(ones, half + rest) + dice.sample(zeros, half)
    near, beyond = turned(LOOK, bits[:-1]), turned(LOOK, bits)

    assert pairs_of([LOOK, near], [600, 600], distance) == {(0, 1)}
    assert pairs_of([LOOK, beyond], [600, 600], distance) == set()


def test_two_that_are_like_a_third_are_not_alike_by_that() -> None:
    first, last = turned(LOOK, {0, 1, 2, 3}), turned(LOOK, {60, 61, 62, 63})

    assert pairs_of([first, LOOK, last], [600] * 3, 4) == {(0, 1), (1, 2)}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (100.0, 100.4, True),
        (100.0, 100.6, False),
        (20.0, 20.15, True),
        (20.0, 20.3, False),
        (149.0, 150.0, False),
        (151.0, 152.0, True),
        (600.0, 605.0, True),
        (600.0, 607.0, False),
        (5000.0, 5009.0, True),
        (5000.0, 5011.0, False),
        (0.0, 0.0, False),
    ],
)
def test_equal_pictures_of_two_lengths_are_not_alike(
    one: float, other: float, *, alike: bool
) -> None:
    assert bool(pairs_of([LOOK, LOOK], [one, other], 4)) is alike
    assert bool(pairs_of([LOOK, turned(LOOK, {5})], [other, one], 4)) is alike


@pytest.mark.parametrize("flat", [0, 1, 2**64 - 1, 0xFFFF_F000, LOOK & ~0x1F1F])
def test_a_flat_picture_is_like_no_other(flat: int) -> None:
    assert pairs_of([flat, flat, flat ^ 1], [600] * 3, 10) == set()


def test_many_copies_of_one_are_kept_as_one_look() -> None:
    copies = 10_000

    found = find_lookalikes([LOOK] * copies, [600.0] * copies)

    assert (len(found.looks), len(found.near)) == (1, 0)
    assert sorted(found.alike(7)) == [n for n in range(copies) if n != 7]


def test_a_look_that_very_many_are_near_is_near_to_none() -> None:
    pairs = list(combinations(range(40), 2))[: CROWD + 50]
    crowd = [LOOK, *(turned(LOOK, pair) for pair in pairs)]

    found = find_lookalikes([*crowd, LOOK], [600.0] * (len(crowd) + 1))

    assert list(found.alike(0)) == [len(crowd)]
    near = [high - low for low, high in pairwise(found.near_starts)]
    assert max(near) <= CROWD


def test_the_nearest_come_first() -> None:
    phashes = [turned(LOOK, {1, 2, 3}), LOOK, LOOK, turned(LOOK, {9})]

    assert list(find_lookalikes(phashes, [600.0] * 4).alike(1)) == [2, 3, 0]


@given(FILMS, st.randoms(use_true_random=False))
def test_the_order_of_the_files_makes_no_difference(
    told: list[tuple[tuple[int, set[int]], float]], dice: random.Random
) -> None:
    films = [(turned(*look), seconds) for look, seconds in told]
    order = dice.sample(range(len(films)), len(films))

    found = pairs_of([f[0] for f in films], [f[1] for f in films], 6)
    mixed = pairs_of([films[n][0] for n in order], [films[n][1] for n in order], 6)

    assert {tuple(sorted((order[a], order[b]))) for a, b in mixed} == found


def test_those_in_company_are_the_ones_that_have_a_pair() -> None:
    other = 0x0F0F_3C3C_C3C3_5555
    phashes = [LOOK, other, turned(LOOK, {1}), 0, 0]

    found = find_lookalikes(phashes, [600.0] * 5)

    assert sorted(found.in_company()) == [0, 2]


@pytest.mark.parametrize("distance", [-1, 11])
def test_a_distance_at_which_all_are_alike_is_refused(distance: int) -> None:
    with pytest.raises(ValueError, match="is not from 0 to 10"):
        find_lookalikes([], [], distance)
