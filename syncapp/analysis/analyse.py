"""The engine of analysis: reads scenes page by page, and stores what is proposed.

    facts of a page > what the detectors find > merged > stored with a checkpoint

Each page is one transaction that also notes its scenes as analysed, so a run that is
cut goes on behind its last page, and a scene without a note was not looked at.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from syncapp.analysis.dismissed import with_scenes
from syncapp.analysis.gather import (
    FROM_START,
    GatheredScene,
    ScenePart,
    WantedScenes,
)
from syncapp.analysis.looking import (
    AnalysisRequest,
    chosen_detectors,
    digest_of_run,
    prepare_analysis,
)
from syncapp.analysis.storing import (
    PlanSketch,
    ScenesRead,
    change_rows,
    make_plan,
    mark_analysed,
    store_changes,
)
from syncapp.models import Plan
from syncapp.sync.reporter import Reporter
from syncapp.sync.throttle import WriteThrottle

PHASE = "scenes"
LOOK_EVERY = 25  # scenes, after which it looks whether to stop


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
        self._analysis = prepare_analysis(self._request)

    def do(self, part: ScenePart) -> None:
        """Look at a page of scenes and store what was found, all of it or nothing."""
        wanted = [each for each in part.scenes if self.wanted.takes(each)]
        read = self._read(wanted)
        after = self._counted(part, read)
        rows = change_rows(read.proposed, self._analysis.library)
        self._throttle.wait()
        with self._reporter.atomic():
            began = time.monotonic()
            if rows:
                after.plan = after.plan or make_plan(
                    self._sketch(), self._reporter.job_id
                )
                store_changes(after.plan, rows)
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
