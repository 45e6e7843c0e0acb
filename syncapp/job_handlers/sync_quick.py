"""Quick sync: reads what has changed."""

from collections.abc import Mapping
from typing import Any

from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.job_handlers.exit_codes import sync_exit
from syncapp.job_handlers.leads import to_changes
from syncapp.job_handlers.params import SyncParams, source_is_there
from syncapp.job_handlers.sync_session import open_session, streams_of
from syncapp.sync import engine


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns counts per stream."""
    with open_session(ctx, params) as sync:
        return engine.pull(sync, streams_of(params), everything=False)


QUICK_SYNC = Handler(
    kind="sync.quick",
    title="Quick sync",
    run=run,
    params=SyncParams,
    check=source_is_there,
    dedupe="sync.quick:{source_id}:{streams}:{accept_deletions}:{rewrite}",
    exclusive="source:{source_id}",
    exit_code=sync_exit,
    leads_to=to_changes,
)
