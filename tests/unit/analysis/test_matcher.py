"""The index finds names as a person's rules, and the names around them, let it."""

import pytest

from syncapp.analysis.library import (
    EntityKind,
    KnownName,
    SpellingEffect,
    SpellingRule,
)
from syncapp.analysis.matcher import NameIndex, build_index
from syncapp.analysis.reading import Match
from syncapp.analysis.words import read_words

PERFORMER, STUDIO, TAG = (
    EntityKind.PERFORMER,
    EntityKind.STUDIO,
    EntityKind.TAG,
)
NAMES = (
    KnownName(PERFORMER, 1, "Jane Doe", aliases=("JD", "Jay Dee")),
    KnownName(PERFORMER, 2, "Jane Doe", disambiguation="harp"),
    KnownName(STUDIO, 1, "Jane Doe"),
    KnownName(TAG, 9, "May"),
)


def found(index: NameIndex, text: str) -> list[Match]:
    return list(index.find(text, read_words(text)))


def off(
    spelling: str, kind: EntityKind | None = None, key: int | None = None
) -> SpellingRule:
    return SpellingRule(spelling, SpellingEffect.OFF, kind, key)


def test_those_of_one_name_stay_together_and_kinds_stay_apart() -> None:
    matches = found(build_index(NAMES), "Jane.Doe")

    assert [(m.kind, m.entity_ids, m.start, m.end) for m in matches] == [
        (PERFORMER, (1, 2), 0, 8),
        (STUDIO, (1,), 0, 8),
    ]


def test_what_lies_inside_a_longer_name_says_so() -> None:
    names = (KnownName(PERFORMER, 1, "Jade"), KnownName(PERFORMER, 2, "Jade Kush"))
    longer, inside = found(build_index(names), "x Jade Kush")

    assert (longer.entity_ids, longer.inside) == ((2,), "")
    assert (inside.entity_ids, inside.inside) == ((1,), "Jade Kush")


def test_an_alias_within_the_longer_name_of_the_same_entity_is_not_told() -> None:
    names = (KnownName(PERFORMER, 2, "Jade Kush", aliases=("Jade",)),)

    assert [m.spelling for m in found(build_index(names), "Jade Kush")] == ["Jade Kush"]


def test_a_name_goes_before_an_alias_of_the_same_words() -> None:
    names = (
        KnownName(PERFORMER, 1, "Ann Lee", aliases=("Jay Dee",)),
        KnownName(PERFORMER, 2, "jay dee"),
    )
    (match,) = found(build_index(names), "Jay Dee")

    assert (match.entity_ids, match.spelling, match.is_alias) == (
        (1, 2),
        "jay dee",
        False,
    )


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (off("jane doe"), []),
        (off("JANE-DOE", PERFORMER), [(STUDIO, (1,))]),
        (off("Jane Doe", PERFORMER, 2), [(PERFORMER, (1,)), (STUDIO, (1,))]),
        (off("Doe"), [(PERFORMER, (1, 2)), (STUDIO, (1,))]),
    ],
)
def test_a_spelling_that_is_off_is_not_found(
    rule: SpellingRule, left: list[tuple[EntityKind, tuple[int, ...]]]
) -> None:
    matches = found(build_index(NAMES, [rule]), "Jane Doe, JaneDoe")

    assert [(m.kind, m.entity_ids) for m in matches if m.end <= 8] == left
    assert [(m.kind, m.entity_ids) for m in matches if m.end > 8] == left


def test_other_rules_come_with_the_match_and_an_alias_has_its_own() -> None:
    rule = SpellingRule("jd", SpellingEffect.WITH_STUDIO, PERFORMER, 1, studio_id=7)
    index = build_index(NAMES, [rule])

    assert [m.rules for m in found(index, "JD")] == [(rule,)]
    assert [m.rules for m in found(index, "Jay Dee")] == [()]


def test_ignored_names_are_found_only_if_asked_for() -> None:
    names = [KnownName(TAG, 1, "Forest", is_ignored=True)]

    assert found(build_index(names), "Forest") == []
    assert len(found(build_index(names, with_ignored=True), "Forest")) == 1


def test_the_digest_is_of_names_and_rules_in_whatever_order() -> None:
    digest = build_index(NAMES).digest

    assert build_index(reversed(NAMES)).digest == digest
    assert build_index(NAMES[1:]).digest != digest
    assert build_index(NAMES, [off("x")]).digest != digest
    assert build_index(NAMES, [off("x"), off("y")]).digest == (
        build_index(NAMES, [off("y"), off("x")]).digest
    )


def test_a_text_that_is_exactly_a_name() -> None:
    index = build_index(NAMES)

    assert {m.kind for m in index.exactly("[Jane_Doe]")} == {PERFORMER, STUDIO}
    assert index.exactly("Jane Doe 2") == ()
    assert index.exactly("...") == ()


def test_joined_and_turned_round_are_told() -> None:
    index = build_index([KnownName(PERFORMER, 1, "Morwenna Moor")])
    joined, turned = found(index, "MorwennaMoor - Moor, Morwenna")

    assert (joined.is_joined, joined.is_reversed) == (True, False)
    assert (turned.is_joined, turned.is_reversed) == (False, True)


@pytest.mark.parametrize("text", ["Mara Doe & Jane Sand", "Mara_Doe_Jane_Sand"])
def test_an_alias_that_is_turned_round_is_not_put_together_of_two_names(
    text: str,
) -> None:
    names = (KnownName(PERFORMER, 1, "Kim Lee", aliases=("Doe, Jane",)),)
    index = build_index(names)

    assert found(index, text) == []
    assert [match.entity_ids for match in found(index, "Doe, Jane - Reef")] == [(1,)]
