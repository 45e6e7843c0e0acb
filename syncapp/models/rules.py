"""What a person has told analysis: what never to propose again, and how to read names.

All of it is of one source, can be taken back, and counts from the next analysis on.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from syncapp.models.plans import FIELDS, KEY, person
from syncapp.models.source import Source

FOLDER, SPELLING, MARK = 500, 200, 40  # characters
KINDS = ("studio", "performer", "tag")  # the values of `analysis.library.EntityKind`
EFFECTS = ("off", "needs_more", "with_studio")  # of `SpellingEffect`
DATE_ORDERS = ("dmy", "mdy")  # of `DateOrder`


def of_source() -> "models.ForeignKey[Source, Source]":
    """Return the column of the source that a rule is for."""
    return models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)


class Reach(models.TextChoices):
    """How far a dismissal reaches."""

    SCENE = "scene", "this scene and value"
    CAUSE = "cause", "all of this reason"
    NAME = "name", "this value everywhere"


class Dismissal(models.Model):
    """Never to be proposed again, until it is taken back."""

    objects: "ClassVar[models.Manager[Dismissal]]" = models.Manager()

    source = of_source()
    reach = models.CharField(max_length=6, choices=Reach.choices)
    # Of a scene and of a name; see `Change`. What is not told is empty or null.
    scene_id = models.BigIntegerField(null=True, blank=True)
    field = models.CharField(max_length=12, blank=True, default="")
    op = models.CharField(max_length=8, blank=True, default="")
    value_key = models.CharField(max_length=KEY, blank=True, default="")
    cause_key = models.CharField(max_length=KEY, blank=True, default="")
    # For a person: what was proposed, and why.
    value = models.TextField(blank=True, default="")
    sentence = models.TextField(blank=True, default="")
    by = person()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    reach=Reach.SCENE,
                    scene_id__isnull=False,
                    field__in=FIELDS,
                    cause_key="",
                )
                & ~Q(op="")
                & ~Q(value_key="")
                | Q(reach=Reach.CAUSE, scene_id=None, field="", op="", value_key="")
                & ~Q(cause_key="")
                | Q(reach=Reach.NAME, scene_id=None, field__in=FIELDS, cause_key="")
                & ~Q(op="")
                & ~Q(value_key=""),
                name="a_dismissal_names_what_it_reaches",
            ),
            models.UniqueConstraint(
                fields=["scene_id", "field", "op", "value_key"],
                condition=Q(reach=Reach.SCENE),
                name="one_dismissal_of_a_scene",
            ),
            models.UniqueConstraint(
                fields=["source", "cause_key"],
                condition=Q(reach=Reach.CAUSE),
                name="one_dismissal_of_a_cause",
            ),
            models.UniqueConstraint(
                fields=["source", "field", "op", "value_key"],
                condition=Q(reach=Reach.NAME),
                name="one_dismissal_of_a_name",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "-id"], name="dismissal_newest")
        ]

    def __str__(self) -> str:
        return f"{self.reach}: {self.value}"


class KeptSpelling(models.Model):
    """What a spelling counts for: of one entity, of a kind of them, or of anything."""

    objects: "ClassVar[models.Manager[KeptSpelling]]" = models.Manager()

    source = of_source()
    spelling = models.CharField(max_length=SPELLING)  # as typed
    folded = models.CharField(max_length=2 * SPELLING)  # as it is compared
    effect = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, blank=True, default="")  # "": of anything
    entity_id = models.BigIntegerField(null=True, blank=True)  # a row id
    studio_id = models.BigIntegerField(null=True, blank=True)  # of `with_studio`
    by = person()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["folded", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(effect__in=EFFECTS), name="spelling_effect_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=KINDS) | Q(kind="", entity_id=None),
                name="spelling_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(effect="with_studio", studio_id__isnull=False)
                | ~Q(effect="with_studio") & Q(studio_id=None),
                name="a_studio_where_it_counts",
            ),
            models.UniqueConstraint(
                fields=["source", "folded", "kind", "entity_id"],
                condition=Q(entity_id__isnull=False),
                name="one_rule_of_an_entity",
            ),
            models.UniqueConstraint(
                fields=["source", "folded", "kind"],
                condition=Q(entity_id=None),
                name="one_rule_of_a_spelling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.spelling}: {self.effect}"


class KeptDateOrder(models.Model):
    """Which number of a date is the day, below one folder."""

    objects: "ClassVar[models.Manager[KeptDateOrder]]" = models.Manager()

    source = of_source()
    folder = models.CharField(max_length=FOLDER)
    order = models.CharField(max_length=3)
    by = person()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["folder"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(order__in=DATE_ORDERS), name="date_order_is_known"
            ),
            models.UniqueConstraint(
                fields=["source", "folder"], name="one_date_order_of_a_folder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folder}: {self.order}"


class KeptMark(models.Model):
    """Which tag a mark means: 1080p, 60fps."""

    objects: "ClassVar[models.Manager[KeptMark]]" = models.Manager()

    source = of_source()
    mark = models.CharField(max_length=MARK)
    tag_id = models.BigIntegerField()  # a row id
    by = person()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["mark"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "mark"], name="one_tag_of_a_mark")
        ]

    def __str__(self) -> str:
        return self.mark


class KeptRoots(models.Model):
    """The folders that tell nothing of what is below, where a person has said so.

    A row without folders says that there are none; without a row they are found.
    """

    objects: "ClassVar[models.Manager[KeptRoots]]" = models.Manager()

    source = models.OneToOneField(
        Source, models.CASCADE, related_name="+", primary_key=True
    )
    folders = models.JSONField(default=list)
    by = person()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"roots of {self.source_id}"
