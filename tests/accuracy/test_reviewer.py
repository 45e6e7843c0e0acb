"""The simulated reviewer needs as many decisions as a careful person would."""

import pytest

from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.analysis.proposals import SceneField
from tests.accuracy.judging import Said
from tests.accuracy.reviewer import Reviewed, review
from tests.accuracy.truth import LabelledScene, Told


def a_scene(number: int, *said: Said) -> tuple[LabelledScene, list[Said]]:
    """Give a scene whose tag 1 is right, and any other wrong."""
    truth = {SceneField.TAGS: Told(frozenset({1}))}
    facts = SceneFacts(number, (FileFacts(f"/films/{number}.mp4"),))
    return LabelledScene(facts, "", truth), list(said)


def tag(value: int, cause: str, *, is_choice: bool = False) -> Said:
    return Said(SceneField.TAGS, value, cause=cause, is_choice=is_choice)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # One reason that is always right: one decision.
        ([[tag(1, "sea")]] * 10, Reviewed(10, 10, 1)),
        # Two of its ten are wrong: each is rejected first.
        ([[tag(1, "sea")]] * 8 + [[tag(2, "sea")]] * 2, Reviewed(10, 8, 3)),
        # 80 % are reached with the first reason; the dear one is left.
        ([[tag(1, "sea")]] * 8 + [[tag(1, "a"), tag(2, "a")]] * 2, Reviewed(12, 10, 1)),
        # Alternatives are decided one by one.
        ([[tag(1, "sea", is_choice=True)]] * 10, Reviewed(10, 10, 8)),
        ([], Reviewed(0, 0, 0)),
    ],
)
def test_decisions_are_counted(said: list[list[Said]], expected: Reviewed) -> None:
    scenes = [a_scene(number, *each) for number, each in enumerate(said, 1)]

    assert review(scenes) == expected


def test_the_share_is_of_all_changes() -> None:
    assert review([a_scene(n, tag(1, "sea")) for n in range(1, 51)]).share == 0.02
    assert review([]).share == 0.0
