"""The engine of analysis: reads scenes page by page, and stores what is proposed.

    facts of a page > what the detectors find > merged > stored with a checkpoint

Each page is one transaction that also notes its scenes as analysed, so a run that is
cut goes on behind its last page, and a scene without a note was not looked at. What is
found of a scene depends on the scene and the library alone, never on the run.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from syncapp.analysis import detectors as known
from syncapp.analysis.detector import Detector
from syncapp.analysis.dismissed import read_dismissed, with_scenes
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.finding_keys import digest_of
from syncapp.analysis.gather import (
    FROM_START,
    GatheredScene,
    ScenePart,
    WantedScenes,
    scenes_by_id,
)
from syncapp.analysis.library import Library
from syncapp.analysis.merging import ConfidenceOf, Dismissed, Merged, Said, merge
from syncapp.analysis.names import read_library
from syncapp.analysis.proposals import HeldBack
from syncapp.analysis.scene_reader import SceneReader, confidence_of, scene_reader
from syncapp.analysis.storing import (
    PlanSketch,
    ScenesRead,
    make_plan,
    mark_analysed,
    store_changes,
)
from syncapp.models import Plan
from syncapp.models.keys import source_of
from syncapp.sync.reporter import Reporter
from syncapp.sync.throttle import WriteThrottle

PHASE = "scenes"
LOOK_EVERY = 25  # scenes, after which it looks whether to stop


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
class Found:
    """All that the detectors say of a scene."""

    said: tuple[Said, ...]
    held_back: tuple[tuple[Detector, HeldBack], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would be proposed for one scene, and what was held back, with its reason."""

    merged: Merged
    held_back: tuple[tuple[Detector, HeldBack], ...]


@dataclass(slots=True)
class AnalysisTally:
    """What a run did so far; all that its checkpoint keeps beside the place."""

    after: int = FROM_START
    plan: int = 0  # 0: nothing was proposed yet
    read: int = 0
    proposals: int = 0
    scenes_with_proposals: int = 0
    dismissed: int = 0
    organized: int = 0  # left out
    gone: int = 0  # removed since they were chosen

    @property
    def done(self) -> int:
        return self.read + self.organized + self.gone

    def result(self) -> dict[str, Any]:
        """Return it as a job's result tells it."""
        counts = {
            "read": self.read,
            "with proposals": self.scenes_with_proposals,
            "organized, left out": self.organized,
            "removed meanwhile": self.gone,
        }
        found = {"proposals": self.proposals, "dismissed": self.dismissed}
        plan = {"plan": self.plan} if self.plan else {}
        return {**plan, "scenes": _without_zeros(counts, "read"), "found": found}


@dataclass(frozen=True, slots=True)
class Analysis:
    """What looks at scenes: detectors, and the library that they ask."""

    detectors: tuple[Detector, ...]
    library: Library
    read: SceneReader
    dismissed: Dismissed
    confidence_of: ConfidenceOf = field(default=confidence_of)

    def look(self, facts: SceneFacts) -> Found:
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
        return Found(tuple(said), tuple(held_back))

    def merged(self, facts: SceneFacts) -> Merged:
        """Return what is to be stored of a scene."""
        return self._merged(facts, self.look(facts))

    def explained(self, facts: SceneFacts) -> Explanation:
        found = self.look(facts)
        return Explanation(self._merged(facts, found), found.held_back)

    def _merged(self, facts: SceneFacts, found: Found) -> Merged:
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
    analysis = prepare(request)
    dismissed = with_scenes(analysis.dismissed, [scene_id])
    return replace(analysis, dismissed=dismissed).explained(scene.facts)


def prepare(request: AnalysisRequest) -> Analysis:
    """Read what an analysis has to know of the library; raises AnalysisStopped."""
    chosen = chosen_detectors(request.detectors)
    library = read_library(request.source_id, with_ignored=request.with_ignored)
    reader = scene_reader(library, frozenset(request.options))
    return Analysis(chosen, library, reader, read_dismissed(request.source_id))


def run_analysis(reporter: Reporter, request: AnalysisRequest) -> dict[str, Any]:
    """Analyse what is asked for; returns counts.

    A run that was interrupted goes on where its checkpoint says. Raises
    AnalysisStopped.
    """
    run = AnalysisRun(reporter, request)
    run.begin()
    for part in run.wanted.parts(run.tally.after):
        run.do(part)
    run.say_end()
    return run.tally.result()


class AnalysisRun:
    """How far a run is."""

    def __init__(self, reporter: Reporter, request: AnalysisRequest) -> None:
        self.tally = AnalysisTally(**dict(reporter.resume_from or {}))
        self._reporter, self._request = reporter, request
        self._detectors = chosen_detectors(request.detectors)
        self._digest = digest_of_run(self._detectors, request.options)
        self._throttle = WriteThrottle()
        self.wanted = WantedScenes(
            request.source_id,
            request.scene_set,
            with_organized=request.with_organized,
            digest=self._digest,
        )

    def begin(self) -> None:
        """Read the library, and find out how much there is to do."""
        self._keep_plan()
        # What was done is analysed by now, so it is not counted where that is asked.
        done = 0 if self._request.scene_set else self.tally.done
        self._total = done + self.wanted.count()
        self._reporter.progress(PHASE, self.tally.done, self._total)
        self._reporter.check()
        self._analysis = prepare(self._request)

    def do(self, part: ScenePart) -> None:
        """Look at a page of scenes and store what was found, all of it or nothing."""
        wanted = [each for each in part.scenes if self.wanted.takes(each)]
        read = self._read(wanted)
        after = self._counted(part, read)
        self._throttle.wait()
        with self._reporter.atomic():
            began = time.monotonic()
            if read.proposed:
                after.plan = after.plan or make_plan(
                    self._sketch(), self._reporter.job_id
                )
                store_changes(after.plan, read.proposed, self._analysis.library)
            mark_analysed(read.scenes, self._digest)
            self._reporter.checkpoint(asdict(after), (after.after,))
        self._throttle.after(began)
        self.tally = after
        self._total = max(self._total, after.done)
        self._reporter.progress(PHASE, after.done, self._total)
        self._reporter.counted(after.result())

    def say_end(self) -> None:
        """Say where a run led to that found nothing."""
        self._reporter.progress(PHASE, self.tally.done, self.tally.done)
        if not self.tally.plan:
            self._reporter.log(
                "info",
                "nothing_to_propose",
                f"{self.tally.read:,} scenes were read, and there is nothing to "
                "propose: no plan was made.",
            )

    def _keep_plan(self) -> None:
        """Make the plan of an interrupted run this one's, if it is still there."""
        job_id = self._reporter.job_id
        if self.tally.plan:
            with self._reporter.atomic():
                rows = Plan.objects.filter(pk=self.tally.plan)
                if not rows.update(job_id=job_id):
                    self.tally.plan = 0

    def _read(self, scenes: Sequence[GatheredScene]) -> ScenesRead:
        ids = [each.facts.scene_id for each in scenes]
        dismissed = with_scenes(self._analysis.dismissed, ids)
        analysis = replace(self._analysis, dismissed=dismissed)
        read = ScenesRead()
        for number, each in enumerate(scenes):
            if not number % LOOK_EVERY:
                self._reporter.check()
            merged = analysis.merged(each.facts)
            read.scenes.append(each)
            read.dismissed += merged.dismissed
            read.proposed += ((each.facts, found) for found in merged.proposals)
        return read

    def _counted(self, part: ScenePart, read: ScenesRead) -> AnalysisTally:
        """Return the counts as they are once this page is stored."""
        now = self.tally
        return replace(
            now,
            after=part.last,
            read=now.read + len(read.scenes),
            proposals=now.proposals + len(read.proposed),
            scenes_with_proposals=now.scenes_with_proposals
            + len({facts.scene_id for facts, _ in read.proposed}),
            dismissed=now.dismissed + read.dismissed,
            organized=now.organized + len(part.scenes) - len(read.scenes),
            gone=now.gone + len(part.ids) - len(part.scenes),
        )

    def _sketch(self) -> PlanSketch:
        request = self._request
        return PlanSketch(
            request.source_id,
            request.name,
            request.scope,
            {each.name: each.version for each in self._detectors},
            query=request.query,
            options=request.options,
            by=request.by,
        )


def _without_zeros(counts: dict[str, int], *kept: str) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count or name in kept}
