"""What syncs changed: an entry a change, and which jobs changed anything at all.

That a row came is told by the row itself (`first_seen_job`), so that a first load
writes no entry.
"""

from typing import ClassVar

from django.db import models

from syncapp.models.source import Source


class What(models.TextChoices):
    """What may happen to a row; all but the first are kept as entries."""

    CAME = "came", "came"
    CHANGED = "changed", "changed"
    WENT = "went", "went"
    BACK = "back", "came back"


class HistoryEntry(models.Model):
    """One change of one row that was here before; see STEWARD_HISTORY_DAYS."""

    objects: "ClassVar[models.Manager[HistoryEntry]]" = models.Manager()

    # The row first: with the stream there, SQLite would take the key for any list.
    pk = models.CompositePrimaryKey("row_id", "stream", "at")
    stream = models.CharField(max_length=20)
    row_id = models.BigIntegerField()
    at = models.DateTimeField()
    # The job that did it, and may have been cleared away since.
    job_id = models.BigIntegerField(null=True)
    what = models.CharField(max_length=8, choices=What.choices)
    # {field: [before, after]}; of links and files only what went and what came.
    changes = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["row_id", "stream", "-at"]
        indexes: ClassVar = [
            models.Index(
                fields=["job_id", "stream", "what", "row_id"], name="history_by_job"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ChangeSet(models.Model):
    """All that one job changed in a source's mirror; made with its first change."""

    objects: "ClassVar[models.Manager[ChangeSet]]" = models.Manager()

    job_id = models.BigIntegerField(primary_key=True)
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    at = models.DateTimeField()  # when it first changed something

    class Meta:
        ordering: ClassVar = ["-at", "-job_id"]
        indexes: ClassVar = [
            models.Index(fields=["-at", "-job_id"], name="change_set_by_time")
        ]

    def __str__(self) -> str:
        return f"job {self.job_id}"
