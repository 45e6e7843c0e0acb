"""What the buttons of the pages do: ask for a job, and hand out how it stands."""

from collections.abc import Iterable

from jobs.queries import JobCard, job_card
from syncapp.models.keys import REMOTE_BITS
from syncapp.services.deletions import purge_tombstones
from syncapp.services.errors import NotMirrored, SeveralSources
from syncapp.services.start_jobs import SAMPLE_ROWS, resync, start_sync, start_verify


def press_sync(
    source_id: int,
    mode: str,
    streams: Iterable[str],
    *,
    by: int,
    accept_deletions: bool = False,
) -> JobCard:
    """Ask for a sync; see `start_sync`."""
    ref = start_sync(source_id, mode, streams, by=by, accept_deletions=accept_deletions)
    return job_card(ref.job_id)


def press_verify(source_id: int, *, repair: bool, by: int) -> JobCard:
    """Ask for a comparison with the source; with `repair` of every row."""
    sample = 0 if repair else SAMPLE_ROWS
    ref = start_verify(source_id, sample=sample, repair=repair, by=by)
    return job_card(ref.job_id)


def press_purge(source_id: int, days: int, *, by: int) -> JobCard:
    """Ask to drop old tombstones for good; see `purge_tombstones`."""
    return job_card(purge_tombstones(source_id, days, by=by).job_id)


def press_resync(stream: str, row_id: int, *, by: int) -> JobCard:
    """Ask to read one performer, tag or studio again, named by its row id.

    Raises NotMirrored.
    """
    jobs = resync(stream, [row_id], by=by)
    if not jobs:
        msg = "It is not in the mirror: reload the page, choose again."
        raise NotMirrored(msg)
    return job_card(jobs[0])


def press_sync_scenes(scene_ids: Iterable[int], *, by: int) -> JobCard:
    """Ask for a sync of chosen scenes of one source, named by the mirror's row ids.

    Raises SeveralSources, NothingChosen, SceneNotFound.
    """
    chosen = list(scene_ids)
    if len({scene_id >> REMOTE_BITS for scene_id in chosen}) > 1:
        msg = "The chosen scenes are of several sources: choose those of one."
        raise SeveralSources(msg)
    return job_card(resync("scenes", chosen, by=by)[0])
