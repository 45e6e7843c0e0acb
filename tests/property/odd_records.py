"""Records that JSON can hold and no Stash ever told, put into a demo's true answers."""

import json
import re
from collections.abc import Mapping
from typing import Any

import httpx2
import msgspec
from hypothesis import strategies as st

from syncapp.demo import Library
from tests.property.wire import Wire


class Told:
    """Raw JSON; it may be long, and is told in short."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def __repr__(self) -> str:
        more = f", of {len(self.text)} bytes" if len(self.text) > SHOWN else ""
        return f"Told({self.text[:SHOWN]!r}{more})"


Fields = Mapping[str, Told]  # of some fields of a record
Odd = Mapping[tuple[str, int], Fields]  # by kind ("scenes") and id
STAMPS = ("created_at", "updated_at")
FIELDS = {
    "tags": (
        *("name", "sort_name", "description", "aliases", "favorite", "stash_ids"),
        *("parents", *STAMPS),
    ),
    "studios": (
        *("name", "urls", "details", "aliases", "rating100", "stash_ids", "tags"),
        *("parent_studio", *STAMPS),
    ),
    "performers": (
        *("name", "disambiguation", "urls", "gender", "birthdate", "alias_list"),
        *("rating100", "favorite", "stash_ids", "tags", *STAMPS),
    ),
    "scenes": (
        *("title", "code", "details", "date", "rating100", "organized", "urls"),
        *("o_counter", "play_count", "play_duration", "resume_time", "tags"),
        *("last_played_at", "studio", "performers", "stash_ids", "files", *STAMPS),
    ),
}
FILE = {"id": "900", "path": "/films/Reef.mkv", "fingerprints": []}
WHOLE = re.compile(rb"fragment Whole on (\w+)")
SHOWN = 80  # bytes
KEYS = ("id", "path", "size", "width", "duration", "type", "value", "endpoint", "x")


class OddWire(Wire):
    """Tells some records otherwise than the library has them."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.odd: Odd = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = super().handle_request(request)
        if b"__schema" in request.content:
            return answer
        told = msgspec.json.decode(answer.content, type=dict[str, msgspec.Raw])
        if bytes(told["data"]) == b"null":
            return answer
        roots = msgspec.json.decode(told["data"], type=dict[str, msgspec.Raw])
        whole = WHOLE.search(request.content)
        kind = f"{whole[1].decode().lower()}s" if whole else ""
        data = {name: self._root(root, kind) for name, root in roots.items()}
        return httpx2.Response(
            200,
            content=msgspec.json.encode({**told, "data": data}),
            headers={"date": answer.headers["date"]},
        )

    def _root(self, root: msgspec.Raw, kind: str) -> Any:
        """Return a root with what is told oddly; with a `kind` it is one record."""
        if bytes(root) == b"null":
            return root
        if kind:
            return self._record(kind, root)
        parts = msgspec.json.decode(root, type=dict[str, msgspec.Raw])
        return {
            name: [self._record(name, one) for one in _items(part)]
            if name in FIELDS
            else part
            for name, part in parts.items()
        }

    def _record(self, kind: str, raw: msgspec.Raw) -> dict[str, msgspec.Raw]:
        fields = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        number = int(msgspec.json.decode(fields["id"]))
        told = self.odd.get((kind, number), {})
        return {
            name: msgspec.Raw(told[name].text) if name in told else held
            for name, held in fields.items()
        }


def _items(raw: msgspec.Raw) -> list[msgspec.Raw]:
    return msgspec.json.decode(raw, type=list[msgspec.Raw])


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _unescaped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def odd_records(most: int, counts: Mapping[str, int]) -> st.SearchStrategy[Odd]:
    """Return a strategy of up to `most` records, whose kinds have so many ids."""
    text = st.text(max_size=12) | st.sampled_from(
        ["\0", "a\0b", "\ud800", "x" * 200, "0001-01-01T00:00:00+14:00", "2024"]
    )
    long = st.integers(3_000, 110_000).map(
        lambda size: "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(size))
    )
    numbers = st.sampled_from([2**31, -(2**31) - 1, 2**63, 10**30, 10**5_000, -1, 0])
    floats = st.floats() | st.sampled_from([1e301, -1e301, 5e-324, 0.1])
    plain = st.none() | st.booleans() | st.integers() | numbers | floats | text | long
    value = st.recursive(
        plain,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
            | st.fixed_dictionaries({"id": st.sampled_from(["1", "2", "999", "0"])})
            | inner.map(lambda one: [{**FILE, "size": one, "path": str(one)[:5_000]}])
        ),
        max_leaves=4,
    )
    garbled = st.binary(max_size=8).map(
        lambda some: b'"' + some.translate(None, b'"\\') + b'"'
    )
    told = value.map(_json) | value.map(_unescaped) | garbled
    record = st.sampled_from(list(FIELDS)).flatmap(
        lambda kind: st.tuples(
            st.tuples(st.just(kind), st.integers(1, counts[kind])),
            st.dictionaries(st.sampled_from(FIELDS[kind]), told.map(Told), max_size=4),
        )
    )
    return st.lists(record, min_size=most // 2, max_size=most).map(dict)
