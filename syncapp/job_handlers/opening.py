"""Opens a run of the engine for a job, and names its failures in the jobs' words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jobs.context import JobContext
from jobs.errors import JobFailed
from syncapp.job_handlers.regular import schedule_syncs
from syncapp.stash.errors import StashError
from syncapp.stash.reading import Reader
from syncapp.sync.connect import connect
from syncapp.sync.errors import SyncStopped
from syncapp.sync.run import Run
from syncapp.sync.stream import Stream
from syncapp.sync.streams import STREAMS


@contextmanager
def open_run(ctx: JobContext, params: Mapping[str, Any]) -> Iterator[Run]:
    """Yield a run over the source that `params` names.

    When the first one went well, the source works: it is synced by itself from then on.

    Raises JobFailed with the sentence of what the source or the engine objected to.
    """
    try:
        with connect(params["source_id"]) as client:
            yield Run(
                source_id=params["source_id"],
                reader=Reader(client),
                server=client.server,
                reporter=ctx,
                rewrite=bool(params.get("rewrite")),
                accept_deletions=bool(params.get("accept_deletions")),
            )
        with ctx.atomic():
            schedule_syncs(params["source_id"])
    except StashError as exc:
        raise JobFailed(exc.code, str(exc), retriable=exc.retriable) from exc
    except SyncStopped as exc:
        raise JobFailed(exc.code, str(exc)) from exc


def wanted(params: Mapping[str, Any]) -> list[Stream]:
    """Return the streams that `params` names, all if none, in foreign-key order."""
    names = set(params.get("streams", ()))
    return [stream for stream in STREAMS if not names or stream.name in names]
