"""Whether search and order are still being built; see syncapp/sync/reindex.py."""

from dataclasses import dataclass

from jobs.queries import latest_jobs
from syncapp.models import INDEX_VERSION, IndexState


@dataclass(frozen=True, slots=True)
class Indexing:
    """Lists find and order only what is built already."""

    job_id: int | None  # that does it; None: none was asked for yet


def indexing() -> Indexing | None:
    """Return what is going on if the mirror is behind; one query if it is not."""
    if not IndexState.objects.filter(version__lt=INDEX_VERSION).exists():
        return None
    jobs = latest_jobs("library.reindex", limit=1)
    return Indexing(jobs[0].job_id if jobs else None)
