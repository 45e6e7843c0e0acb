"""Jobs as a test holds them: claimed here, due now, their lease run out."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from jobs import queries, services
from jobs.models import Job
from jobs.queue import leases
from jobs.queue.leases import JobClaim


def claimed(kind: str, worker_id: str = "", **params: Any) -> JobClaim:
    """Make a job of this kind and claim it."""
    ref = services.create_job(kind, params)
    return claimed_again(ref.job_id, worker_id)


def claimed_again(job_id: int, worker_id: str = "") -> JobClaim:
    """Claim a job that waits, whatever it waits for."""
    make_due(job_id)
    kind = queries.job_card(job_id).kind
    claim = leases.claim_job([kind], worker_id=worker_id, only=job_id)
    assert claim is not None
    return claim


def make_due(job_id: int) -> None:
    Job.objects.filter(pk=job_id).update(next_at=Now() - timedelta(seconds=1))


def let_the_lease_run_out(job_id: int) -> None:
    Job.objects.filter(pk=job_id).update(lease_until=Now() - timedelta(seconds=1))


def codes(job_id: int) -> list[str]:
    """Return what the job's log tells, line by line."""
    return [event.code for event in queries.job_events(job_id)]


def wait_s(job_id: int) -> float:
    """Return for how long the job is to wait from now on; 0 if it need not."""
    next_at, now = Job.objects.values_list("next_at", Now()).get(pk=job_id)
    return (next_at - now).total_seconds() if next_at else 0.0
