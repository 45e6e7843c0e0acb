"""Looks at scenes: lets the detectors find, and merges what they say.

What is found of a scene depends on the scene and the library alone, so one that is
looked at by itself gets what a run over all finds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from syncapp.analysis import detectors as known
from syncapp.analysis.confidence import KindNotMeasured, read_table
from syncapp.analysis.detector import Detector
from syncapp.analysis.dismissed import read_dismissed, with_scenes
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.finding_keys import digest_of
from syncapp.analysis.gather import scenes_by_id
from syncapp.analysis.library import Library
from syncapp.analysis.matcher import NameIndex, build_index
from syncapp.analysis.merging import ConfidenceOf, Dismissed, Merged, Said, merge
from syncapp.analysis.names import (
    read_entities,
    read_regulars,
    read_rules,
    scenes_below,
)
from syncapp.analysis.proposals import HeldBack
from syncapp.analysis.roots import find_roots
from syncapp.analysis.scene_reading import read_scene
from syncapp.models.keys import source_of


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """What is to be analysed, and with what; no detectors are all that run unasked."""

    source_id: int
    scene_set: int = 0  # 0: what is not analysed since it changed
    detectors: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    with_organized: bool = False
    with_ignored: bool = False
    # Of the plan.
    name: str = "Analysis"
    scope: str = "unanalysed"
    query: str = ""
    by: int | None = None


@dataclass(frozen=True, slots=True)
class SceneFindings:
    """All that the detectors say of a scene."""

    said: tuple[Said, ...]
    held_back: tuple[tuple[Detector, HeldBack], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would be proposed for one scene, and what was held back, with its reason."""

    merged: Merged
    held_back: tuple[tuple[Detector, HeldBack], ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What looks at scenes: detectors, and the library that they ask."""

    detectors: tuple[Detector, ...]
    library: Library
    index: NameIndex
    options: tuple[str, ...]
    dismissed: Dismissed
    confidence_of: ConfidenceOf

    def look(self, facts: SceneFacts) -> SceneFindings:
        """Return all that the detectors say of a scene."""
        reading = read_scene(facts, self.index, self.library, self.options)
        said: list[Said] = []
        held_back: list[tuple[Detector, HeldBack]] = []
        for detector in self.detectors:
            for finding in detector.find(reading, self.library):
                if isinstance(finding, HeldBack):
                    held_back.append((detector, finding))
                else:
                    said.append((detector, finding))
        return SceneFindings(tuple(said), tuple(held_back))

    def merged(self, facts: SceneFacts) -> Merged:
        """Return what is to be stored of a scene."""
        return self._merged(facts, self.look(facts))

    def explained(self, facts: SceneFacts) -> Explanation:
        found = self.look(facts)
        return Explanation(self._merged(facts, found), found.held_back)

    def _merged(self, facts: SceneFacts, found: SceneFindings) -> Merged:
        return merge(
            facts, found.said, self.dismissed, confidence_of=self.confidence_of
        )


def chosen_detectors(names: Sequence[str] = ()) -> tuple[Detector, ...]:
    """Return the detectors of these names, in their order; raises AnalysisStopped."""
    every = known.DETECTORS
    unknown = sorted(set(names) - {each.name for each in every})
    if unknown:
        there = ", ".join(each.name for each in every)
        msg = f"There is no detector {unknown[0]!r}: there are {there}."
        raise AnalysisStopped(msg, code="unknown_detector")
    if names:
        return tuple(each for each in every if each.name in names)
    return tuple(each for each in every if not each.is_on_request)


def confidence_of(detector: str, kind: str) -> float:
    """Return how often this kind of evidence was right; 0 where nobody measured it."""
    try:
        return read_table().measured(detector, kind).confidence
    except KindNotMeasured:
        return 0.0


def unknown_options(options: Sequence[str]) -> list[str]:
    """Return those that no detector has."""
    there = {name for each in known.DETECTORS for name in each.options}
    return sorted(set(options) - there)


def digest_of_run(detectors: Sequence[Detector], options: Sequence[str]) -> str:
    """Return what two runs have in common if they find the same of the same scene."""
    versions = sorted(f"{each.name}:{each.version}" for each in detectors)
    return digest_of(" ".join([*versions, *sorted(options)]))


def explain(
    scene_id: int, *, options: Sequence[str] = (), with_ignored: bool = False
) -> Explanation | None:
    """Return what is found of one scene now; None if it is not in the mirror.

    The same as a run over all would find; it reads the library's names first.
    """
    scene = next(scenes_by_id([scene_id]), None)
    if scene is None:
        return None
    request = AnalysisRequest(
        source_of(scene_id), options=tuple(options), with_ignored=with_ignored
    )
    analysis = prepare_analysis(request)
    dismissed = with_scenes(analysis.dismissed, [scene_id])
    return replace(analysis, dismissed=dismissed).explained(scene.facts)


def prepare_analysis(request: AnalysisRequest) -> Analysis:
    """Read what an analysis has to know of the library; raises AnalysisStopped."""
    chosen, source_id = chosen_detectors(request.detectors), request.source_id
    entities, rules = read_entities(source_id), read_rules(source_id)
    index = build_index(
        entities.values(), rules.spellings, with_ignored=request.with_ignored
    )
    roots = rules.roots
    if roots is None:
        roots = find_roots(*scenes_below(source_id), index)
    library = Library(
        entities=entities,
        rules=rules,
        today=timezone.localdate(),
        roots=roots,
        regulars=read_regulars(entities),
    )
    return Analysis(
        detectors=chosen,
        library=library,
        index=index,
        options=tuple(request.options),
        dismissed=read_dismissed(source_id),
        confidence_of=confidence_of,
    )
