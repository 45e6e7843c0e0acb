"""The labelled scenes are the same for everybody, and their truth stands in them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from syncapp.analysis.library import EntityKind, KnownName
from syncapp.analysis.proposals import SceneField
from tests.accuracy.folded import fold_words
from tests.accuracy.habits import CALIBRATION_HAND, OPEN_HAND
from tests.accuracy.labelled import labelled
from tests.accuracy.sealed import HAND
from tests.accuracy.stock import Stock
from tests.accuracy.truth import LabelledScene, Part, part_of

ROOT = Path(__file__).resolve().parents[2]
IDS = 2_000
KINDS = {
    SceneField.STUDIO: EntityKind.STUDIO,
    SceneField.PERFORMERS: EntityKind.PERFORMER,
    SceneField.TAGS: EntityKind.TAG,
}
DIGEST = """
from hashlib import sha256
from tests.accuracy.labelled import labelled
from tests.accuracy.truth import Part
def told(value):
    return sorted(map(repr, value)) if isinstance(value, frozenset) else value
for part in Part:
    for scene in labelled(part, 300).scenes:
        print(scene.facts.files, scene.facts.title, told(scene.facts.performer_ids))
        for about, one in scene.truth.items():
            print(about, told(one.right), told(one.unclear), told(one.tolerated))
"""


def all_scenes() -> list[LabelledScene]:
    return [scene for part in Part for scene in labelled(part, IDS).scenes]


def text_of(scene: LabelledScene) -> str:
    facts = scene.facts
    return f"{facts.files[0].path} {facts.title} {facts.details}"


def names_in(stock: Stock) -> set[str]:
    people = (*stock.given, *stock.hard_people, *stock.single_people)
    more = (*stock.short_people, *stock.common_people, *stock.strangers)
    studios = (*stock.studio_firsts, *stock.studio_seconds, *stock.hard_studios)
    tags = [name for name, _, synonym in stock.tags for name in (name, synonym) if name]
    return {*people, *more, *studios, *stock.common_studios, *tags}


def stands_in(entity: KnownName, text: str) -> bool:
    """Return whether all words of a spelling are in the text, in any order."""
    joined = "".join(fold_words(text))
    return any(
        all(word in joined for word in fold_words(name))
        for name in (entity.name, *entity.aliases)
    )


def test_scenes_are_the_same_in_every_process() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(told) == 1
    scenes = sum(len(labelled(part, 300).scenes) for part in Part)
    assert len(told.pop().splitlines()) == 6 * scenes


def test_a_scene_does_not_hang_on_how_many_are_asked_for() -> None:
    few, more = labelled(Part.TUNE, 50).scenes, labelled(Part.TUNE, 100).scenes

    assert more[: len(few)] == few


def test_confidence_is_counted_on_more_scenes_than_others() -> None:
    met = {
        part: {s.facts.scene_id for s in labelled(part, IDS).scenes} for part in Part
    }

    assert len(met[Part.CALIBRATE]) > len(met[Part.TUNE])
    assert max(met[Part.CALIBRATE]) > IDS >= max(met[Part.TUNE] | met[Part.SEALED])
    assert not met[Part.CALIBRATE] & (met[Part.TUNE] | met[Part.SEALED])


def test_parts_have_their_shares_for_ever() -> None:
    shares = [part_of(n) for n in range(1, 20_001)]

    counted = [round(shares.count(part) / 20_000, 1) for part in Part]
    assert counted == [0.6, 0.2, 0.2]
    assert [part_of(n) for n in (1, 3, 5)] == [Part.TUNE, Part.SEALED, Part.CALIBRATE]


def test_the_sealed_fifth_has_names_and_templates_of_its_own() -> None:
    assert names_in(OPEN_HAND.stock) & names_in(HAND.stock) == set()
    ours = {habit.path for habit in CALIBRATION_HAND.habits}
    shared = {habit.path for habit in HAND.habits} & ours
    assert all("{studio" not in path and "{people" not in path for path in shared), (
        shared
    )


@pytest.mark.parametrize("part", Part)
def test_what_is_right_stands_in_the_texts(part: Part) -> None:
    data = labelled(part, IDS)
    absent = [
        (data.entities[kind, int(row_id)].name, text_of(scene))
        for scene in data.scenes
        for about, kind in KINDS.items()
        for row_id in scene.told(about).right
        if not stands_in(data.entities[kind, int(row_id)], text_of(scene))
    ]

    assert absent == []


def test_nothing_is_both_right_and_not() -> None:
    both = [
        (about, scene.facts.files[0].path)
        for scene in all_scenes()
        for about, told in scene.truth.items()
        if told.right & told.unclear or told.unclear & told.tolerated
    ]

    assert both == []


def test_names_that_are_left_out_are_never_right() -> None:
    for part in Part:
        data = labelled(part, IDS)
        ignored = {n for (_, n), one in data.entities.items() if one.is_ignored}
        named = [
            s for s in data.scenes if ignored & s.told(SceneField.PERFORMERS).right
        ]
        assert (len(ignored), named) == (12, [])


def test_junk_tells_nothing() -> None:
    junk = [s for s in all_scenes() if s.habit in {"hash", "camera", "random words"}]

    assert len(junk) > 40
    told = [
        s.facts.files[0].path for s in junk if any(t.right for t in s.truth.values())
    ]
    assert told == []


def test_every_sort_of_truth_is_met() -> None:
    scenes = all_scenes()
    for about, least in (
        (SceneField.STUDIO, 900),
        (SceneField.PERFORMERS, 900),
        (SceneField.DATE, 800),
    ):
        assert sum(bool(s.told(about).right) for s in scenes) > least
    assert sum(bool(s.told(SceneField.PERFORMERS).unclear) for s in scenes) > 60
    assert sum(bool(s.told(SceneField.DATE).unclear) for s in scenes) > 30
    assert sum(any(t.right for t in s.truth.values()) for s in scenes) < len(scenes)
