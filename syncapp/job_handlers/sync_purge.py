"""Purge: drops what was marked as deleted long ago, when a person has asked for it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.job_handlers.params import MANAGE_SOURCE, PurgeParams, source_is_there
from syncapp.sync.purge import purge


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns how many rows of what went."""
    age = timedelta(days=params["days"])
    told = params.get("before")  # a job of a schedule goes by the time at which it runs
    before = datetime.fromisoformat(told) if told else datetime.now(UTC) - age
    return purge(ctx, params["source_id"], before)


PURGE = Handler(
    kind="sync.purge",
    title="Purge of deleted records",
    run=run,
    params=PurgeParams,
    check=source_is_there,
    permission=MANAGE_SOURCE,
    dedupe="sync.purge:{source_id}:{days}",
    exclusive="source:{source_id}",
    lane="long",
    priority=-10,  # yields to whatever somebody waits for
)
