"""Plans: what was proposed to change in scenes, why, and what became of it.

Nothing here is written to a source. How far a plan is, its changes tell: it is stored
nowhere. Scenes, studios, performers and tags are named by row id and may be gone from
the mirror by now; what they were called is kept beside.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from syncapp.models.change_states import TAKEN, UNWRITTEN, ChangeState
from syncapp.models.keys import remote_id
from syncapp.models.library import Mirrored, Performer, Studio, Tag
from syncapp.models.source import Source

NAME, KEY, WORD = 200, 32, 60  # characters
# The values of `analysis.proposals.Field` and `Op`, and of `analysis.confidence`.
FIELD_MODELS: Mapping[str, type[Mirrored]] = {
    "studio": Studio,
    "performers": Performer,
    "tags": Tag,
}
ENTITY_FIELDS = tuple(FIELD_MODELS)
TEXT_FIELDS = ("date", "title", "details", "organized", "rating")
FIELDS = (*ENTITY_FIELDS, *TEXT_FIELDS)
OPS = ("set", "add", "remove")
LEVELS = ("certain", "likely", "look")
# What changes of a plan are counted and narrowed by.
FACETS = ("state", "field", "level", "detector", "evidence_kind")


class PlanKind(models.TextChoices):
    """What makes a plan."""

    ANALYSIS = "analysis", "analysis"
    UNDO = "undo", "undo"
    BY_HAND = "by_hand", "by hand"
    IMPORTED = "imported", "imported"
    AUTOMATIC = "automatic", "automatic"


class Scope(models.TextChoices):
    """Which scenes a plan was made of."""

    FILTER = "filter", "all that match a filter"
    CHOSEN = "chosen", "chosen scenes"
    UNANALYSED = "unanalysed", "not analysed since they changed"


def person(**options: Any) -> "models.ForeignKey[Any, Any]":
    """Return a column that names who did something, while they are known."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        **options,
    )


class Plan(models.Model):
    """Changes that are reviewed together, and why they were proposed."""

    objects: "ClassVar[models.Manager[Plan]]" = models.Manager()

    source = models.ForeignKey(
        Source, models.CASCADE, related_name="plans", db_index=False
    )
    name = models.CharField(max_length=NAME)
    kind = models.CharField(max_length=10, choices=PlanKind.choices)
    scope = models.CharField(max_length=12, choices=Scope.choices)
    # The filter that found the scenes, as an address names it; else empty.
    query = models.TextField(blank=True, default="")
    detectors = models.JSONField(default=dict)  # {name: version}
    options = models.JSONField(default=list)  # of detectors, that were switched on
    undoes = models.ForeignKey(
        "self", models.SET_NULL, related_name="undone_by", null=True, blank=True
    )
    # The job that made it, and may have been cleared away since.
    job_id = models.BigIntegerField(null=True, blank=True)
    by = person()
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        permissions: ClassVar = [("apply_plan", "Can write accepted changes to Stash")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=PlanKind.values), name="plan_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="plan_scope_is_known"
            ),
            models.CheckConstraint(
                condition=Q(undoes=None) | Q(kind=PlanKind.UNDO),
                name="only_an_undo_undoes",
            ),
            models.UniqueConstraint(
                fields=["job_id"],
                condition=Q(job_id__isnull=False),
                name="one_plan_of_a_job",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["source", "-id"], name="plan_newest")]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """One thing to change in a scene."""

    objects: "ClassVar[models.Manager[Change]]" = models.Manager()

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="changes", db_index=False
    )
    scene_id = models.BigIntegerField()  # a row id
    field = models.CharField(max_length=12)
    op = models.CharField(max_length=8)
    # What is proposed: an entity's row id with what it was called, or a text alone.
    entity_id = models.BigIntegerField(null=True, blank=True)
    value = models.TextField(blank=True, default="")
    # The same for uniqueness and dismissals: the id, or a digest of the text.
    value_key = models.CharField(max_length=KEY)
    # What a set replaces; an add was not there, and what is removed was.
    before_id = models.BigIntegerField(null=True, blank=True)
    before = models.TextField(blank=True, default="")

    detector = models.CharField(max_length=WORD)
    detector_version = models.PositiveIntegerField()
    evidence_kind = models.CharField(max_length=WORD)
    sentence = models.TextField()
    spans = models.JSONField(default=list)  # [[text, start, end], ...]
    # Of other detectors that propose the same: [{detector, version, kind, ...}].
    more_evidence = models.JSONField(default=list)
    confidence = models.FloatField()
    level = models.CharField(max_length=8)
    # One for all changes of one reason; its key is a digest, for texts may be long.
    cause = models.TextField()
    cause_key = models.CharField(max_length=KEY)
    # Changes of a scene that have one exclude each other; empty: none does.
    choice = models.CharField(max_length=KEY, blank=True, default="")

    state = models.CharField(max_length=14, default=ChangeState.PROPOSED.value)
    decided_by = person()
    decided_at = models.DateTimeField(null=True, blank=True)
    # What the source held before and after the write, or is to hold: the latter stands
    # here before anything is written.
    # Images as `applying.intents` tells them, each within {"is": ...}.
    image_before = models.JSONField(null=True, blank=True)
    image_after = models.JSONField(null=True, blank=True)
    # What it held instead of what was expected before or meant after.
    image_found = models.JSONField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    written_by_job = models.BigIntegerField(null=True, blank=True)
    # The change that this one takes back.
    undoes = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="undone_by",
        null=True,
        blank=True,
    )
    # What is to be made first, for its value is not there yet.
    creation = models.ForeignKey(
        "Creation",
        models.CASCADE,
        related_name="changes",
        null=True,
        blank=True,
    )
    objection = models.TextField(blank=True, default="")  # what the source said

    class Meta:
        ordering: ClassVar = ["plan", "scene_id", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(field__in=FIELDS), name="change_field_is_known"
            ),
            models.CheckConstraint(
                condition=Q(op="set", field__in=("studio", *TEXT_FIELDS))
                | Q(op__in=("add", "remove"), field__in=("performers", "tags")),
                name="change_op_fits_its_field",
            ),
            models.CheckConstraint(
                condition=Q(field__in=ENTITY_FIELDS)
                | Q(entity_id=None, before_id=None),
                name="texts_name_no_entity",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1),
                name="change_confidence_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(level__in=LEVELS), name="change_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in ChangeState]),
                name="change_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state=ChangeState.PROPOSED.value)
                | Q(decided_at__isnull=False),
                name="what_is_decided_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in UNWRITTEN])
                | Q(image_after__isnull=False),
                name="what_is_written_has_its_image",
            ),
            models.UniqueConstraint(
                fields=["plan", "scene_id", "field", "op", "value_key"],
                name="no_change_twice",
            ),
            models.UniqueConstraint(
                fields=["plan", "scene_id", "choice"],
                condition=Q(state__in=[each.value for each in TAKEN]) & ~Q(choice=""),
                name="one_accepted_of_a_choice",
            ),
        ]
        indexes: ClassVar = [
            # All that facets go by, in the order of groups, so that counting them asks
            # neither the table nor for a sort; and the same below each cause.
            models.Index(fields=["plan", *FACETS], name="change_facets"),
            # The id tells of one that stands for the others.
            models.Index(
                fields=["plan", "cause_key", *FACETS, "id"], name="change_causes"
            ),
            models.Index(fields=["scene_id", "plan"], name="change_of_scene"),
        ]

    def __str__(self) -> str:
        return f"{self.op} {self.field} of scene {self.remote_id}"

    @property
    def remote_id(self) -> int:
        """Return the scene's id at its source, which its row id holds."""
        return remote_id(self.scene_id)


class Creation(models.Model):
    """A tag, performer or studio to make at the source, or to take away again."""

    objects: "ClassVar[models.Manager[Creation]]" = models.Manager()

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="creations", db_index=False
    )
    kind = models.CharField(max_length=10)  # "tag", "performer", "studio"
    op = models.CharField(max_length=8, default="create")  # or "remove"
    name = models.TextField()
    state = models.CharField(max_length=14, default=ChangeState.PROPOSED.value)
    entity_id = models.BigIntegerField(null=True, blank=True)  # a row id, once known
    was_there = models.BooleanField(default=False)  # found by its name, not made
    decided_by = person()
    decided_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    objection = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["plan", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=("tag", "performer", "studio")),
                name="creation_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(op__in=("create", "remove")), name="creation_op_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in ChangeState]),
                name="creation_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "op", "name"], name="no_creation_twice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.op} {self.kind} {self.name}"


class SceneAnalysis(models.Model):
    """That a scene was analysed: when, as what it was then, and with what."""

    objects: "ClassVar[models.Manager[SceneAnalysis]]" = models.Manager()

    scene_id = models.BigIntegerField(primary_key=True)
    analysed_at = models.DateTimeField()
    synced_at = models.DateTimeField()  # the scene's own at that time
    digest = models.CharField(max_length=KEY)  # of the detectors and options

    class Meta:
        ordering: ClassVar = ["scene_id"]

    def __str__(self) -> str:
        return f"scene {self.scene_id}"


class NotADuplicate(models.Model):
    """Two scenes of which a person said that they are not the same film."""

    objects: "ClassVar[models.Manager[NotADuplicate]]" = models.Manager()

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    first_id = models.BigIntegerField()  # row ids, the smaller first
    second_id = models.BigIntegerField()
    by = person()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["first_id", "second_id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(first_id__lt=F("second_id")), name="a_pair_is_in_order"
            ),
            models.UniqueConstraint(
                fields=["source", "first_id", "second_id"], name="a_pair_is_named_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["second_id"], name="not_a_duplicate_second")
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"
