"""What rows are found by: a table beside each of the mirror's, of the same ids.

Their columns are no fields, for they differ: on SQLite an FTS5 table with the columns
of `text.documents.FIELDS`, on PostgreSQL one with a tsvector. The migration makes both.
"""

from typing import ClassVar

from django.db import models

from syncapp.models.library import Mirrored, Performer, Scene, Studio, Tag

INDEX_VERSION = 1  # of what is worked out here of each row; see syncapp/sync/reindex.py


class SearchRow(models.Model):
    """A row that can be found; its id is that of the mirrored one."""

    objects: "ClassVar[models.Manager[SearchRow]]" = models.Manager()

    id = models.BigIntegerField(primary_key=True, db_column="rowid")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class SceneSearch(SearchRow):
    pass


class PerformerSearch(SearchRow):
    pass


class TagSearch(SearchRow):
    pass


class StudioSearch(SearchRow):
    pass


SEARCH: dict[type[Mirrored], type[SearchRow]] = {
    Tag: TagSearch,
    Studio: StudioSearch,
    Performer: PerformerSearch,
    Scene: SceneSearch,
}


class IndexState(models.Model):
    """The one row that says which INDEX_VERSION all rows of the mirror have.

    Without it the mirror was filled by this program from the first row on.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_index_state")
        ]

    def __str__(self) -> str:
        return f"Index of version {self.version}"
