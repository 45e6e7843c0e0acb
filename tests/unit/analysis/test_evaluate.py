"""What is proposed of hidden values is compared with them, one field at a time."""

from datetime import date
from typing import Any

import pytest

from syncapp.analysis.evaluate import (
    ALL_LEVELS,
    HIDDEN,
    Comparison,
    hidden,
    known_values,
    without_scene,
)
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.library import KnownLibrary, Rules
from syncapp.analysis.merging import Grounds, MergedProposal
from syncapp.analysis.proposals import Evidence, Op, SceneField

CONFIDENCE = {"certain": 0.995, "likely": 0.96, "look": 0.5}
FACTS = SceneFacts(
    1,
    title="Dawn ",
    date="2011-04-30",
    studio_id=7,
    performer_ids=frozenset({3, 4}),
    tag_ids=frozenset({5}),
)


def proposal(
    of_field: SceneField, value: int | str, *said: tuple[str, str], **more: Any
) -> MergedProposal:
    """Return what these (detector, level) propose."""
    grounds = tuple(
        Grounds(detector, 1, Evidence("kind", "Because."), CONFIDENCE[level])
        for detector, level in said
    )
    op = (
        Op.ADD
        if isinstance(value, int) and of_field is not SceneField.STUDIO
        else Op.SET
    )
    return MergedProposal(of_field, more.pop("op", op), value, grounds, "why", **more)


def test_each_field_is_hidden_alone_and_the_others_stay() -> None:
    for of_field in HIDDEN:
        without = hidden(FACTS, of_field)

        assert known_values(without, of_field) == frozenset()
        others = [each for each in HIDDEN if each is not of_field]
        assert [known_values(without, each) for each in others] == [
            known_values(FACTS, each) for each in others
        ]


def test_known_values_are_compared_as_a_source_stores_them() -> None:
    assert known_values(FACTS, SceneField.TITLE) == {"Dawn"}
    assert known_values(FACTS, SceneField.PERFORMERS) == {3, 4}
    assert known_values(SceneFacts(1), SceneField.STUDIO) == frozenset()


def test_precision_and_recall_are_counted_by_detector_and_level() -> None:
    found = Comparison()
    known = known_values(FACTS, SceneField.PERFORMERS)

    found.add(
        SceneField.PERFORMERS,
        known,
        [
            proposal(SceneField.PERFORMERS, 3, ("people", "certain")),
            proposal(SceneField.PERFORMERS, 9, ("people", "look")),
            proposal(SceneField.STUDIO, 7, ("studio", "certain")),
        ],
    )

    assert found.line((SceneField.PERFORMERS, "people", "certain")) == {
        "proposed": 1,
        "right": 1,
        "precision_percent": 100.0,
        "recall_percent": 50.0,
    }
    assert found.line((SceneField.PERFORMERS, "people", ALL_LEVELS)) == {
        "proposed": 2,
        "right": 1,
        "precision_percent": 50.0,
        "recall_percent": 50.0,
    }
    rows = found.rows(["people", "studio"], ["certain", "likely", "look"])
    assert [level for _, _, level in rows] == ["certain", "look", "all"]


def test_two_detectors_that_say_the_same_are_each_right_at_their_surest_level() -> None:
    found = Comparison()
    said = (("folder", "certain"), ("name", "look"), ("folder", "look"))

    found.add(
        SceneField.STUDIO, frozenset({7}), [proposal(SceneField.STUDIO, 7, *said)]
    )

    assert found.right == {
        (SceneField.STUDIO, "folder", "certain"): 1,
        (SceneField.STUDIO, "folder", ALL_LEVELS): 1,
        (SceneField.STUDIO, "name", "look"): 1,
        (SceneField.STUDIO, "name", ALL_LEVELS): 1,
    }


def test_a_choice_counts_once_and_is_neither_right_nor_wrong() -> None:
    found = Comparison()
    pair = [
        proposal(SceneField.PERFORMERS, key, ("people", "look"), choice="Jo")
        for key in (4, 8)
    ]

    found.add(SceneField.PERFORMERS, frozenset({4}), pair)

    row = (SceneField.PERFORMERS, "people", ALL_LEVELS)
    assert found.rows(["people"], ["look"]) == [row]
    line = found.line(row)
    assert (line["proposed"], line["choices"], line["choices_with_right"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("2011-04-30", 1),
        ("2011-04", 1),
        ("2011", 1),
        ("2011-05", 0),
        ("201", 0),
        ("2011-04-03", 0),
    ],
)
def test_of_a_date_a_part_is_right_and_another_is_wrong(value: str, right: int) -> None:
    found = Comparison()

    found.add(
        SceneField.DATE,
        known_values(FACTS, SceneField.DATE),
        [proposal(SceneField.DATE, value, ("date", "look"))],
    )

    assert found.right[SceneField.DATE, "date", ALL_LEVELS] == right


def test_what_would_be_taken_away_is_not_counted() -> None:
    found = Comparison()

    found.add(
        SceneField.TAGS,
        frozenset({5}),
        [proposal(SceneField.TAGS, 5, ("marks", "certain"), op=Op.REMOVE)],
    )

    assert found.rows(["marks"], ["certain"]) == []


def test_a_scene_tells_nothing_of_itself_through_its_studio_s_people() -> None:
    regulars = {7: {3: 1, 6: 2}, 8: {3: 5}}
    library = KnownLibrary({}, Rules(), date(2026, 1, 1), regulars=regulars)

    own = without_scene(library, FACTS)

    assert own.regulars == {7: {6: 2}, 8: {3: 5}}
    assert library.regulars == regulars
    assert without_scene(library, SceneFacts(2)) is library
