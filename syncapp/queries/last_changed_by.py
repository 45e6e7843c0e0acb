"""Which job changed a row of the mirror last."""

from dataclasses import dataclass

from jobs.errors import JobNotFound
from jobs.queries import job_card


@dataclass(frozen=True, slots=True)
class ChangedBy:
    job_id: int
    title: str  # empty if the job was cleared away since


def changed_by(job_id: int | None) -> ChangedBy | None:
    """Return what is known of the job; None if no job made the change."""
    if job_id is None:
        return None
    try:
        return ChangedBy(job_id, job_card(job_id).title)
    except JobNotFound:
        return ChangedBy(job_id, "")
