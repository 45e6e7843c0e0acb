"""Makes values of a server's answers, or BadAnswer: lists, counts, ids."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn, TypeVar

import msgspec

from syncapp.stash import bounds
from syncapp.stash.answers import Answer
from syncapp.stash.documents import Entity
from syncapp.stash.errors import BadAnswer
from syncapp.stash.mending import unicode_again, whole_text
from syncapp.stash.records import Head, Id
from syncapp.stash.server import UNREADABLE
from syncapp.stash.shapes import IndexRow

T = TypeVar("T")

_NOTHING = msgspec.Raw(b"null")
FEW = 10  # records; if so many have no usable id, and no other has, it is the answer


class _Listed(msgspec.Struct):
    id: Id
    created_at: str | None
    updated_at: str | None


class _Identified(msgspec.Struct):
    id: Id


class _OddlyListed(msgspec.Struct):
    id: Id
    created_at: msgspec.Raw
    updated_at: msgspec.Raw


class Listed(NamedTuple):
    """What can be used of a list; `told` counts also what cannot."""

    rows: list[Any]
    told: int


class Sense:
    """What the answers of one server mean."""

    def __init__(self, url: str) -> None:
        self._url = url

    def part(self, answer: Answer, root: str, name: str) -> msgspec.Raw:
        """Return the raw list (or count) out of one root of the answer."""
        raw = answer.data.get(root) or _NOTHING
        return self.decoded(raw, dict[str, msgspec.Raw]).get(name, _NOTHING)

    def decoded(self, raw: msgspec.Raw, shape: type[T]) -> T:
        try:
            return _decoded(raw, shape)
        except UNREADABLE:
            self.refuse("in a form that Stash does not use")

    def count(self, raw: msgspec.Raw) -> int | None:
        """Return a number of records; None for one that cannot be true."""
        try:
            told = msgspec.json.decode(raw, type=int)
        except (*UNREADABLE, ValueError):  # of 5,000 digits
            return None
        return told if 0 <= told <= bounds.RECORDS else None

    def index_rows(self, raw: msgspec.Raw) -> Listed:
        """Return the rows of an index that have a usable id."""
        listed = _whole(raw, _Listed) or self._each(raw, _OddlyListed)
        rows = [
            IndexRow(int(row.id), _stamp(row.created_at), _stamp(row.updated_at))
            for row in listed.rows
        ]
        return Listed(rows, listed.told)

    def ids(self, raw: msgspec.Raw) -> Listed:
        """Return rows of an index without times: those differ from all that we have."""
        listed = self.each(raw, _Identified)
        return Listed(
            [IndexRow(int(row.id), "", "") for row in listed.rows], listed.told
        )

    def records(self, raw: msgspec.Raw) -> Listed:
        """Return the raw records that have a usable id, each with it."""
        told = self.decoded(raw, list[msgspec.Raw])
        rows = [(number, one) for one in told if (number := self.id_of(one))]
        return Listed(rows, len(told))

    def id_of(self, record: msgspec.Raw) -> int | None:
        try:
            return int(_decoded(record, Head).id)
        except UNREADABLE:
            return None

    def each(self, raw: msgspec.Raw, shape: type) -> Listed:
        """Return the items of a list that are of this shape, of one shape alone."""
        return _whole(raw, shape) or self._each(raw, shape)

    def _each(self, raw: msgspec.Raw, shape: type) -> Listed:
        """Return the items of a list that are of this shape; another costs itself."""
        told = self.decoded(raw, list[msgspec.Raw])
        rows: list[Any] = []
        for one in told:
            with suppress(*UNREADABLE):
                rows.append(_decoded(one, shape))
        return Listed(rows, len(told))

    def some(self, listed: Listed) -> Listed:
        """Return what was listed; nothing that can be used, of much, is refused."""
        if listed.told >= FEW and not listed.rows:
            self.refuse("in a form that Stash does not use")
        return listed

    def expected(self, record: msgspec.Raw, wanted: Sequence[int]) -> int:
        """Return the id of a record; one that was not asked for is refused."""
        number = self.id_of(record)
        if number is None:
            self.refuse("in a form that Stash does not use")
        if number not in wanted:
            self.refuse("with a record that we did not ask for")
        return number

    def ascending(self, entity: Entity, last: int, ids: Sequence[int]) -> int:
        """Return the last of `ids`; out of order, reading on might never end."""
        for number in ids:
            if number <= last:
                self.refuse(f"with {entity.name} out of order or twice")
            last = number
        return last

    def refuse(self, how: str) -> NoReturn:
        msg = (
            f"Stash at {self._url} answered {how}. Nothing of that answer was "
            "used. Check whether a proxy or a plugin changes its answers."
        )
        raise BadAnswer(msg)


def _whole(raw: msgspec.Raw, shape: type) -> Listed | None:
    """Return the items of a list if all are of this shape."""
    try:
        rows = msgspec.json.decode(raw, type=list[shape])  # type: ignore[valid-type]
        return Listed(rows, len(rows))
    except UNREADABLE:
        return None


def _stamp(told: str | msgspec.Raw | None) -> str:
    """Return a time as records have it after they were mended; "" for none."""
    text = told
    if isinstance(told, msgspec.Raw):
        try:
            text = _decoded(told, str)
        except UNREADABLE:
            text = ""
    return whole_text(str(text or ""))[: bounds.STAMP]


def _decoded(raw: msgspec.Raw, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=shape)
    except UnicodeDecodeError:
        return msgspec.json.decode(unicode_again(bytes(raw)), type=shape)
