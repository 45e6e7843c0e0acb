"""What is said of a scene against what is true of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from syncapp.analysis.confidence import (
    ConfidenceTable,
    KindCount,
    Level,
    level_of,
    wilson_bound,
)
from syncapp.analysis.detector import Detector
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.proposals import Op, Proposal, SceneField
from syncapp.analysis.reading import SceneReading
from tests.accuracy.truth import LabelledScene, Told, Value

LEVELS = (Level.CERTAIN, Level.LIKELY, Level.LOOK)  # each holds those before it
JUDGED = (
    SceneField.STUDIO,
    SceneField.PERFORMERS,
    SceneField.DATE,
    SceneField.TITLE,
    SceneField.TAGS,
)
ONE_VALUE = frozenset({SceneField.STUDIO, SceneField.DATE, SceneField.TITLE})


@dataclass(frozen=True, slots=True)
class Said:
    """One value that a detector or a baseline gives a scene."""

    field: SceneField
    value: Value
    detector: str = ""
    version: int = 0
    kind: str = ""
    is_choice: bool = False
    cause: str = ""  # a reviewer decides all of one at once


def sayings(
    detectors: Iterable[Detector], reading: SceneReading, library: KnownLibrary
) -> Iterator[Said]:
    """Yield what detectors propose, with no option on."""
    for detector in detectors:
        if detector.is_on_request:
            continue
        for found in detector.find(reading, library):
            if isinstance(found, Proposal) and found.op is not Op.REMOVE:
                yield Said(
                    field=found.field,
                    value=found.value,
                    detector=detector.name,
                    version=detector.version,
                    kind=found.evidence.kind,
                    is_choice=bool(found.choice),
                    cause=found.cause,
                )


def rightness(scene: LabelledScene, said: Said) -> float | None:
    """Return 1.0 for right and 0.0 for wrong; None where it does not count.

    A choice that holds the right one among n is right once in n times. Told of a day,
    its year alone is coarse, not wrong; so is a title with an unknown name before it.
    """
    told = scene.told(said.field)
    if said.field not in scene.truth:  # nobody labelled it
        return None
    if _is_there(scene, said) or said.value in told.tolerated:
        return None
    if said.value in told.right:
        return 1.0
    if said.is_choice and said.value in told.unclear:
        return 1 / len(told.unclear)
    return None if _is_coarse(said, told) or _has_stranger(said, told) else 0.0


def _is_coarse(said: Said, told: Told) -> bool:
    known = told.right | told.unclear
    return said.field is SceneField.DATE and any(
        str(value).startswith(f"{said.value}-") for value in known
    )


def _has_stranger(said: Said, told: Told) -> bool:
    """Return whether a title is right but for a name that the library does not know."""
    text = str(said.value)
    return (
        said.field is SceneField.TITLE
        and any(str(title) in text for title in told.right)
        and any(str(name) in text for name in told.tolerated)
    )


def _is_there(scene: LabelledScene, said: Said) -> bool:
    facts = scene.facts
    match said.field:
        case SceneField.STUDIO:
            return said.value == facts.studio_id
        case SceneField.PERFORMERS:
            return said.value in facts.performer_ids
        case SceneField.TAGS:
            return said.value in facts.tag_ids
        case SceneField.DATE:
            return said.value == facts.date
        case _:
            return said.value == facts.title


@dataclass(slots=True)
class Score:
    """Right and wrong ones of a field at a level and above, and what could be found."""

    right: int = 0
    wrong: int = 0
    told: int = 0

    @property
    def precision(self) -> float:
        said = self.right + self.wrong
        return self.right / said if said else 0.0

    @property
    def bound(self) -> float:
        return wilson_bound(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / self.told if self.told else 0.0

    def add(
        self, scene: LabelledScene, about: SceneField, said: Iterable[Said]
    ) -> None:
        """Count what is said of one field of a scene; the same twice counts once."""
        right = scene.told(about).right
        self.told += min(len(right), 1) if about in ONE_VALUE else len(right)
        values = {one.value: one for one in said if one.field is about}.values()
        for one in values:
            verdict = rightness(scene, one)
            self.right += verdict == 1.0
            self.wrong += verdict is not None and verdict < 1.0


Scores = Mapping[SceneField, Score]
Confident = tuple[Said, float]  # and how sure it is


def confident(said: Iterable[Said], table: ConfidenceTable) -> list[Confident]:
    return [(s, table.measured(s.detector, s.kind).confidence) for s in said]


def at_level(said: Iterable[Confident], level: Level) -> list[Said]:
    """Return what is at this level or above it."""
    held = LEVELS[: LEVELS.index(level) + 1]
    return [s for s, sure in said if level_of(sure, is_choice=s.is_choice) in held]


def count_kinds(
    detectors: Iterable[Detector], pairs: Iterable[tuple[LabelledScene, list[Said]]]
) -> list[KindCount]:
    """Count how often each kind of evidence is right; kinds never met are in it."""
    of: Counter[tuple[str, str]] = Counter()
    shares: dict[tuple[str, str], float] = {}
    for scene, said in pairs:
        for one in said:
            verdict = rightness(scene, one)
            if verdict is not None:
                key = (one.detector, one.kind)
                of[key] += 1
                shares[key] = shares.get(key, 0.0) + verdict
    return [
        KindCount(
            detector=detector.name,
            version=detector.version,
            kind=kind,
            right=round(shares.get((detector.name, kind), 0.0), 2),
            of=of[detector.name, kind],
        )
        for detector in detectors
        for kind in detector.kinds
    ]
