"""The pages of jobs and workers, and what machines ask."""

from jobs.views.jobs import cancel, job_list, job_page, job_state, list_state, retry
from jobs.views.probes import metrics_page, readyz
from jobs.views.workers import pause, resume, worker_list

__all__ = [
    "cancel",
    "job_list",
    "job_page",
    "job_state",
    "list_state",
    "metrics_page",
    "pause",
    "readyz",
    "resume",
    "retry",
    "worker_list",
]
