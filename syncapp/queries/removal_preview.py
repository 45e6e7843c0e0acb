"""What would go with a source."""

from dataclasses import dataclass
from typing import Any

from jobs.queries import JobCard, active_jobs
from syncapp.models import MIRRORED
from syncapp.models.keys import row_range
from syncapp.queries.sources import SourceLine, source_line


@dataclass(frozen=True, slots=True)
class RemovalPreview:
    source: SourceLine
    counts: tuple[tuple[str, int], ...]  # (stream, rows of the mirror)
    active: tuple[JobCard, ...]  # while there are any, it stays

    @property
    def stopping(self) -> bool:
        """Whether all that is active was asked to stop already."""
        return bool(self.active) and all(job.is_stopping for job in self.active)


def source_removal(source_id: int) -> RemovalPreview | None:
    """Return what removing this source would take; None if it is not there."""
    source = source_line(source_id)
    if source is None:
        return None
    low, end = row_range(source_id)
    counts = tuple(
        (f"{model._meta.model_name}s", _count_rows(model, low, end))
        for model in reversed(MIRRORED)
    )
    active = [job for job in active_jobs() if job.params.get("source_id") == source_id]
    return RemovalPreview(source, counts, tuple(active))


def _count_rows(model: Any, low: int, end: int) -> int:
    return int(model.objects.filter(id__gte=low, id__lt=end).count())
