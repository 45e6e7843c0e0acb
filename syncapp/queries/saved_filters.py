"""The saved filters of a list, as somebody sees them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q

from syncapp.filters.canonical import canonical_query
from syncapp.models import SavedFilter

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class SavedFilterLine:
    filter_id: int
    stream: str
    name: str
    query: str  # in its one form; as it was kept if it cannot be read
    wrong: str  # a sentence, if it cannot be read any more
    shared: bool
    owner_id: int
    owner: str


def saved_filters(stream: str, user_id: int) -> tuple[SavedFilterLine, ...]:
    """Return a person's own filters of a list, then those that others share."""
    lines = [
        _saved_line(row)
        for row in _seen_by(user_id).filter(stream=stream).order_by("name", "id")
    ]
    return tuple(sorted(lines, key=lambda line: line.owner_id != user_id))


def saved_filter(filter_id: int, user_id: int) -> SavedFilterLine | None:
    """Return one saved filter; None if it is not there for this person."""
    row = _seen_by(user_id).filter(pk=filter_id).first()
    return None if row is None else _saved_line(row)


def with_saved_filters(
    read: Callable[[], P], stream: str, user_id: int
) -> tuple[P, tuple[SavedFilterLine, ...]]:
    """Return a page of a list, and the filters that stand beside it."""
    return read(), saved_filters(stream, user_id)


def _seen_by(user_id: int) -> Any:
    own_or_shared = Q(owner_id=user_id) | Q(shared=True)
    return SavedFilter.objects.filter(own_or_shared).select_related("owner")


def _saved_line(row: SavedFilter) -> SavedFilterLine:
    found = canonical_query(row.stream, row.query)
    return SavedFilterLine(
        filter_id=row.pk,
        stream=row.stream,
        name=row.name,
        query=row.query if found.wrong else found.text,
        wrong=" ".join(found.wrong),
        shared=row.shared,
        owner_id=row.owner_id,
        owner=row.owner.get_username(),
    )
