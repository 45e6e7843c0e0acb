"""How right detectors are, beside the baselines, and how well they know it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from syncapp.analysis.confidence import (
    CERTAIN_FROM,
    LIKELY_FROM,
    ConfidenceTable,
    Level,
    fitted,
    level_of,
)
from syncapp.analysis.detector import Detector
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.reading import SceneReading
from tests.accuracy.baselines import (
    HAS_GUESSIT,
    Rule,
    auto_tag_rule,
    guessit_rule,
    substring_rule,
)
from tests.accuracy.judging import (
    JUDGED,
    LEVELS,
    Said,
    Score,
    Scores,
    at_level,
    confident,
    count_kinds,
    rightness,
    sayings,
)
from tests.accuracy.labelled import SCENES, Labelled, labelled
from tests.accuracy.reviewer import Reviewed, review
from tests.accuracy.truth import LabelledScene, Part

Reader = Callable[
    [Labelled], Iterable[tuple[LabelledScene, SceneReading, KnownLibrary]]
]
Pairs = list[tuple[LabelledScene, list[Said]]]
ENOUGH = 200  # proposals of a level, below which its band says nothing
GUESSED = 300  # scenes that guessit is asked for: it takes 24 ms for each
NOTHING_REVIEWED = Reviewed(0, 0, 0)
FLOORS = {Level.CERTAIN: CERTAIN_FROM, Level.LIKELY: LIKELY_FROM, Level.LOOK: 0.0}


@dataclass(frozen=True, slots=True)
class Calibration:
    """Stated confidence against what was observed, of one kind or one level."""

    name: str
    stated: float
    observed: float
    of: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    scenes: int
    by_level: Mapping[Level, Scores]  # each level with those above it
    baselines: Mapping[str, Scores]
    kinds: Sequence[Calibration] = ()
    levels: Sequence[Calibration] = field(default=())  # each by itself
    reviewed: Reviewed = field(default=NOTHING_REVIEWED)

    @property
    def calibration_error(self) -> float:
        """Return the mean difference of stated and observed, over all proposals."""
        of = sum(kind.of for kind in self.kinds)
        off = sum(abs(kind.stated - kind.observed) * kind.of for kind in self.kinds)
        return off / of if of else 0.0

    @property
    def broken_levels(self) -> int:
        """Count levels of which enough was seen, and less was right than they say."""
        return sum(
            level.of >= ENOUGH and level.observed < FLOORS[Level(level.name)]
            for level in self.levels
        )


def pairs_of(detectors: Sequence[Detector], data: Labelled, read: Reader) -> Pairs:
    return [
        (scene, [*sayings(detectors, reading, library)])
        for scene, reading, library in read(data)
    ]


def fit(
    detectors: Sequence[Detector], read: Reader, *, ids: int = SCENES, today: date
) -> ConfidenceTable:
    """Return the confidence of each kind, counted on the calibration part.

    The order of kinds, best first, comes from the part that detectors are tuned on.
    """
    tune, calibrate = (
        count_kinds(detectors, pairs_of(detectors, labelled(part, ids), read))
        for part in (Part.TUNE, Part.CALIBRATE)
    )
    scenes = len(labelled(Part.CALIBRATE, ids).scenes)
    return ConfidenceTable(
        measured_on=today.isoformat(),
        data=f"the {scenes:,} labelled scenes to calibrate on",
        kinds={(k.detector, k.kind): k for k in fitted(calibrate, tune)},
    )


def evaluate(
    detectors: Sequence[Detector],
    read: Reader,
    *,
    table: ConfidenceTable,
    part: Part,
    ids: int = SCENES,
    compared: bool = True,
) -> Evaluation:
    """Return how right detectors are on one part; `compared`: and baselines, slowly."""
    data = labelled(part, ids)
    pairs = pairs_of(detectors, data, read)
    sure = [(scene, confident(said, table)) for scene, said in pairs]
    by_level = {
        level: scored((scene, at_level(said, level)) for scene, said in sure)
        for level in LEVELS
    }
    return Evaluation(
        scenes=len(data.scenes),
        by_level=by_level,
        baselines=baselines(data) if compared else {},
        kinds=[*_kinds(detectors, pairs, table)],
        levels=[*_levels(pairs, table)],
        reviewed=review(pairs),
    )


def scored(pairs: Iterable[tuple[LabelledScene, list[Said]]]) -> Scores:
    scores = {about: Score() for about in JUDGED}
    for scene, said in pairs:
        for about, score in scores.items():
            score.add(scene, about, said)
    return scores


def baselines(data: Labelled) -> dict[str, Scores]:
    """Return the scores of each; guessit is asked for every so manieth scene."""
    found = {
        "Stash auto tag": _by_rule(auto_tag_rule(data.entities), data.scenes),
        "StashHog": _by_rule(substring_rule(data.entities), data.scenes),
    }
    if HAS_GUESSIT:
        sample = data.scenes[:: max(1, len(data.scenes) // GUESSED)]
        found["guessit"] = _by_rule(guessit_rule(), sample)
    return found


def _by_rule(rule: Rule, scenes: Iterable[LabelledScene]) -> Scores:
    return scored((scene, [*rule(scene.facts)]) for scene in scenes)


def _kinds(
    detectors: Sequence[Detector], pairs: Pairs, table: ConfidenceTable
) -> Iterator[Calibration]:
    for count in count_kinds(detectors, pairs):
        if count.of:
            stated = table.measured(count.detector, count.kind).confidence
            name = f"{count.detector}: {count.kind}"
            yield Calibration(name, stated, observed=count.rate, of=count.of)


def _levels(pairs: Pairs, table: ConfidenceTable) -> Iterator[Calibration]:
    seen: dict[Level, list[tuple[float, float]]] = {level: [] for level in LEVELS}
    for scene, said in pairs:
        for one, sure in confident(said, table):
            verdict = rightness(scene, one)
            if verdict is not None:
                seen[level_of(sure, is_choice=one.is_choice)].append((sure, verdict))
    for level, both in seen.items():
        of = len(both)
        stated = sum(sure for sure, _ in both) / max(of, 1)
        observed = sum(right for _, right in both) / max(of, 1)
        yield Calibration(str(level), stated, observed=observed, of=of)
