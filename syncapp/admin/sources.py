"""Sources in the admin: for administrators to change, never with their key."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from syncapp import services
from syncapp.admin.reading import ReadOnlyAdmin, may_run, say_jobs
from syncapp.forms import SourceForm
from syncapp.models import Source, StreamState

MANAGE = "syncapp.manage_source"
ADDRESS = ("name", "url", "public_url", "read_only", "analyse_after_sync")
STATE = ("version", "reached_at", "trouble", "trouble_since")


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = SourceForm
    list_display = ("name", "url", "read_only", "version", "reached_at")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("name",)
    actions = ("test", "quick_sync", "full_sync")
    readonly_fields = ("key_state", *STATE)

    @admin.display(description="API key now")
    def key_state(self, source: Source) -> str:
        return "set" if source.api_key != "" else "not set"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MANAGE)

    def has_change_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return request.user.has_perm(MANAGE)

    def has_delete_permission(self, *_args: Any) -> bool:
        return False  # its mirror goes with it, batch by batch: `source remove`

    def has_run_permission(self, request: HttpRequest) -> bool:
        return may_run(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if self.has_change_permission(request, obj):
            return (*ADDRESS, "key_state", "new_key", "remove_key", *STATE)
        return (*ADDRESS, "key_state", *STATE)

    def save_model(
        self,
        request: HttpRequest,
        obj: Source,
        form: Any,
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        asked = form.cleaned_data
        if not change:
            obj.pk = services.add_source(
                asked["name"],
                asked["url"],
                asked["new_key"],
                read_only=asked["read_only"],
                public_url=asked["public_url"],
            )
            services.set_analyse_after_sync(obj.pk, on=asked["analyse_after_sync"])
            return
        cleared = services.change_source(
            obj.pk,
            name=asked["name"],
            url=asked["url"],
            read_only=asked["read_only"],
            analyse_after_sync=asked["analyse_after_sync"],
            public_url=asked["public_url"],
        )
        if asked["new_key"] or asked["remove_key"]:
            services.set_key(obj.pk, asked["new_key"])
        elif cleared:
            sentence = "The address is another server's: the API key was removed."
            self.message_user(request, sentence, messages.WARNING)

    @admin.action(description="Test the connection", permissions=["run"])
    def test(self, request: HttpRequest, queryset: "QuerySet[Source]") -> None:
        for source_id, name in queryset.values_list("pk", "name"):
            try:
                test = services.test_source(source_id)
            except services.Refused as exc:
                self.message_user(request, f"{name}: {exc}", messages.ERROR)
                continue
            level = messages.SUCCESS if test.ok else messages.ERROR
            self.message_user(request, f"{name}: {test.sentence}", level)

    @admin.action(description="Quick sync", permissions=["run"])
    def quick_sync(self, request: HttpRequest, queryset: "QuerySet[Source]") -> None:
        self._sync(request, queryset, "quick")

    @admin.action(description="Full sync", permissions=["run"])
    def full_sync(self, request: HttpRequest, queryset: "QuerySet[Source]") -> None:
        self._sync(request, queryset, "full")

    def _sync(
        self, request: HttpRequest, queryset: "QuerySet[Source]", mode: str
    ) -> None:
        refs = [
            services.start_sync(source_id, mode, by=request.user.pk)
            for source_id in queryset.values_list("pk", flat=True)
        ]
        say_jobs(self, request, [ref.job_id for ref in refs])


@admin.register(StreamState)
class StreamStateAdmin(ReadOnlyAdmin):
    list_select_related = ("source",)
    list_display = ("source", "stream", "synced_at", "full_at", "held_deletions")
    list_filter = ("source", "stream")
