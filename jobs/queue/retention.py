"""Clears away what is long over: ended jobs with their logs, and schedules' history."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from jobs.enums import JSON, Status
from jobs.models import Job, JobEvent, Schedule, ScheduleFire
from jobs.queue.context import JobContext
from jobs.queue.params import NoParams
from jobs.queue.registry import Handler, Params

JOBS, ROWS = 200, 1_000  # of one transaction
KEPT_FIRES = 20  # of each schedule, however old: what its page shows


def run(ctx: JobContext, _params: Params) -> dict[str, Any]:
    """Delete batch by batch; returns how many rows of what."""
    done: dict[str, Any] = {"jobs": 0, "log lines": 0, "schedule slots": 0}
    done |= ctx.resume_from or {}
    total = done["jobs"] + old_jobs().count()
    while job_ids := list(old_jobs().values_list("pk", flat=True)[:JOBS]):
        done["log lines"] += _delete_all(
            ctx, JobEvent.objects.filter(job_id__in=job_ids)
        )
        with ctx.atomic():
            # Asked anew: one may have been retried meanwhile.
            deleted = old_jobs().filter(pk__in=job_ids).order_by().delete()
            done["jobs"] += deleted[1].get("jobs.Job", 0)
            ctx.checkpoint(done, (done["jobs"],))
        ctx.progress("jobs", done["jobs"], total)
    for schedule_id in list(Schedule.objects.values_list("pk", flat=True)):
        done["schedule slots"] += _delete_fires(ctx, schedule_id)
    return done


def old_jobs() -> "QuerySet[Job, Job]":
    """Return the jobs to clear away: long ended, and nothing that is kept names them.

    A job that was retried goes after its retry, and the last one of a schedule stays.
    """
    days, failed_days = (
        timedelta(days=settings.JOB_KEEP_DAYS),
        timedelta(days=settings.JOB_KEEP_FAILED_DAYS),
    )
    well = Q(status__in=[Status.SUCCEEDED, Status.CANCELLED])
    return (
        Job.objects.filter(
            well & Q(finished_at__lt=Now() - days)
            | Q(status=Status.FAILED, finished_at__lt=Now() - failed_days)
        )
        .filter(~Exists(Job.objects.filter(retry_of=OuterRef("pk"))))
        .filter(~Exists(Schedule.objects.filter(last_job=OuterRef("pk"))))
        .order_by("pk")
    )


def named_in_params(kind: str, name: str) -> tuple[JSON, ...]:
    """Return what the jobs of a kind that are still known have as this parameter."""
    rows = Job.objects.filter(kind=kind).order_by()
    return tuple(rows.values_list(f"params__{name}", flat=True).distinct())


def _delete_fires(ctx: JobContext, schedule_id: int) -> int:
    fires = ScheduleFire.objects.filter(schedule_id=schedule_id)
    shown = fires.order_by("-pk").values_list("pk", flat=True)[:KEPT_FIRES]
    before = Now() - timedelta(days=settings.JOB_KEEP_DAYS)
    return _delete_all(ctx, fires.filter(pk__lt=min(shown, default=0), at__lt=before))


def _delete_all(ctx: JobContext, rows: "QuerySet[Any, Any]") -> int:
    """Delete these rows, some at a time; returns how many."""
    count = 0
    while row_ids := list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS]):
        ctx.check()
        with ctx.atomic():
            count += rows.filter(pk__in=row_ids).order_by().delete()[0]
    return count


PRUNE = Handler(
    kind="jobs.prune",
    title="Clear away old jobs",
    run=run,
    params=NoParams,
    dedupe="jobs.prune",
    lane="system",
)
