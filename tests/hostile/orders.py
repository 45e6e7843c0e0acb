"""What a demo server is made to do wrong; the words of the table of behaviours."""

import gzip
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from syncapp.demo import DemoServer
from syncapp.demo.faults import ALWAYS, Reply
from syncapp.demo.traffic import Seen

Order = Callable[[DemoServer], Any]
Json = dict[str, Any]

SCENE, TAG = 7, 3  # the ones that are told wrongly
TITLE = "Reef at Dawn"  # of that scene
MARK = msgspec.json.encode(TITLE)
KINDS = {"Scene": "scenes", "Tag": "tags", "Studio": "studios"}


def of(kind: str) -> Callable[[Seen], bool]:
    """Return what says whether whole records of this kind are asked for."""
    names = {f"{kind}Page", f"{kind}sByIds", f"{kind}OneByOne"}
    return lambda seen: seen.operation in names


def stamps_of(kind: str) -> Callable[[Seen], bool]:
    """Return what says whether times of this kind are asked for."""
    return lambda seen: seen.operation.startswith(kind)


def title(told: bytes) -> Order:
    """Put these bytes in the place of the title of the scene."""
    return body(lambda text: text.replace(MARK, told), where=of("Scene"))


def body(change: Callable[[bytes], bytes], **asked: Any) -> Order:
    return lambda demo: demo.faults.alter(change, **asked)


def instead(told: bytes, **asked: Any) -> Order:
    """Send other bytes than the true ones."""
    return body(lambda _: told, **asked)


def listed(
    change: Callable[[Json], Any], *, times: int = ALWAYS, **asked: Any
) -> Order:
    """Change each root of an answer: what holds the list, or its count."""

    def changed(text: bytes) -> bytes:
        told = msgspec.json.decode(text)
        for root in (told.get("data") or {}).values():
            if isinstance(root, dict):
                change(root)
        return msgspec.json.encode(told)

    return lambda demo: demo.faults.alter(changed, times=times, **asked)


def record(
    kind: str = "Scene", number: int = SCENE, *, where: Any = None, **fields: Any
) -> Order:
    """Tell these values of one record, wherever it is told."""
    return body(_patching(fields, number), where=where or stamps_of(kind))


def _patching(fields: Json, number: int) -> Callable[[bytes], bytes]:
    def patched(value: Any) -> Any:
        if isinstance(value, list):
            return [patched(item) for item in value]
        if not isinstance(value, dict):
            return value
        if value.get("id") == str(number) and "created_at" in value:
            return value | {n: told for n, told in fields.items() if n in value}
        return {name: patched(held) for name, held in value.items()}

    return lambda text: msgspec.json.encode(patched(msgspec.json.decode(text)))


def number(field: str, told: bytes) -> Order:
    """Write this in the place of a number of the scene."""
    marked = _patching({field: "its place"}, SCENE)
    return body(
        lambda text: marked(text).replace(b'"its place"', told), where=of("Scene")
    )


def file(**fields: Any) -> Order:
    """Tell these values of the first file of the scene."""

    def change(root: Json) -> None:
        for scene in root.get("scenes", [root]):
            if isinstance(scene, dict) and scene.get("id") == str(SCENE):
                scene["files"][0] |= fields

    return listed(change, where=of("Scene"))


def count(told: Any) -> Order:
    def change(root: Json) -> None:
        if "count" in root:
            root["count"] = told

    return listed(change)


def status(code: int, *, times: int = ALWAYS, **asked: Any) -> Order:
    return lambda demo: demo.faults.status(code, times=times, **asked)


def reply(
    code: int, text: bytes = b"", headers: Mapping[str, str] | None = None, **asked: Any
) -> Order:
    given = {"times": ALWAYS, **asked}
    return lambda demo: demo.faults.order(Reply(code, text, headers or {}), **given)


def bomb(mib: int) -> Order:
    """Send many bytes packed into few."""
    packed = gzip.compress(b"\0" * (mib * 2**20))
    return reply(200, packed, {"content-encoding": "gzip"})


def schema(**changes: Any) -> Order:
    """Change what the server tells of its schema."""

    def change(text: bytes) -> bytes:
        told = msgspec.json.decode(text)
        told["data"]["__schema"] |= changes
        return msgspec.json.encode(told)

    return body(change, operation="Handshake")


def more_types(types: int, fields: int) -> Order:
    """Add types to the schema."""

    def change(text: bytes) -> bytes:
        told = msgspec.json.decode(text)
        told["data"]["__schema"]["types"] += [
            {"name": f"T{n}", "fields": [{"name": f"f{m}"} for m in range(fields)]}
            for n in range(types)
        ]
        return msgspec.json.encode(told)

    return body(change, operation="Handshake")


def library(change: Callable[[Any], Any]) -> Order:
    return lambda demo: change(demo.library)


def both(*orders: Order) -> Order:
    def give(demo: DemoServer) -> None:
        for order in orders:
            order(demo)

    return give
