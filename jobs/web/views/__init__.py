"""The pages of jobs, schedules and workers, and what machines ask."""

from jobs.web.views.jobs import cancel, job_list, job_page, job_state, list_state, retry
from jobs.web.views.probes import metrics_page, readyz
from jobs.web.views.schedules import (
    change_schedule,
    delete_schedule,
    disable_schedule,
    enable_schedule,
    new_schedule,
    run_schedule,
    schedule_list,
    schedule_page,
)
from jobs.web.views.workers import pause, resume, worker_list

__all__ = [
    "cancel",
    "change_schedule",
    "delete_schedule",
    "disable_schedule",
    "enable_schedule",
    "job_list",
    "job_page",
    "job_state",
    "list_state",
    "metrics_page",
    "new_schedule",
    "pause",
    "readyz",
    "resume",
    "retry",
    "run_schedule",
    "schedule_list",
    "schedule_page",
    "worker_list",
]
