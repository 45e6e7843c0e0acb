"""The mirror in the admin: scenes with their files, performers, tags, studios."""

from django.contrib import admin

from syncapp.admin.reading import StreamAdmin
from syncapp.models import Performer, Scene, SceneFile, Studio, Tag
from syncapp.queries import shown_name

GONE = ("deleted_at", admin.EmptyFieldListFilter)
NAMED = (
    "name",
    "remote_id",
    "scene_count",
    "favorite",
    "deleted_at",
    "synced_at",
    "source",
)


FILES_SHOWN = 100


@admin.register(Scene)
class SceneAdmin(StreamAdmin):
    stream = "scenes"
    list_display = (
        "remote_id",
        "__str__",
        "studio",
        "date",
        "organized",
        "deleted_at",
        "synced_at",
        "source",
    )
    list_display_links = ("remote_id", "__str__")
    list_select_related = ("source", "studio")
    list_filter = ("source", "organized", GONE)
    search_fields = ("title", "files__path")
    readonly_fields = ("tag_names", "performer_names", "file_list")

    @admin.display(description="tags")
    def tag_names(self, scene: Scene) -> str:
        return ", ".join(scene.tags.order_by("name").values_list("name", flat=True))

    @admin.display(description="performers")
    def performer_names(self, scene: Scene) -> str:
        names = scene.performers.order_by("name").values_list("name", "disambiguation")
        return ", ".join(shown_name(*name) for name in names)

    @admin.display(description="files")
    def file_list(self, scene: Scene) -> str:
        """Return a line a file, the primary one first."""
        files = scene.files.order_by("position")[:FILES_SHOWN]
        return "\n".join(f"{file.path} ({_told(file)})" for file in files)


def _told(file: SceneFile) -> str:
    size = None if file.size is None else f"{file.size:,} bytes"
    frame = None if file.width is None else f"{file.width} x {file.height}"
    return ", ".join(part for part in (size, frame, file.video_codec) if part)


class NamedAdmin(StreamAdmin):
    list_filter = ("source", "favorite", GONE)
    search_fields = ("name",)


@admin.register(Performer)
class PerformerAdmin(NamedAdmin):
    stream = "performers"
    list_display = NAMED
    list_select_related = ("source",)


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    stream = "tags"
    list_display = NAMED
    list_select_related = ("source",)
    readonly_fields = ("parent_names",)

    @admin.display(description="parents")
    def parent_names(self, tag: Tag) -> str:
        return ", ".join(tag.parents.order_by("name").values_list("name", flat=True))


@admin.register(Studio)
class StudioAdmin(NamedAdmin):
    stream = "studios"
    list_display = (*NAMED, "parent")
    list_select_related = ("source", "parent")
