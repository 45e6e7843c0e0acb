"""Mends what is plainly wrong with an answer or a record, so that the rest is read.

An answer is made JSON again: what writes it may let NaN, bytes of other encodings, raw
control characters and halves of pairs through. A record is made to fit its bounds.
"""

import json
import math
import re
from codecs import BOM_UTF8
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from msgspec import inspect

# Of one piece: a text, or a number that JSON does not know. A text without an end goes
# on to the last byte: to look for its end from every quote in it would take for ever.
_TOKEN = re.compile(
    rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[-+]?(?:NaN|Inf(?:inity)?)\b',
    re.DOTALL,
)
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
# A text that is too long is left out and not cut: half of it would tell nothing.
LEFT_OUT = {"too long": "left out"}
_NO_NUMBER = b"1e999"  # JSON, and of no column's range: its field is left out
_BLANKS = bytes.maketrans(b"\t\n\r", b"   ")
_UNSEEN = bytes(n for n in range(0x20) if n not in b"\t\n\r")
_LONGEST_NUMBER = 40  # digits; more are beyond every column


def mended_answer(body: bytes | bytearray) -> bytes:
    """Return `body` as the JSON that was meant, as far as that is plain."""
    plain = bytes(body).removeprefix(BOM_UTF8).translate(_BLANKS, _UNSEEN)
    pieces, end = [], 0
    for token in _TOKEN.finditer(plain):
        fresh = _mended_token(token[0])
        if fresh is not None:
            pieces += [plain[end : token.start()], fresh]
            end = token.end()
    return b"".join([*pieces, plain[end:]]) if pieces else plain


def _mended_token(token: bytes) -> bytes | None:
    """Return what stands for a token; None if it is as it should be."""
    if not token.startswith(b'"'):
        return _NO_NUMBER
    if not _HALF.search(token):
        return None
    return _ESCAPE.sub(lambda m: rb"\ufffd" if m["half"] else m[0], token)


def unicode_again(raw: bytes) -> bytes:
    """Return `raw` with a mark in the place of each byte that is no UTF-8."""
    return raw.decode(errors="replace").encode()


def whole_text(text: str) -> str:
    """Return `text` without the NUL characters, which PostgreSQL cannot store."""
    return text.replace("\0", "")


class Mended(NamedTuple):
    value: Any
    remarks: tuple[str, ...]  # what was done, each as a clause: "title was cut"


def mended_record(raw: bytes, shape: type) -> Mended:
    """Return the plain values of a record, made to fit the bounds of `shape`.

    What is of another type stays as it is. Raises ValueError or RecursionError for what
    is no JSON.
    """
    value = json.loads(raw.decode(errors="replace"), parse_int=_number)
    remarks: dict[str, None] = {}
    mender = _Mender(remarks.setdefault)
    fitting = mender.fit(value, _described(shape), "")
    return Mended(fitting, tuple(remarks))


_described = cache(inspect.type_info)  # it takes a millisecond


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) < _LONGEST_NUMBER else math.inf


class _Mender:
    """Walks through a value beside the type that it should have."""

    def __init__(self, remark: Callable[[str], object]) -> None:
        self._remark = remark
        number = inspect.IntType | inspect.FloatType
        self._menders: tuple[tuple[Any, Any, Callable[..., Any]], ...] = (
            (str, inspect.StrType, self._text),
            (int | float, number, self._in_range),
            (list, inspect.VarTupleType, self._items),
            (dict, inspect.StructType, self._fields),
        )

    def fit(self, value: Any, kind: inspect.Type, name: str) -> Any:
        """Return `value` within the bounds of `kind`; None is what has to be left out.

        `name` is the field's, for the remark.
        """
        if isinstance(kind, inspect.Metadata):
            whole = kind.extra == LEFT_OUT
            return (self._whole if whole else self.fit)(value, kind.type, name)
        if isinstance(kind, inspect.UnionType) and value is not None:
            (inner,) = (t for t in kind.types if not isinstance(t, inspect.NoneType))
            return self.fit(value, inner, name)
        for told, wanted, fit in self._menders:
            if isinstance(value, told) and isinstance(kind, wanted):
                return fit(value, kind, name)
        return value

    def _text(self, value: str, kind: inspect.StrType, name: str) -> str:
        plain = whole_text(value)
        if plain != value:
            self._remark(f"{name} lost its NUL characters")
        if kind.max_length is not None and len(plain) > kind.max_length:
            self._remark(f"{name} was cut to {kind.max_length:,} characters")
            return plain[: kind.max_length]
        return plain

    def _whole(self, value: Any, kind: inspect.Type, name: str) -> Any:
        """Return a text that is within its bounds, or None."""
        if not isinstance(value, str) or not isinstance(kind, inspect.StrType):
            return value
        plain = whole_text(value)
        if kind.max_length is not None and len(plain) > kind.max_length:
            self._remark(f"{name} is no date and was left out")
            return None
        return self._text(value, kind, name)

    def _items(
        self, value: list[Any], kind: inspect.VarTupleType, name: str
    ) -> list[Any]:
        items = value
        if kind.max_length is not None and len(value) > kind.max_length:
            self._remark(f"{name} was cut to {kind.max_length:,} items")
            items = value[: kind.max_length]
        return [self.fit(item, kind.item_type, name) for item in items]

    def _fields(
        self, value: dict[str, Any], kind: inspect.StructType, _: str
    ) -> dict[str, Any]:
        shapes = {field.encode_name: field.type for field in kind.fields}
        return {
            key: self.fit(held, shapes[key], key) if key in shapes else held
            for key, held in value.items()
        }

    def _in_range(
        self, value: float, kind: inspect.IntType | inspect.FloatType, name: str
    ) -> float | None:
        low = -math.inf if kind.ge is None else kind.ge
        high = math.inf if kind.le is None else kind.le
        if low <= value <= high:  # never true of NaN
            return value
        self._remark(f"{name} is beyond what can be kept and was left out")
        return None
