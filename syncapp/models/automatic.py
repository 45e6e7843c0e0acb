"""What of a source may be accepted and applied by itself, and who said so."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from syncapp.models.source import Source

USUAL_LIMIT, MOST_A_DAY = 200, 10_000  # changes


class AutomaticApply(models.Model):
    """A person's word that certain changes need nobody to look; without a row: off."""

    objects: "ClassVar[models.Manager[AutomaticApply]]" = models.Manager()

    source = models.OneToOneField(
        Source, models.CASCADE, primary_key=True, related_name="automatic_apply"
    )
    detectors = models.JSONField()  # names; at least one
    daily_limit = models.PositiveIntegerField(default=USUAL_LIMIT)
    # Nobody's, if a command said it. Whose account is removed takes the word along.
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    # The alarm counts what was accepted since: who allows it again has looked.
    allowed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["source"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(daily_limit__gte=1, daily_limit__lte=MOST_A_DAY),
                name="automatic_apply_has_a_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"automatic apply of source {self.source_id}"
