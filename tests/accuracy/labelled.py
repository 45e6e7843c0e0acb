"""The labelled scenes of each part, and the library that they stand in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from syncapp.analysis.library import EntityKind, KnownName
from tests.accuracy import sealed
from tests.accuracy.habits import CALIBRATION_HAND, OPEN_HAND
from tests.accuracy.hand import Hand
from tests.accuracy.truth import LabelledScene, Part, part_of
from tests.accuracy.writing import desk, write_scene

SCENES = 30_000  # ids, of which each part has its share
# Confidence is counted on more, as what is rarely met would never be sure otherwise.
MORE_TO_CALIBRATE = 8
HANDS: Mapping[Part, Hand] = {
    Part.TUNE: OPEN_HAND,
    Part.CALIBRATE: CALIBRATION_HAND,
    Part.SEALED: sealed.HAND,
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One part of the labelled data."""

    part: Part
    scenes: tuple[LabelledScene, ...]
    entities: Mapping[tuple[EntityKind, int], KnownName]
    regulars: Mapping[int, Mapping[int, int]]


@cache
def labelled(part: Part, ids: int = SCENES) -> Labelled:
    """Return the part's scenes among the ids 1 to `ids`; always the same ones."""
    at = desk(HANDS[part])
    scenes = tuple(write_scene(at, scene_id) for scene_id in _ids(part, ids))
    return Labelled(part, scenes, at.catalogue.entities, at.catalogue.regulars)


def _ids(part: Part, ids: int) -> Iterator[int]:
    last = ids * MORE_TO_CALIBRATE if part is Part.CALIBRATE else ids
    return (n for n in range(1, last + 1) if part_of(n) is part)
