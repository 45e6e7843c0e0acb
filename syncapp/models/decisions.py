"""What people decided of plans: as much as it takes to take a decision back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from syncapp.models.plans import Plan, person

DECIDED = ("accepted", "rejected", "proposed")  # what changes can be made by people


class Decision(models.Model):
    """One decision of one person: of one change, or of all that matched."""

    objects: "ClassVar[models.Manager[Decision]]" = models.Manager()

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="decisions", db_index=False
    )
    by = person()
    # The changes hold the same time: by both it is known what nobody touched since.
    at = models.DateTimeField()
    state = models.CharField(max_length=14)
    number = models.PositiveIntegerField()  # of changes
    # [{"became": a state, "ids": of changes, "columns": what they held before}, ...]
    parts = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=DECIDED), name="a_decision_is_known"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan", "by", "-id"], name="decision_newest")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"
