"""What the admin of every mirrored thing shares: it is read, not written."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join

from jobs.viewer import RUN_JOB
from syncapp import services


class ReadOnly:
    """Rows that sync alone writes."""

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_per_page = 50
    show_full_result_count = False


class StreamAdmin(ReadOnlyAdmin):
    """Rows of one stream; those selected can be read again from their source."""

    stream: ClassVar[str]
    actions = ("resync_selected",)

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Return who may use actions with permissions=["run"]."""
        return may_run(request)

    @admin.action(description="Sync selected again", permissions=["run"])
    def resync_selected(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        chosen = list(queryset.values_list("pk", flat=True))
        try:
            refs = services.resync(self.stream, chosen, by=request.user.pk)
        except services.Refused as exc:
            self.message_user(request, str(exc), messages.ERROR)
        else:
            say_jobs(self, request, [ref.job_id for ref in refs])


def may_run(request: HttpRequest) -> bool:
    return request.user.has_perm(RUN_JOB)


def say_jobs(
    site: "admin.ModelAdmin[Any]", request: HttpRequest, job_ids: list[int]
) -> None:
    """Tell which jobs were asked for, with links to them."""
    links = format_html_join(
        ", ",
        '<a href="{}">job {}</a>',
        ((reverse("jobs:detail", args=[job_id]), job_id) for job_id in job_ids),
    )
    site.message_user(request, format_html_join("", "{}{}.", [("Asked for ", links)]))
