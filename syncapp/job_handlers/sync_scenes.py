"""Sync of chosen scenes: reads these, whatever the index says."""

from collections.abc import Mapping
from typing import Any

from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.job_handlers.exit_codes import sync_exit
from syncapp.job_handlers.leads import to_changes
from syncapp.job_handlers.params import ScenesParams, source_is_there
from syncapp.job_handlers.sync_session import open_session
from syncapp.sync import engine
from syncapp.sync.streams.scenes import SCENES


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns counts per stream."""
    with open_session(ctx, params) as sync:
        return engine.pull_scenes(sync, SCENES, params["ids"])


SCENES_SYNC = Handler(
    kind="sync.scenes",
    title="Sync of chosen scenes",
    run=run,
    params=ScenesParams,
    check=source_is_there,
    dedupe="sync.scenes:{source_id}:{ids}",
    exclusive="source:{source_id}",
    exit_code=sync_exit,
    leads_to=to_changes,
)
