"""Jobs, workers, schedules in the admin: to look at, cancel, retry, turn on and off."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin, messages
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from jobs import services
from jobs.errors import JobError
from jobs.models import Job, JobEvent, Schedule, ScheduleFire, WorkerNode
from jobs.scheduling import services as schedules
from jobs.viewer import MANAGE_SCHEDULE, RUN_JOB, viewer_of

if TYPE_CHECKING:
    JobPages = admin.ModelAdmin[Job]
    WorkerPages = admin.ModelAdmin[WorkerNode]
    SchedulePages = admin.ModelAdmin[Schedule]
    EventLines = admin.TabularInline[JobEvent, Job]
    FireLines = admin.TabularInline[ScheduleFire, Schedule]
else:
    JobPages = WorkerPages = SchedulePages = admin.ModelAdmin
    EventLines = FireLines = admin.TabularInline

LAST_EVENTS, LAST_FIRES = 50, 20

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
        return request.user.has_perm(RUN_JOB)

    @admin.action(description="Cancel selected jobs", permissions=["run"])
    def cancel(self, request: HttpRequest, jobs: "QuerySet[Job, Job]") -> None:
        self._each(request, jobs, services.cancel_job, "asked to stop")

    @admin.action(description="Retry selected jobs", permissions=["run"])
    def retry(self, request: HttpRequest, jobs: "QuerySet[Job, Job]") -> None:
        retry = partial(services.retry_job, viewer=viewer_of(request.user))
        self._each(request, jobs, retry, "asked for again")

    def _each(
        self,
        request: HttpRequest,
        jobs: "QuerySet[Job, Job]",
        service: Callable[..., object],
        done: str,
    ) -> None:
        by = request.user.pk
        calls = [
            partial(service, pk, by=by) for pk in jobs.values_list("pk", flat=True)
        ]
        _say(self, request, calls, f"Jobs {done}")


def _say(
    page: "admin.ModelAdmin[Any]",
    request: HttpRequest,
    calls: Sequence[Callable[[], object]],
    done: str,
) -> None:
    """Call each; tell what was refused, and how many were not."""
    count = 0
    for call in calls:
        try:
            call()
        except JobError as exc:
            page.message_user(request, str(exc), messages.WARNING)
        else:
            count += 1
    if count:
        page.message_user(request, f"{done}: {count}.")


@admin.register(WorkerNode)
class WorkerAdmin(ReadOnly, WorkerPages):
    list_display = ("__str__", "processes", "heartbeat_at", "draining", "stopped_at")


class LastFires(ReadOnly, FireLines):
    model = ScheduleFire
    fields = ("slot_at", "at", "outcome", "job", "note")
    extra = 0
    verbose_name_plural = f"Last {LAST_FIRES} slots"

    def get_queryset(
        self, request: HttpRequest
    ) -> "QuerySet[ScheduleFire, ScheduleFire]":
        rows = super().get_queryset(request)
        later = ScheduleFire.objects.filter(
            schedule=OuterRef("schedule"), pk__gt=OuterRef("pk")
        ).order_by()
        count = later.values("schedule").annotate(n=Count("pk")).values("n")
        newer = Coalesce(Subquery(count), 0)
        return rows.annotate(newer=newer).filter(newer__lt=LAST_FIRES)


@admin.register(Schedule)
class ScheduleAdmin(ReadOnly, SchedulePages):
    """To look at and to switch; what a schedule is, its own pages change."""

    list_display = (
        "name",
        "kind",
        "cron",
        "every_minutes",
        "zone",
        "enabled",
        "next_at",
    )
    list_filter = ("enabled", "kind")
    search_fields = ("name", "disabled_reason")
    inlines = (LastFires,)
    actions = ("enable", "disable", "run")
    list_per_page = 50
    show_full_result_count = False

    def has_run_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RUN_JOB)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MANAGE_SCHEDULE)

    @admin.action(description="Turn on", permissions=["manage"])
    def enable(self, request: HttpRequest, rows: "QuerySet[Schedule]") -> None:
        keys = rows.values_list("pk", flat=True)
        who = viewer_of(request.user)
        calls = [partial(schedules.enable_schedule, pk, viewer=who) for pk in keys]
        _say(self, request, calls, "Schedules turned on")

    @admin.action(description="Turn off", permissions=["manage"])
    def disable(self, request: HttpRequest, rows: "QuerySet[Schedule]") -> None:
        keys = rows.values_list("pk", flat=True)
        calls = [partial(schedules.disable_schedule, pk) for pk in keys]
        _say(self, request, calls, "Schedules turned off")

    @admin.action(description="Run now", permissions=["run"])
    def run(self, request: HttpRequest, rows: "QuerySet[Schedule]") -> None:
        keys = rows.values_list("pk", flat=True)
        who = viewer_of(request.user)
        calls = [partial(schedules.run_now, pk, viewer=who) for pk in keys]
        _say(self, request, calls, "Jobs asked for")
