"""Filters of lists that people keep under a name."""

from typing import ClassVar

from django.conf import settings
from django.db import models

NAME_LENGTH = 100


class SavedFilter(models.Model):
    """A filter of one list: its owner's, or shown to everybody."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters"
    )
    stream = models.CharField(max_length=20)  # whose list: scenes, tags, ...
    name = models.CharField(max_length=NAME_LENGTH)
    # As an address asks for it, in its one form: two are the same filter if these are
    # equal. It may hold what a later release cannot read any more.
    query = models.TextField()
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        permissions: ClassVar = [
            ("share_filter", "Can show saved filters to everybody")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "stream", "name"], name="one_saved_filter_per_name"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["stream", "name"],
                condition=models.Q(shared=True),
                name="shared_filters",
            )
        ]

    def __str__(self) -> str:
        return self.name
