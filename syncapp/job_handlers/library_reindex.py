"""Reindex: what rows are found and ordered by, for a mirror that is older than that."""

from collections.abc import Mapping
from typing import Any

from jobs.enums import Trigger
from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from jobs.services import JobRef, create_job
from syncapp.job_handlers.params import LibraryParams
from syncapp.models import INDEX_VERSION, MIRRORED, IndexState
from syncapp.sync.reindex import reindex
from syncapp.sync.tuning import tuned


def run(ctx: JobContext, _params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns how many rows of what were read."""
    with tuned():
        return reindex(ctx)


def reindex_if_behind() -> JobRef | None:
    """Ask for the job if rows of the mirror lack what this program works out of them.

    An empty mirror is up to date. Two asks are one job.
    """
    state = IndexState.objects.first()
    if state is not None and state.version >= INDEX_VERSION:
        return None
    if state is None or not any(model.objects.exists() for model in MIRRORED):
        IndexState.objects.update_or_create(pk=1, defaults={"version": INDEX_VERSION})
        return None
    return create_job(REINDEX.kind, {}, trigger=Trigger.SYSTEM)


REINDEX = Handler(
    kind="library.reindex",
    title="Build search and order",
    run=run,
    params=LibraryParams,
    dedupe="library.reindex",
    exclusive="library.reindex",
    lane="long",
    priority=-10,  # yields to whatever somebody waits for
)
