"""Full sync: reads every record."""

from collections.abc import Mapping
from typing import Any

from jobs.context import JobContext
from jobs.registry import Handler
from syncapp.job_handlers.exits import sync_exit
from syncapp.job_handlers.opening import open_run, wanted
from syncapp.sync import engine


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns counts per stream."""
    with open_run(ctx, params) as sync:
        return engine.pull(sync, wanted(params), everything=True)


FULL_SYNC = Handler(
    kind="sync.full",
    title="Full sync",
    run=run,
    dedupe="sync.full:{source_id}:{streams}:{accept_deletions}:{rewrite}",
    exclusive="source:{source_id}",
    exit_code=sync_exit,
    lane="long",
    priority=-10,  # gives way to whatever somebody waits for
)
