"""The pages of jobs and of schedules."""

from jobs.views.jobs import cancel, job_list, job_page, job_state, list_state, retry
from jobs.views.schedules import (
    change_schedule,
    delete_schedule,
    disable_schedule,
    enable_schedule,
    new_schedule,
    run_schedule,
    schedule_list,
    schedule_page,
)

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
    "new_schedule",
    "retry",
    "run_schedule",
    "schedule_list",
    "schedule_page",
]
