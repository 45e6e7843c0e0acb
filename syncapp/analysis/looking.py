"""Looks at scenes: lets the detectors find, and merges what they say.

What is found of a scene depends on the scene and the library alone, so one that is
looked at by itself gets what a run over all finds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from syncapp.analysis import detectors as known
from syncapp.analysis.confidence import KindNotMeasured, read_table
from syncapp.analysis.detector import Detector, LibraryDetector
from syncapp.analysis.dismissed import read_dismissed, with_scenes
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.language_model.declaration import MODEL, BatchDetector
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.matcher import NameIndex, build_index
from syncapp.analysis.merging import ConfidenceOf, Dismissed, Merged, Said, merge
from syncapp.analysis.names import (
    read_entities,
    read_regulars,
    read_rules,
    scenes_below,
    takes_partial_dates,
)
from syncapp.analysis.proposals import HeldBack
from syncapp.analysis.reading import SceneReading
from syncapp.analysis.roots import find_roots
from syncapp.analysis.scene_reading import read_scene
from syncapp.text.digests import digest_of

AnyDetector = Detector | LibraryDetector | BatchDetector


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
    library: KnownLibrary
    index: NameIndex
    options: tuple[str, ...]
    dismissed: Dismissed
    confidence_of: ConfidenceOf

    def read(self, facts: SceneFacts) -> SceneReading:
        return read_scene(facts, self.index, self.library, self.options)

    def look(self, facts: SceneFacts) -> SceneFindings:
        """Return all that the detectors say of a scene."""
        reading = self.read(facts)
        said: list[Said] = []
        held_back: list[tuple[Detector, HeldBack]] = []
        for detector in self.detectors:
            for finding in detector.find(reading, self.library):
                if isinstance(finding, HeldBack):
                    held_back.append((detector, finding))
                else:
                    said.append((detector, finding))
        return SceneFindings(tuple(said), tuple(held_back))

    def merged(self, facts: SceneFacts, more: Sequence[Said] = ()) -> Merged:
        """Return what is to be stored of a scene; `more` was said elsewhere."""
        return self.merge(facts, (*self.look(facts).said, *more))

    def explained(self, facts: SceneFacts) -> Explanation:
        found = self.look(facts)
        return Explanation(self.merge(facts, found.said), found.held_back)

    def merge(self, facts: SceneFacts, said: Sequence[Said]) -> Merged:
        return merge(facts, said, self.dismissed, confidence_of=self.confidence_of)

    def about(self, scene_ids: Sequence[int]) -> "Analysis":
        """Return it with what was dismissed of these scenes; one statement."""
        return replace(self, dismissed=with_scenes(self.dismissed, scene_ids))


def every_detector() -> tuple[AnyDetector, ...]:
    """Return all that can be named: of a scene, of the library, the model."""
    return (*known.DETECTORS, *known.LIBRARY_DETECTORS, MODEL)


def chosen_detectors(names: Sequence[str] = ()) -> tuple[Detector, ...]:
    """Return the detectors of scenes among these names, in their order.

    Without names it is all that run unasked. Raises AnalysisStopped.
    """
    there = [each.name for each in every_detector()]
    if unknown := sorted(set(names) - set(there)):
        msg = f"There is no detector {unknown[0]!r}: there are {', '.join(there)}."
        raise AnalysisStopped(msg, code="unknown_detector")
    if names:
        return tuple(each for each in known.DETECTORS if each.name in names)
    return tuple(each for each in known.DETECTORS if not each.is_on_request)


def chosen_over_library(names: Sequence[str]) -> tuple[LibraryDetector, ...]:
    """Return the detectors of the whole library among these names."""
    return tuple(each for each in known.LIBRARY_DETECTORS if each.name in names)


def asks_model(names: Sequence[str]) -> bool:
    return MODEL.name in names


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


def versions_of(names: Sequence[str]) -> dict[str, int]:
    """Return the versions of the detectors that run for these names."""
    model = (MODEL,) if asks_model(names) else ()
    chosen = (*chosen_detectors(names), *chosen_over_library(names), *model)
    return {each.name: each.version for each in chosen}


def digest_of_run(versions: Mapping[str, int], options: Sequence[str]) -> str:
    """Return what two runs have in common if they find the same of the same scene."""
    told = sorted(f"{name}:{version}" for name, version in versions.items())
    return digest_of(" ".join([*told, *sorted(options)]))


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
    library = KnownLibrary(
        entities=entities,
        rules=rules,
        today=timezone.localdate(),
        roots=roots,
        regulars=read_regulars(entities),
        takes_partial_dates=takes_partial_dates(source_id),
    )
    return Analysis(
        detectors=chosen,
        library=library,
        index=index,
        options=tuple(request.options),
        dismissed=read_dismissed(source_id),
        confidence_of=confidence_of,
    )
