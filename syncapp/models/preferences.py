"""How each person wants the pages."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from syncapp.models.source import Source


class Preferences(models.Model):
    """Of one person. Who has no row has chosen nothing."""

    objects: "ClassVar[models.Manager[Preferences]]" = models.Manager()

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    theme = models.CharField(max_length=10, blank=True, default="")  # "": the device's
    shortcuts = models.BooleanField(default=True)
    # The source chosen last, which lists show unasked; NULL for all of them.
    source = models.ForeignKey(
        Source, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # By the name of a list: its columns, the rows of a page, its view.
    lists = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.pk}"
