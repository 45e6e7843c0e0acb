"""Opens a session of the engine for a job; names its failures in the jobs' words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.timezone import localtime

from jobs.errors import JobFailed
from jobs.queue.context import JobContext
from syncapp.job_handlers.analysis_run import analyse_after_sync
from syncapp.job_handlers.default_schedules import schedule_syncs
from syncapp.job_handlers.library_reindex import reindex_if_behind
from syncapp.stash.errors import StashError
from syncapp.stash.reading import Reader
from syncapp.sync.connect import connect, note_trouble
from syncapp.sync.errors import SyncStopped
from syncapp.sync.session import SyncSession, new_session
from syncapp.sync.stream import Stream
from syncapp.sync.streams import STREAMS
from syncapp.sync.tuning import refresh_statistics, tuned


@contextmanager
def open_session(ctx: JobContext, params: Mapping[str, Any]) -> Iterator[SyncSession]:
    """Yield a session over the source that `params` names.

    When the first one went well, the source works: it is synced by itself from then on.

    Raises JobFailed with the sentence of what the source or the engine objected to.
    """
    try:
        with tuned(), connect(params["source_id"]) as client:
            session = new_session(
                params["source_id"],
                Reader(client),
                ctx,
                rewrite=bool(params.get("rewrite")),
                accept_deletions=bool(params.get("accept_deletions")),
            )
            yield session
            refresh_statistics(session.context)
        with ctx.atomic():
            schedule_syncs(params["source_id"])
            reindex_if_behind()  # `up` asks as well; not everybody starts with it
            analyse_after_sync(params["source_id"], session.context.result())
    except StashError as exc:
        sentence = _away(ctx, params["source_id"], exc) if exc.retriable else str(exc)
        raise JobFailed(exc.code, sentence, retriable=exc.retriable) from exc
    except SyncStopped as exc:
        raise JobFailed(exc.code, str(exc)) from exc


def _away(ctx: JobContext, source_id: int, exc: StashError) -> str:
    """Return what to tell of a source that went away, and note it on the source."""
    done, on = "", ""
    if (phase := ctx.board.latest()) is not None and phase[1]:
        of = "" if phase[2] is None else f" of {phase[2]:,}"
        done = f"{phase[1]:,}{of} {phase[0]} done"
        on = (
            " What is done is kept and the sync goes on from there: by itself while "
            "its job is queued, by Retry once the job has failed."
        )
    since = note_trouble(source_id, f"{exc} {done}.{on}" if done else str(exc))
    if since is None:  # the source was removed meanwhile
        return str(exc)
    when = f"Source unreachable since {localtime(since):%d %b %Y %H:%M %Z}"
    return f"{exc} {when}, {done}.{on}" if done else f"{exc} {when}."


def streams_of(params: Mapping[str, Any]) -> list[Stream]:
    """Return the streams that `params` names, all if none, in foreign-key order."""
    names = set(params.get("streams", ()))
    return [stream for stream in STREAMS if not names or stream.name in names]
