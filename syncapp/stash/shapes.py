"""What reading gives: pages of raw records, and what is known of ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec


class IndexRow(NamedTuple):
    remote_id: int
    created_at: str
    updated_at: str


class Span(NamedTuple):
    """A page to be read, known before it is: several can be asked for at once.

    `place` is the last id before it (entities with a keyset), or the number of pages
    before it; `next` the place to go on from, None if nothing follows.
    """

    place: int
    next: int | None


@dataclass(frozen=True, slots=True)
class Page:
    records: Sequence[msgspec.Raw]
    at: datetime | None  # the server's clock
    next: int | None  # the place to go on from; None: that was the last page
    # Records that the server could not tell, with its reason, ending in a full stop.
    failed: Mapping[int, str] = field(default_factory=dict)
    left: Sequence[int] = ()  # ids of it that are to be read by themselves
    nameless: int = 0  # records that were told without a usable id, and are not here


@dataclass(frozen=True, slots=True)
class Fetched:
    records: list[msgspec.Raw]
    missing: frozenset[int]  # the server does not have them
    # It could not tell; with its reason, ending in a full stop.
    failed: Mapping[int, str]
    at: datetime | None  # the server's clock at the first answer
    left: Sequence[int] = ()  # not read: the others are large enough for once


@dataclass(frozen=True, slots=True)
class Confirmed:
    alive: frozenset[int]
    gone: frozenset[int]
    unknown: frozenset[int]


@dataclass(frozen=True, slots=True)
class Probed:
    """What one small question tells about all records of an entity."""

    count: int | None  # None: it told a number that cannot be
    greatest: int  # id; 0 if there is none
    newest: Sequence[IndexRow]  # by the text of `updated_at`, which the server sorts
    at: datetime | None  # the server's clock
