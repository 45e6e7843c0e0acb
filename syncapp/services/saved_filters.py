"""Keeps filters of lists under a name; its owner may show one to everybody."""

from unicodedata import normalize

from django.db import IntegrityError, transaction

from jobs.viewer import Viewer
from syncapp.filters.canonical import canonical_query
from syncapp.job_handlers.params import STREAM_NAMES
from syncapp.models import SavedFilter
from syncapp.models.saved import NAME_LENGTH
from syncapp.services.errors import (
    BadFilter,
    FilterNotFound,
    NameTaken,
    NotYours,
    UnknownStream,
)

SHARE_FILTER = "syncapp.share_filter"
# Whoever may change or remove what others share: administrators.
CHANGE_FILTER = "syncapp.change_savedfilter"
DELETE_FILTER = "syncapp.delete_savedfilter"
MOST_SAVED = 100  # of one person and list; and of what all share of a list
LONGEST_QUERY = 8_000  # characters that every browser and proxy takes


def save_filter(stream: str, name: str, query: str, *, viewer: Viewer) -> int:
    """Keep a filter of this list as the viewer's own; returns its id.

    `query` is a query string as the list has it; it is kept in its one form.

    Raises UnknownStream, BadFilter, NameTaken.
    """
    if stream not in STREAM_NAMES:
        msg = f"There is no list of {stream!r}."
        raise UnknownStream(msg)
    name, text = _checked_name(name), _checked_query(stream, query)
    own = SavedFilter.objects.filter(owner_id=viewer.user_id, stream=stream)
    if own.count() >= MOST_SAVED:
        msg = f"You have {MOST_SAVED} saved filters of {stream}: remove one first."
        raise BadFilter(msg)
    try:
        with transaction.atomic():
            row = own.create(
                owner_id=viewer.user_id, stream=stream, name=name, query=text
            )
    except IntegrityError as exc:
        raise NameTaken(name) from exc
    return row.pk


def change_filter(filter_id: int, *, name: str, shared: bool, viewer: Viewer) -> None:
    """Call a filter otherwise and show it to whom is said: both, or neither.

    Raises FilterNotFound, NotYours, BadFilter, NameTaken.
    """
    with transaction.atomic():
        rename_filter(filter_id, name, viewer=viewer)
        share_filter(filter_id, shared=shared, viewer=viewer)


def rename_filter(filter_id: int, name: str, *, viewer: Viewer) -> None:
    """Call a filter otherwise; as it was called already, nothing changes.

    Raises FilterNotFound, NotYours, BadFilter, NameTaken.
    """
    row, name = _own(filter_id, viewer, CHANGE_FILTER), _checked_name(name)
    try:
        with transaction.atomic():
            SavedFilter.objects.filter(pk=row.pk).update(name=name)
    except IntegrityError as exc:
        raise NameTaken(name) from exc


def share_filter(filter_id: int, *, shared: bool, viewer: Viewer) -> None:
    """Show a filter to everybody, or to its owner alone again.

    Raises FilterNotFound, NotYours, BadFilter.
    """
    row = _own(filter_id, viewer, CHANGE_FILTER)
    if shared == row.shared:
        return
    if shared and not viewer.may(SHARE_FILTER):
        msg = "You may keep filters, but not show them to everybody."
        raise NotYours(msg)
    others = SavedFilter.objects.filter(stream=row.stream, shared=True)
    if shared and others.count() >= MOST_SAVED:
        msg = f"{MOST_SAVED} filters of {row.stream} are shared: take one back first."
        raise BadFilter(msg)
    SavedFilter.objects.filter(pk=row.pk).update(shared=shared)


def delete_filter(filter_id: int, *, viewer: Viewer) -> str:
    """Remove a filter; returns how it was called.

    Raises FilterNotFound, NotYours.
    """
    row = _own(filter_id, viewer, DELETE_FILTER)
    SavedFilter.objects.filter(pk=row.pk).delete()
    return row.name


def _own(filter_id: int, viewer: Viewer, right: str) -> SavedFilter:
    """Return a filter that this viewer may change; of others only what is shared."""
    row = SavedFilter.objects.filter(pk=filter_id).first()
    if row is None or not (row.shared or row.owner_id == viewer.user_id):
        raise FilterNotFound(filter_id)
    if row.owner_id != viewer.user_id and not viewer.may(right):
        msg = f"“{row.name}” is another person's filter: you may use it, not change it."
        raise NotYours(msg)
    return row


def _checked_name(text: str) -> str:
    name = " ".join(normalize("NFC", text.replace("\0", " ")).split())
    if not name:
        msg = "Give the filter a name."
        raise BadFilter(msg)
    if len(name) > NAME_LENGTH:
        msg = f"The name is longer than {NAME_LENGTH} characters."
        raise BadFilter(msg)
    return name


def _checked_query(stream: str, query: str) -> str:
    found = canonical_query(stream, query)
    if found.wrong:
        raise BadFilter(" ".join(("This filter cannot be kept.", *found.wrong)))
    if not found.text:
        msg = "No filter is on: the list shows everything."
        raise BadFilter(msg)
    if len(found.text) > LONGEST_QUERY:
        msg = f"The filter's address is longer than {LONGEST_QUERY:,} characters."
        raise BadFilter(msg)
    return found.text
