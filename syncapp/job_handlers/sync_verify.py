"""Verify: compares the mirror with the source, and repairs it if that is wanted."""

from collections.abc import Mapping
from typing import Any

from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.job_handlers.exit_codes import verify_exit
from syncapp.job_handlers.leads import to_changes
from syncapp.job_handlers.params import VerifyParams, source_is_there
from syncapp.job_handlers.sync_session import open_session, streams_of
from syncapp.sync.verify import verify


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns what differs, per stream and kind."""
    with open_session(ctx, params) as sync:
        return verify(
            sync, streams_of(params), sample=params["sample"], repair=params["repair"]
        )


VERIFY = Handler(
    kind="sync.verify",
    title="Verify",
    run=run,
    params=VerifyParams,
    check=source_is_there,
    dedupe="sync.verify:{source_id}:{streams}:{sample}:{repair}",
    exclusive="source:{source_id}",
    lane="long",
    priority=-10,  # yields to whatever somebody waits for
    exit_code=verify_exit,
    leads_to=to_changes,
)
