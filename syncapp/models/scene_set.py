"""Sets of scenes: which ones a job is to work on, frozen as they were shown.

The ids are kept, not the filter that found them: what matches may be other scenes by
the time at which the job begins, and what is done is what was shown. A row for each
scene would be 100,000 rows under one lock; packed they are ten.
"""

from typing import ClassVar

from django.db import models

from syncapp.models.source import Source


class SceneSet(models.Model):
    """Scenes of one source. The same scenes are the same set, whoever chose them."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="scene_sets")
    digest = models.CharField(max_length=32)  # of the ids; see models/packed_ids.py
    count = models.PositiveIntegerField()
    # The filter that found them last, as an address names it; empty: chosen one by one.
    query = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField()  # when work on it was asked for last

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "digest"], name="one_set_of_the_same_scenes"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} scenes of {self.source_id}"


class SceneSetPart(models.Model):
    """Some of the ids of a set, ascending within and from part to part."""

    scene_set = models.ForeignKey(SceneSet, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()  # from 0
    ids = models.BinaryField()  # row ids, packed; see models/packed_ids.py

    class Meta:
        ordering: ClassVar = ["scene_set", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scene_set", "number"], name="one_part_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"Part {self.number} of set {self.scene_set_id}"
