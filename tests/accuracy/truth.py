"""What is true of a labelled scene, as plain values."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.proposals import Field

Value = int | str


class Part(StrEnum):
    """What a scene is for. Nobody looks at the sealed ones while they tune."""

    TUNE = "tune"
    CALIBRATE = "calibrate"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Told:
    """What the texts of a scene tell of one field, beyond what is set already.

    Of a field that takes one value, `right` are spellings of it that are equally good.
    """

    right: frozenset[Value] = frozenset()
    # One of these, and nothing says which: a choice is fair, a guess is wrong.
    unclear: frozenset[Value] = frozenset()
    # Careful people differ on these: neither right nor wrong.
    tolerated: frozenset[Value] = frozenset()


NOTHING = Told()


@dataclass(frozen=True, slots=True)
class LabelledScene:
    facts: SceneFacts
    habit: str  # the name of the template that wrote its path
    truth: Mapping[Field, Told] = field(default_factory=dict)

    def told(self, about: Field) -> Told:
        return self.truth.get(about, NOTHING)


def part_of(scene_id: int) -> Part:
    """Return the part of a scene, which no change of the generator moves elsewhere."""
    digest = hashlib.sha256(f"scene {scene_id}".encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    if share < 0.6:
        return Part.TUNE
    return Part.CALIBRATE if share < 0.8 else Part.SEALED
