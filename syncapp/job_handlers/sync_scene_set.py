"""Sync of a set of scenes: reads these, however many, whatever the index says."""

from collections.abc import Mapping
from typing import Any

from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.job_handlers.exit_codes import sync_exit
from syncapp.job_handlers.params import SceneSetParams, scene_set_is_there
from syncapp.job_handlers.sync_session import open_session
from syncapp.sync.scene_set import pull_set
from syncapp.sync.streams.scenes import SCENES


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns counts per stream."""
    with open_session(ctx, params) as sync:
        return pull_set(sync, SCENES, params["scene_set"])


SCENE_SET_SYNC = Handler(
    kind="sync.scene_set",
    title="Sync of a set of scenes",
    run=run,
    params=SceneSetParams,
    check=scene_set_is_there,
    dedupe="sync.scene_set:{source_id}:{scene_set}",
    exclusive="source:{source_id}",
    lane="long",
    priority=-10,  # yields to whatever somebody waits for
    exit_code=sync_exit,
)
