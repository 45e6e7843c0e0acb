"""Pages of long lists: by key, never by number; counts stop at a cap."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

PAGE = 50
CAP = 1_000
SEARCH_LENGTH = 100
LARGEST_ID = 2**63 - 1
ID_LENGTH = len(str(LARGEST_ID))


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; `more` if it was not counted to the end."""

    number: int
    more: bool = False


def capped_count(rows: "QuerySet[Any, Any]") -> Count:
    """Count up to the cap: a search in a large library must not read all of it."""
    number = rows.order_by()[: CAP + 1].count()
    return Count(min(number, CAP), more=number > CAP)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the row that has this key and id."""

    key: str
    row_id: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Return the place that an address names; None for the list's beginning."""
        key, _, number = text.rpartition("~")
        if not (number.isascii() and number.isdigit() and len(number) <= ID_LENGTH):
            return None
        if int(number) > LARGEST_ID or "\0" in key:
            return None
        return cls(key, int(number))

    def __str__(self) -> str:
        return f"{self.key}~{self.row_id}"

    def following(self, column: str) -> Q:
        """Return what selects the rows after this one, ascending."""
        same = Q(**{column: self.key, "id__gt": self.row_id})
        return Q(**{f"{column}__gte": self.key}) & (
            Q(**{f"{column}__gt": self.key}) | same
        )

    def preceding(self, column: str) -> Q:
        """Return what selects the rows after this one, descending."""
        same = Q(**{column: self.key, "id__lt": self.row_id})
        return Q(**{f"{column}__lte": self.key}) & (
            Q(**{f"{column}__lt": self.key}) | same
        )


def search_text(text: str) -> str:
    """Return what was typed, as it is looked for: one line, no longer than sensible."""
    return " ".join(text.replace("\0", " ").split())[:SEARCH_LENGTH]
