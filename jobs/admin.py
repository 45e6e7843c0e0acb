"""Jobs and workers in the admin: to look at, to cancel and to retry."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest

from jobs import services
from jobs.errors import JobError
from jobs.models import Job, JobEvent, WorkerNode

if TYPE_CHECKING:
    JobPages = admin.ModelAdmin[Job]
    WorkerPages = admin.ModelAdmin[WorkerNode]
    EventLines = admin.TabularInline[JobEvent, Job]
else:
    JobPages = WorkerPages = admin.ModelAdmin
    EventLines = admin.TabularInline

LAST_EVENTS = 50

# Whoever may write q2's rows may run any function; its tables are none of our pages.
for _model in apps.get_app_config("django_q").get_models():
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


class ReadOnly:
    """Pages to look at: rows are written by services alone."""

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False


class LastEvents(ReadOnly, EventLines):
    model = JobEvent
    fields = ("seq", "at", "level", "code", "message")
    ordering = ("-seq",)
    extra = 0
    verbose_name_plural = f"Last {LAST_EVENTS} events"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[JobEvent, JobEvent]":
        last = F("job__last_seq") - LAST_EVENTS
        return super().get_queryset(request).filter(seq__gt=last)


@admin.register(Job)
class JobAdmin(ReadOnly, JobPages):
    list_display = ("id", "title", "status", "trigger", "created_at", "finished_at")
    list_filter = ("status", "kind", "trigger")
    search_fields = ("title", "error_text")
    exclude = ("lease_token",)
    inlines = (LastEvents,)
    actions = ("cancel", "retry")
    list_per_page = 50
    show_full_result_count = False

    def has_run_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.run_job")

    @admin.action(description="Cancel selected jobs", permissions=["run"])
    def cancel(self, request: HttpRequest, jobs: "QuerySet[Job, Job]") -> None:
        self._each(request, jobs, services.cancel_job, "asked to stop")

    @admin.action(description="Retry selected jobs", permissions=["run"])
    def retry(self, request: HttpRequest, jobs: "QuerySet[Job, Job]") -> None:
        self._each(request, jobs, services.retry_job, "asked for again")

    def _each(
        self,
        request: HttpRequest,
        jobs: "QuerySet[Job, Job]",
        service: Callable[..., object],
        done: str,
    ) -> None:
        count = 0
        for job_id in jobs.values_list("pk", flat=True):
            try:
                service(job_id, by=request.user.pk)
            except JobError as exc:
                self.message_user(request, str(exc), messages.WARNING)
            else:
                count += 1
        if count:
            self.message_user(request, f"Jobs {done}: {count}.")


@admin.register(WorkerNode)
class WorkerAdmin(ReadOnly, WorkerPages):
    list_display = ("__str__", "processes", "heartbeat_at", "draining", "stopped_at")
