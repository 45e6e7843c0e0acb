"""Analysis: looks at scenes of the mirror, and keeps what could be better as a plan."""

from collections.abc import Mapping
from typing import Any

from jobs.enums import JSON, Trigger
from jobs.errors import JobFailed
from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from jobs.services import JobRef, create_job
from syncapp.analysis.analyse import run_analysis
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.looking import AnalysisRequest
from syncapp.job_handlers.leads import to_plan
from syncapp.job_handlers.params import AnalysisParams, analysis_can_begin
from syncapp.models import SceneSet, Source
from syncapp.models.plans import Scope
from syncapp.sync.tuning import tuned


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns its plan, if there is one, and counts."""
    try:
        with tuned():
            return run_analysis(ctx, _request(params))
    except AnalysisStopped as exc:
        raise JobFailed(exc.code, str(exc)) from exc


def _request(params: Mapping[str, Any]) -> AnalysisRequest:
    sets = SceneSet.objects.filter(pk=params["scene_set"])
    query = sets.values_list("query", flat=True).first()
    return AnalysisRequest(
        source_id=params["source_id"],
        scene_set=params["scene_set"],
        detectors=tuple(params["detectors"]),
        options=tuple(params["options"]),
        with_organized=params["organized"],
        with_ignored=params["ignored"],
        name=params["name"],
        scope=_scope(params["scene_set"], query or ""),
        query=query or "",
        by=params["by"] or None,
    )


def _scope(scene_set: int, query: str) -> str:
    if not scene_set:
        return Scope.UNANALYSED.value
    return (Scope.FILTER if query else Scope.CHOSEN).value


def analyse_after_sync(source_id: int, result: Mapping[str, Any]) -> JobRef | None:
    """Ask to analyse what a sync brought, if its source is switched to that.

    A sync that changed no scene asks for nothing.
    """
    sources = Source.objects.filter(pk=source_id, analyse_after_sync=True)
    name = sources.values_list("name", flat=True).first()
    if name is None or not _changed_scenes(result):
        return None
    what = "Analysis of what changed"
    params: dict[str, JSON] = {"source_id": source_id, "name": what}
    return create_job(
        ANALYSIS.kind, params, title=f"{what} · {name}", trigger=Trigger.SYSTEM
    )


def _changed_scenes(result: Mapping[str, Any]) -> bool:
    scenes = result.get("streams", {}).get("scenes", {})
    return any(scenes.get(name) for name in ("new", "changed", "revived"))


ANALYSIS = Handler(
    kind="analysis.run",
    title="Analysis",
    run=run,
    params=AnalysisParams,
    check=analysis_can_begin,
    dedupe="analysis.run:{source_id}:{scene_set}",
    exclusive="analysis:{source_id}",
    lane="long",
    priority=-10,  # yields to whatever somebody waits for
    leads_to=to_plan,
)
