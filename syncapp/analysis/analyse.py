"""The engine of analysis: reads scenes page by page, and stores what is proposed.

    facts of a page > what the detectors find > merged > stored with a checkpoint

Each page is one transaction that also notes its scenes as analysed, so a run that is
cut goes on behind its last page, and a scene without a note was not looked at.
"""

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.gather import (
    FROM_START,
    GatheredScene,
    ScenePart,
    WantedScenes,
)
from syncapp.analysis.language_model.asking import Outage
from syncapp.analysis.language_model.budget import Spend
from syncapp.analysis.looking import (
    AnalysisRequest,
    asks_model,
    chosen_detectors,
    chosen_over_library,
    digest_of_run,
    prepare_analysis,
    versions_of,
)
from syncapp.analysis.model_pages import (
    ModelPages,
    ToldOfScenes,
    plain_spend,
    read_spend,
)
from syncapp.analysis.over_library import LibraryPage, check_marks, library_pages
from syncapp.analysis.storing import (
    PlanSketch,
    ScenesRead,
    change_rows,
    make_plan,
    mark_analysed,
    store_changes,
    unstored,
)
from syncapp.models import Plan
from syncapp.sync.reporter import Reporter
from syncapp.sync.throttle import WriteThrottle

PHASE, OVER_LIBRARY = "scenes", "duplicates"
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
    unanswered: int = 0  # of which a model said nothing of use
    over_library: int = 0  # findings of detectors that look at all scenes
    spent: dict[str, Any] = field(default_factory=dict)  # on a model

    @property
    def done(self) -> int:
        return self.read + self.organized + self.gone + self.unanswered

    def result(self) -> dict[str, Any]:
        """Return it as a job's result tells it."""
        counts = {
            "read": self.read,
            "with proposals": self.scenes_with_proposals,
            "organized, left out": self.organized,
            "removed meanwhile": self.gone,
            "not answered by the model": self.unanswered,
        }
        found = {"proposals": self.proposals, "dismissed": self.dismissed}
        told = {"plan": self.plan, "model": self.spent}
        return {
            **{name: value for name, value in told.items() if value},
            "scenes": _without_zeros(counts, "read"),
            "found": found,
        }


def run_analysis(reporter: Reporter, request: AnalysisRequest) -> dict[str, Any]:
    """Analyse what is asked for; returns counts.

    A run that was interrupted goes on where its checkpoint says. Raises
    AnalysisStopped.
    """
    run = AnalysisRun(reporter, request)
    with run.ended():
        run.begin()
        run.look_at_scenes()
        run.look_over_library()
    run.say_end()
    return run.tally.result()


class AnalysisRun:
    """How far a run is."""

    def __init__(self, reporter: Reporter, request: AnalysisRequest) -> None:
        self.tally = AnalysisTally(**dict(reporter.resume_from or {}))
        self._reporter, self._request = reporter, request
        self._over_library = chosen_over_library(request.detectors)
        self._versions = versions_of(request.detectors)
        of_scenes = chosen_detectors(request.detectors)
        self._looks_at_scenes = bool(of_scenes) or asks_model(request.detectors)
        self._digest = digest_of_run(self._versions, request.options)
        self._throttle = WriteThrottle()
        self._model: ModelPages | None = None
        self.wanted = WantedScenes(
            request.source_id,
            request.scene_set,
            with_organized=request.with_organized,
            digest=self._digest,
        )

    @contextmanager
    def ended(self) -> Iterator[None]:
        """Give back at the end, however that comes, what the run held."""
        try:
            yield
        finally:
            gc.unfreeze()
            if self._model is not None:
                self._model.close()

    def begin(self) -> None:
        """Read the library, and find out how much there is to do."""
        self._keep_plan()
        # What was done is analysed by now, so it is not counted where that is asked.
        done = 0 if self._request.scene_set else self.tally.done
        self._total = done + self.wanted.count() if self._looks_at_scenes else 0
        self._reporter.progress(PHASE, self.tally.done, self._total)
        self._reporter.check()
        self._analysis = prepare_analysis(self._request)
        # The library stays until the end: to look through it again and again for what
        # nobody holds any more took a tenth of a run.
        gc.freeze()
        check_marks(self._over_library, self._analysis.library)
        if asks_model(self._request.detectors):
            self._model = ModelPages(
                self._analysis,
                read_spend(self.tally.spent),
                self._keep_spend,
                check=self._reporter.check,
            )

    def look_at_scenes(self) -> None:
        """Look at one page of scenes after the other."""
        if self._looks_at_scenes:
            for part in self.wanted.parts(self.tally.after):
                self._do(part)

    def look_over_library(self) -> None:
        """Let those look that need all scenes at once."""
        if not self._over_library:
            return
        self._reporter.progress(OVER_LIBRARY, self.tally.over_library, None)
        pages = library_pages(
            self._over_library,
            self._analysis,
            self.wanted,
            after=self.tally.over_library,
            check=self._reporter.check,
        )
        for page in pages:
            self._reporter.check()
            self._store_library_page(page)
        total = self.tally.over_library
        self._reporter.progress(OVER_LIBRARY, total, total)

    def _do(self, part: ScenePart) -> None:
        """Look at a page of scenes and store what was found, all of it or nothing."""
        wanted = [each for each in part.scenes if self.wanted.takes(each)]
        told = self._model.ask(each.facts for each in wanted) if self._model else {}
        read = self._read(wanted, told)
        after = self._counted(part, read, organized=len(part.scenes) - len(wanted))
        rows = change_rows(read.proposed, self._analysis.library)
        with self._storing():
            if rows:
                after.plan = self._plan()
                store_changes(after.plan, rows)
            mark_analysed(read.scenes, self._digest)
            self._reporter.checkpoint(asdict(after), (after.after,))
        self.tally = after
        self._total = max(self._total, after.done)
        self._reporter.progress(PHASE, after.done, self._total)
        self._reporter.counted(after.result())
        if self._model and self._model.outage:
            raise _stopped_by(self._model.outage, after)

    def _store_library_page(self, page: LibraryPage) -> None:
        now = self.tally
        after = replace(
            now,
            over_library=page.last,
            dismissed=now.dismissed + page.dismissed,
        )
        rows = change_rows(page.proposed, self._analysis.library)
        rows = unstored(now.plan, rows) if now.plan else rows
        after.proposals += len(rows)
        with self._storing():
            if rows:
                after.plan = self._plan()
                store_changes(after.plan, rows)
            self._reporter.checkpoint(asdict(after), (after.after, page.last))
        self.tally = after
        self._reporter.progress(OVER_LIBRARY, page.last, None)
        self._reporter.counted(after.result())

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """Write in one transaction, and leave others room."""
        self._throttle.wait()
        with self._reporter.atomic():
            began = time.monotonic()
            yield
        self._throttle.after(began)

    def _plan(self) -> int:
        return self.tally.plan or make_plan(self._sketch(), self._reporter.job_id)

    def _keep_spend(self, spend: Spend) -> None:
        """Store what a model cost before it is asked, lest a crash forgets it."""
        self.tally = replace(self.tally, spent=plain_spend(spend))
        with self._reporter.atomic():
            self._reporter.checkpoint(asdict(self.tally))

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

    def _read(self, scenes: Sequence[GatheredScene], told: ToldOfScenes) -> ScenesRead:
        analysis = self._analysis.about([each.facts.scene_id for each in scenes])
        read = ScenesRead()
        for number, each in enumerate(scenes):
            if not number % LOOK_EVERY:
                self._reporter.check()
            of_model = told.get(each.facts.scene_id, ())
            if isinstance(of_model, Outage):
                read.unanswered += 1
                continue
            merged = analysis.merged(each.facts, of_model)
            read.scenes.append(each)
            read.dismissed += merged.dismissed
            read.proposed += ((each.facts, found) for found in merged.proposals)
        return read

    def _counted(
        self, part: ScenePart, read: ScenesRead, *, organized: int
    ) -> AnalysisTally:
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
            organized=now.organized + organized,
            unanswered=now.unanswered + read.unanswered,
            gone=now.gone + len(part.ids) - len(part.scenes),
        )

    def _sketch(self) -> PlanSketch:
        request = self._request
        return PlanSketch(
            request.source_id,
            request.name,
            request.scope,
            self._versions,
            query=request.query,
            options=request.options,
            by=request.by,
        )


def _stopped_by(outage: Outage, tally: AnalysisTally) -> AnalysisStopped:
    return AnalysisStopped(
        f"{outage.reason} {tally.read:,} scenes were analysed before, and what was "
        "proposed for them is kept; the others are not analysed.",
        code=outage.code,
    )


def _without_zeros(counts: dict[str, int], *kept: str) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count or name in kept}
