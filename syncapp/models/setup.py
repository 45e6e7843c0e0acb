"""The first administrator: the code that lets one in, the row that says one is in."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class SetupCode(models.Model):
    """A code that makes its holder the first administrator; only the newest counts."""

    # Of the code as it is compared: 128 random bits need no salt.
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"Setup code {self.pk}"


class FailedTries(models.Model):
    """The wrong codes or passwords that one address has typed of late."""

    key = models.CharField(max_length=120, unique=True)  # see access/tries.py
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "failed tries"

    def __str__(self) -> str:
        return f"{self.failures} of {self.key}"


class Claim(models.Model):
    """The one row of a Steward that has its first administrator."""

    # Written in the transaction that makes the person: of two at once, one fails here.
    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # Where the person is, as the browser said; empty if it did not.
    zone = models.CharField(max_length=64, blank=True, default="")
    claimed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="one_claim")
        ]

    def __str__(self) -> str:
        return f"Claimed at {self.claimed_at}"
