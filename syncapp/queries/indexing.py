"""Whether search and order are still being built; see syncapp/sync/reindex.py."""

from dataclasses import dataclass

from django.db.models import Subquery

from jobs.queries import latest_jobs
from syncapp.models import INDEX_VERSION, IndexState, Source


@dataclass(frozen=True, slots=True)
class Indexing:
    """Lists find and order only what is built already."""

    job_id: int | None  # that does it; None: none was asked for yet


def source_names() -> tuple[dict[int, str], Indexing | None]:
    """Return the sources' names, and what is going on if the mirror is behind.

    One query, for each list needs both; one more while the mirror is behind.
    """
    version = IndexState.objects.values("version")[:1]
    rows = list(Source.objects.values_list("id", "name", Subquery(version)))
    names = {key: name for key, name, _ in rows}
    if any(held is not None and held < INDEX_VERSION for _, _, held in rows):
        jobs = latest_jobs("library.reindex", limit=1)
        return names, Indexing(jobs[0].job_id if jobs else None)
    return names, None
