"""Evaluates the detectors on a person's own organised scenes; nothing is written."""

from dataclasses import dataclass, replace
from typing import Any

from syncapp.analysis.evaluate import (
    HIDDEN,
    Comparison,
    hidden,
    known_values,
    without_scene,
)
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.gather import PAGE, scenes_by_id
from syncapp.analysis.looking import Analysis, AnalysisRequest, prepare_analysis
from syncapp.analysis.merging import Dismissed
from syncapp.models import Scene
from syncapp.models.keys import row_range
from syncapp.stash.batches import batches
from syncapp.sync.reporter import Reporter

EVALUATED = 5_000  # scenes, where nobody says how many
MOST_EVALUATED = 100_000
LEVELS = ("certain", "likely", "look")
PHASE = "scenes"
LOOK_EVERY = 25  # scenes, after which it looks whether to stop


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """Of how many organised scenes; no detectors are all that run unasked."""

    source_id: int
    scenes: int = EVALUATED
    detectors: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def run_evaluation(reporter: Reporter, request: EvaluationRequest) -> dict[str, Any]:
    """Hide what is known of organised scenes, propose it, compare; returns the table.

    The scenes are drawn evenly from all that are organised. Raises AnalysisStopped.
    """
    ids, organized = _drawn(request)
    reporter.progress(PHASE, 0, len(ids))
    reporter.check()
    analysis = _prepared(request)
    found, done = Comparison(), 0
    for page in batches(ids, PAGE):
        for number, scene in enumerate(scenes_by_id(page)):
            if not number % LOOK_EVERY:
                reporter.check()
            _compare(scene.facts, analysis, found)
        done += len(page)
        reporter.progress(PHASE, done, len(ids))
    return _result(found, analysis, compared=len(ids), organized=organized)


def _prepared(request: EvaluationRequest) -> Analysis:
    asked = AnalysisRequest(
        request.source_id, detectors=request.detectors, options=request.options
    )
    # What was dismissed would be proposed of a scene that nobody had looked at.
    return replace(prepare_analysis(asked), dismissed=Dismissed())


def _drawn(request: EvaluationRequest) -> tuple[list[int], int]:
    """Return scenes spread over all that are organised, and how many those are."""
    low, end = row_range(request.source_id)
    rows = Scene.objects.filter(
        id__gte=low, id__lt=end, deleted_at=None, organized=True
    )
    keys = rows.order_by("id").values_list("id", flat=True)
    every = list(keys.iterator(chunk_size=PAGE))
    if len(every) <= request.scenes:
        return every, len(every)
    step = len(every) / request.scenes
    return [every[int(n * step)] for n in range(request.scenes)], len(every)


def _compare(facts: SceneFacts, analysis: Analysis, found: Comparison) -> None:
    own = replace(analysis, library=without_scene(analysis.library, facts))
    for of_field in HIDDEN:
        known = known_values(facts, of_field)
        if known:
            merged = own.merged(hidden(facts, of_field))
            found.add(of_field, known, merged.proposals)


def _result(
    found: Comparison, analysis: Analysis, *, compared: int, organized: int
) -> dict[str, Any]:
    titles = {each.name: each.title for each in analysis.detectors}
    names = [each.name for each in analysis.detectors]
    accuracy = {
        f"{of_field.value}, {titles[detector]}, {level}": found.line(row)
        for row in found.rows(names, LEVELS)
        for of_field, detector, level in (row,)
    }
    known = {each.value: found.known[each] for each in HIDDEN if found.known[each]}
    return {
        "scenes": {"organized": organized, "compared": compared},
        "known_values": known,
        "accuracy": accuracy,
    }
