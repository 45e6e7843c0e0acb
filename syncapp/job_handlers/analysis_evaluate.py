"""Evaluation: how often the detectors are right on what a person has organised."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobs.errors import BadParams, JobFailed
from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.evaluation import (
    EVALUATED,
    MOST_EVALUATED,
    EvaluationRequest,
    run_evaluation,
)
from syncapp.job_handlers.leads import to_evaluation
from syncapp.job_handlers.params import detectors_are_there


@dataclass(frozen=True, slots=True)
class EvaluationParams:
    """Of an evaluation: on how many organised scenes, and of which detectors."""

    source_id: int
    scenes: int = EVALUATED
    detectors: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.scenes <= MOST_EVALUATED:
            msg = f"Choose 1 to {MOST_EVALUATED:,} 'scenes'."
            raise BadParams(msg)


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns its table."""
    request = EvaluationRequest(
        params["source_id"],
        params["scenes"],
        tuple(params["detectors"]),
        tuple(params["options"]),
    )
    try:
        return run_evaluation(ctx, request)
    except AnalysisStopped as exc:
        raise JobFailed(exc.code, str(exc)) from exc


EVALUATION = Handler(
    kind="analysis.evaluate",
    title="Evaluation of analysis",
    run=run,
    params=EvaluationParams,
    check=detectors_are_there,
    dedupe="analysis.evaluate:{source_id}:{scenes}:{detectors}:{options}",
    lane="long",
    priority=-10,  # yields to whatever somebody waits for
    leads_to=to_evaluation,
)
