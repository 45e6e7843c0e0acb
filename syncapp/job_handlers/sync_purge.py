"""Purge: drops what was marked as deleted long ago, when a person has asked for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.sync.purge import purge


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns how many rows of what went."""
    before = datetime.fromisoformat(params["before"])
    return purge(ctx, params["source_id"], before)


PURGE = Handler(
    kind="sync.purge",
    title="Purge of deleted records",
    run=run,
    dedupe="sync.purge:{source_id}:{days}",
    exclusive="source:{source_id}",
    lane="long",
    priority=-10,  # yields to whatever somebody waits for
)
