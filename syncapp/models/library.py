"""The mirror: one row per remote object, as the source last told it.

Nothing here is edited: sync is the only writer (syncapp/sync). Foreign keys have no
constraint in the database, for their checks double the cost of a load; `sync`
keeps the links right and the tests prove that none dangles. Lists without a meaningful
order are stored sorted.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import ManyToManyField, Q, Value
from django.db.models.functions import Coalesce

from syncapp.models.keys import REMOTE_BITS
from syncapp.models.source import Source
from syncapp.stash.bounds import DATE, STAMP

PLACE = 500  # characters of a path that can be looked up
# All that lists of scenes are narrowed by, in one index that is read instead of the
# table: a filter that few scenes match is answered by reading it once. The id stands
# first, so that new scenes are written at its end.
FACTS = (
    *("id", "deleted_at", "missing", "organized", "file_count"),
    *("duration", "size", "height", "frame_rate", "bit_rate"),
    *("play_count", "o_counter", "rating100", "changed_by_job", "studio", "date"),
    *("synced_at", "remote_created_at", "remote_updated_at"),
)
DIRTY = 0  # a content hash that no record has; see syncapp/sync/dirty.py


class PlaceKey(models.Func):
    """The beginning of a path, as its index keeps it, compared byte by byte.

    SQLite does that by itself; PostgreSQL compares by the rules of its language, where
    texts that begin alike need not stand together. The numbers stand in the text, for
    an index is not found by an expression with parameters.
    """

    template = f"SUBSTR(%(expressions)s, 1, {PLACE})"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = f'({self.template} COLLATE "C")'
        return self.as_sql(compiler, connection, template=template, **extra)


def link(
    to: str | type[models.Model], related: str, **options: Any
) -> "models.ForeignKey[Any, Any]":
    """Return a foreign key without a constraint in the database."""
    return models.ForeignKey(
        to, models.DO_NOTHING, related_name=related, db_constraint=False, **options
    )


def text() -> "models.TextField[str, str]":
    """Return a text column, empty when the source has nothing."""
    return models.TextField(blank=True, default="")


def order_text() -> "models.TextField[str, str]":
    """Return a column that lists are ordered by: what `text.folding.order_key` makes.

    PostgreSQL sorts it by its bytes, as SQLite does (migration 0012).
    """
    return models.TextField(blank=True, default="", db_default="")


def plain_list() -> "models.JSONField[Any, Any]":
    """Return a column for a list of plain values."""
    return models.JSONField(default=list, blank=True)


class Mirrored(models.Model):
    """What every mirrored row has."""

    objects: "ClassVar[models.Manager[Any]]" = models.Manager()

    id = models.BigIntegerField(primary_key=True)  # keys.row_id(source_id, remote_id)
    source = link(Source, "+", db_index=False)
    remote_id = models.BigIntegerField()
    # Verbatim, for they are compared for inequality; parsed beside it, to be shown.
    remote_created_text = models.CharField(max_length=STAMP)
    remote_updated_text = models.CharField(max_length=STAMP)
    remote_created_at = models.DateTimeField()
    remote_updated_at = models.DateTimeField()
    # Of the record's raw JSON. DIRTY: the next sync reads the record again.
    content_hash = models.BigIntegerField()
    # Read within the settling time of its last edit: a second edit in the same second
    # would not show in `updated_at`, so the next sync reads it once more.
    unsettled = models.BooleanField(default=False)
    synced_at = models.DateTimeField()  # when this row last changed here
    deleted_at = models.DateTimeField(null=True, blank=True)  # the tombstone
    deleted_by_job = models.BigIntegerField(null=True, blank=True)
    # When it came, and by which job; null for what was here before this was noted.
    first_seen_at = models.DateTimeField(null=True, blank=True)
    first_seen_job = models.BigIntegerField(null=True, blank=True)
    # The job that changed this row last, and may have been cleared away since.
    changed_by_job = models.BigIntegerField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(remote_id__gte=0, remote_id__lt=2**REMOTE_BITS),
                name="%(class)s_remote_id_fits_row_ids",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["source", "id"],
                condition=Q(content_hash=DIRTY) | Q(unsettled=True),
                name="%(class)s_to_read_again",
            ),
            # Ids rise within a job, and jobs in time: a load appends to it.
            models.Index(
                fields=["first_seen_job", "id"],
                condition=Q(first_seen_job__isnull=False),
                name="%(class)s_by_first_job",
            ),
        ]


class Link(models.Model):
    """A row of a link table: both ends are the key."""

    objects: "ClassVar[models.Manager[Any]]" = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Tag(Mirrored):
    name = text()
    name_key = order_text()
    sort_name = text()
    description = text()
    aliases = plain_list()
    stash_ids = plain_list()  # [[endpoint, id], ...]
    favorite = models.BooleanField(default=False)
    ignore_auto_tag = models.BooleanField(default=False)
    parents: "ManyToManyField[Tag, TagParent]" = ManyToManyField(
        "self",
        through="TagParent",
        through_fields=("tag", "parent"),
        symmetrical=False,
        related_name="children",
    )
    scene_count = models.IntegerField(default=0, db_default=0)

    class Meta(Mirrored.Meta):
        indexes: ClassVar = [
            *Mirrored.Meta.indexes,
            models.Index(fields=["name_key", "id"], name="tag_by_name"),
            models.Index(fields=["-scene_count", "-id"], name="tag_by_scenes"),
        ]

    def __str__(self) -> str:
        return self.name


class TagParent(Link):
    pk = models.CompositePrimaryKey("tag_id", "parent_id")
    tag = link(Tag, "+", db_index=False)
    parent = link(Tag, "+", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["parent", "tag"], name="tag_child")]


class Studio(Mirrored):
    name = text()
    name_key = order_text()
    details = text()
    urls = plain_list()
    aliases = plain_list()
    stash_ids = plain_list()
    rating100 = models.IntegerField(null=True, blank=True)
    favorite = models.BooleanField(default=False)
    ignore_auto_tag = models.BooleanField(default=False)
    parent = link("self", "children", null=True, blank=True)
    tags: "ManyToManyField[Tag, StudioTag]" = ManyToManyField(
        Tag, through="StudioTag", related_name="studios"
    )
    scene_count = models.IntegerField(default=0, db_default=0)

    class Meta(Mirrored.Meta):
        indexes: ClassVar = [
            *Mirrored.Meta.indexes,
            models.Index(fields=["name_key", "id"], name="studio_by_name"),
            models.Index(fields=["-scene_count", "-id"], name="studio_by_scenes"),
        ]

    def __str__(self) -> str:
        return self.name


class StudioTag(Link):
    pk = models.CompositePrimaryKey("studio_id", "tag_id")
    studio = link(Studio, "+", db_index=False)
    tag = link(Tag, "+", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tag", "studio"], name="tag_studio")]


class Performer(Mirrored):
    name = text()
    name_key = order_text()
    disambiguation = text()
    details = text()
    gender = text()
    country = text()
    birthdate = text()  # "1952", "1952-04" or "1952-04-30"
    death_date = text()
    urls = plain_list()
    aliases = plain_list()
    stash_ids = plain_list()
    rating100 = models.IntegerField(null=True, blank=True)
    favorite = models.BooleanField(default=False)
    ignore_auto_tag = models.BooleanField(default=False)
    tags: "ManyToManyField[Tag, PerformerTag]" = ManyToManyField(
        Tag, through="PerformerTag", related_name="performers"
    )
    scene_count = models.IntegerField(default=0, db_default=0)

    class Meta(Mirrored.Meta):
        indexes: ClassVar = [
            *Mirrored.Meta.indexes,
            models.Index(fields=["name_key", "id"], name="performer_by_name"),
            models.Index(fields=["-scene_count", "-id"], name="performer_by_scenes"),
        ]

    def __str__(self) -> str:
        return self.name


class PerformerTag(Link):
    pk = models.CompositePrimaryKey("performer_id", "tag_id")
    performer = link(Performer, "+", db_index=False)
    tag = link(Tag, "+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tag", "performer"], name="tag_performer")
        ]


class Scene(Mirrored):
    """A scene. What lists narrow it by is worked out when it is written.

    Those columns are null in rows of a release that did not know them, until they are
    worked out anew (syncapp/sync/facts.py).
    """

    title = text()
    code = text()
    details = text()
    director = text()
    # "2011", "2011-04" or "2011-04-30"
    date = models.CharField(max_length=DATE, blank=True, default="")
    rating100 = models.IntegerField(null=True, blank=True)
    # Unrated ones stand last in both databases, which place NULL differently.
    rating_rank = models.GeneratedField(
        expression=Coalesce("rating100", Value(-1)),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    title_key = order_text()
    organized = models.BooleanField(default=False)
    urls = plain_list()
    stash_ids = plain_list()
    o_counter = models.IntegerField(null=True, blank=True)
    play_count = models.IntegerField(null=True, blank=True)
    play_duration = models.FloatField(null=True, blank=True)  # seconds
    resume_time = models.FloatField(null=True, blank=True)  # seconds
    last_played_at = models.DateTimeField(null=True, blank=True)
    studio = link(Studio, "scenes", null=True, blank=True, db_index=False)
    # The bits of syncapp/filters/values.py: MISSING_BITS.
    missing = models.IntegerField(null=True)
    tag_count = models.IntegerField(null=True)
    performer_count = models.IntegerField(null=True)
    file_count = models.IntegerField(null=True)
    # Of the first file.
    duration = models.FloatField(null=True)  # seconds
    size = models.BigIntegerField(null=True)  # bytes
    height = models.IntegerField(null=True)
    frame_rate = models.FloatField(null=True)
    bit_rate = models.BigIntegerField(null=True)  # bits per second
    tags: "ManyToManyField[Tag, SceneTag]" = ManyToManyField(
        Tag, through="SceneTag", related_name="scenes"
    )
    performers: "ManyToManyField[Performer, ScenePerformer]" = ManyToManyField(
        Performer, through="ScenePerformer", related_name="scenes"
    )

    class Meta(Mirrored.Meta):
        indexes: ClassVar = [
            *Mirrored.Meta.indexes,
            models.Index(fields=["-date", "-id"], name="scene_by_date"),
            models.Index(fields=["studio", "-date", "-id"], name="scene_by_studio"),
            models.Index(fields=["title_key", "id"], name="scene_by_title"),
            models.Index(fields=["-remote_created_at", "-id"], name="scene_by_added"),
            models.Index(fields=["-remote_updated_at", "-id"], name="scene_by_updated"),
            models.Index(fields=["-rating_rank", "-id"], name="scene_by_rating"),
            models.Index(fields=FACTS, name="scene_facts"),
            models.Index(
                fields=["id"], condition=Q(deleted_at__isnull=False), name="scene_gone"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"scene {self.remote_id}"


class SceneTag(Link):
    pk = models.CompositePrimaryKey("scene_id", "tag_id")
    scene = link(Scene, "+", db_index=False)
    tag = link(Tag, "+", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tag", "scene"], name="tag_scene")]


class ScenePerformer(Link):
    pk = models.CompositePrimaryKey("scene_id", "performer_id")
    scene = link(Scene, "+", db_index=False)
    performer = link(Performer, "+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["performer", "scene"], name="performer_scene")
        ]


class SceneFile(models.Model):
    """A file of a scene. Its times are the source's own, as it told them.

    Several scenes may have one file: each has its own row of it.
    """

    objects: "ClassVar[models.Manager[Any]]" = models.Manager()

    pk = models.CompositePrimaryKey("scene_id", "remote_id")
    scene = link(Scene, "files", db_index=False)
    remote_id = models.BigIntegerField()
    position = models.IntegerField()  # 0 = the primary file
    path = text()
    basename = text()
    size = models.BigIntegerField(null=True)  # bytes
    mod_time = models.DateTimeField(null=True)
    remote_created_at = models.DateTimeField(null=True)
    remote_updated_at = models.DateTimeField(null=True)
    format = text()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    duration = models.FloatField(null=True)  # seconds
    video_codec = text()
    audio_codec = text()
    frame_rate = models.FloatField(null=True)
    bit_rate = models.BigIntegerField(null=True)  # bits per second
    # The fingerprint of that type as a number with a sign; null without one.
    phash = models.BigIntegerField(null=True)
    fingerprints = plain_list()  # [[type, value], ...]

    class Meta:
        ordering: ClassVar = ["scene", "position"]
        indexes: ClassVar = [
            models.Index(fields=["remote_id", "scene"], name="scene_by_file"),
            models.Index(PlaceKey("path"), name="file_by_path"),
            models.Index(
                fields=["phash", "scene"],
                condition=Q(phash__isnull=False),
                name="file_by_phash",
            ),
        ]

    def __str__(self) -> str:
        return self.path


MIRRORED = (Tag, Studio, Performer, Scene)
