"""What may be wrong with the bytes and the JSON of answers, with lists and totals."""

import msgspec

from syncapp.demo import DemoServer
from tests.hostile.behaviour import Behaviour, mended, skipped
from tests.hostile.orders import (
    Json,
    Order,
    body,
    bomb,
    both,
    count,
    file,
    instead,
    listed,
    number,
    of,
    record,
    status,
    title,
)

BYTES = [
    mended("a byte that is no UTF-8", title(b'"Reef \xff"'), ""),
    mended("that and a NUL", title(rb'"Reef ' + b"\xff" + rb'\u0000"')),
    mended("a NUL", title(rb'"Reef\u0000"'), "title lost its NUL"),
    mended("a raw NUL", title(b'"Reef \0"'), ""),
    mended("a raw line end", title(b'"Reef\nat Dawn"'), ""),
    mended("a character in too many bytes", title(b'"Reef \xc0\x80"'), ""),
    mended("half a pair in bytes", title(b'"Reef \xed\xa0\x80"'), ""),
    mended("half a character", title(b'"Reef \xf0\x9f"'), ""),
    mended("half a pair", title(rb'"Reef \ud800"'), ""),
    mended("a pair turned round", title(rb'"Reef \udc00\ud800"'), ""),
    Behaviour("a mark before the answer", body(lambda t: b"\xef\xbb\xbf" + t)),
    Behaviour("NULs behind the answer", body(lambda text: text + b"\0" * 9)),
    Behaviour(
        "UTF-16", body(lambda t: t.decode().encode("utf-16")), "not_stash", said="never"
    ),
    Behaviour("a bomb", bomb(400), "answer_too_large", said="32 MiB"),
]
JSON = [
    mended("NaN", number("rating100", b"NaN"), "rating100 is beyond"),
    mended("Infinity", number("play_duration", b"-Infinity"), "play_duration is"),
    mended("1e999", number("resume_time", b"1e999"), "resume_time is beyond"),
    mended("a number of 5,000 digits", number("o_counter", b"9" * 5_000), "o_counter"),
    skipped("a record that is no JSON", title(b'"a" "b"'), "JSON that is broken"),
    Behaviour(
        "pages that break off",
        body(lambda text: text[: len(text) // 2], operation="ScenePage"),
    ),
    Behaviour("all breaks off", body(lambda t: t[: len(t) // 2]), "bad_answer"),
    Behaviour("something behind the answer", body(lambda t: t + b"x"), "bad_answer"),
    Behaviour("the answer twice", body(lambda text: text * 2), "bad_answer"),
    skipped("deep nesting", title(b"[" * 5_000 + b"]" * 5_000), "Scene 7"),
    skipped("100,000 levels", title(b"[" * 100_000 + b"]" * 100_000), "Scene 7"),
    Behaviour(
        "a key twice",
        body(
            lambda t: t.replace(b'"title":', b'"title":"x","title":'), where=of("Scene")
        ),
    ),
    Behaviour("null", instead(b'{"data":null}'), "not_stash"),
    Behaviour("a list", instead(b"[]"), "not_stash"),
    Behaviour("nothing", instead(b""), "not_stash"),
    Behaviour("data that is a list", instead(b'{"data":[]}'), "not_stash"),
    skipped("a title that is a number", title(b"5"), "Expected `str"),
    skipped("tags that are a text", record(tags="sea"), "tags"),
    skipped("a tag that is null", record(tags=[None]), "tags"),
    skipped("a file without a path", file(path=None), "path"),
    skipped("a record without an id", record(where=of("Scene"), id=None), ""),
    skipped("a record with an odd id", record(id="seven"), "no usable id", 2),
    skipped("an id beyond 40 bits", record(id=str(10**13)), "no usable id", 2),
]


def growing() -> Order:
    told = iter(range(1_000, 10**9, 1_000))

    def change(root: Json) -> None:
        if "count" in root:
            root["count"] = next(told)

    return listed(change)


TOTALS = [
    Behaviour(
        "a count of 10^30",
        body(lambda text: text.replace(b'"count":', b'"count":' + b"1" + b"0" * 29)),
    ),
    Behaviour("a count of 10^18", count(10**18)),
    Behaviour(
        "a count of 5,000 digits",
        body(lambda text: text.replace(b'"count":', b'"count":' + b"9" * 5_000)),
    ),
    Behaviour("a count below nothing", count(-1)),
    Behaviour("no count", count(None)),
    Behaviour("a count in words", count("many")),
    Behaviour("a count that is too low", count(0)),
    Behaviour("a count that is too high", count(4_000), said="counts 4000"),
    Behaviour("a count that grows", growing(), said="The next sync looks again."),
]


def endless(demo: DemoServer) -> None:
    """List a thousand more scenes with each request."""

    def change(text: bytes) -> bytes:
        rows = msgspec.json.decode(text)["data"]["findScenes"]["scenes"]
        first = int(rows[-1]["id"]) + 1 if rows else endless_from[0]
        endless_from[0] = first + 1_000
        made = [
            {
                "id": str(n),
                "created_at": "2024-01-01T00:00:00Z",
                "updated_at": "2024-01-01T00:00:00Z",
            }
            for n in range(first, first + 1_000)
        ]
        return msgspec.json.encode({"data": {"findScenes": {"scenes": made}}})

    endless_from = [1]
    demo.faults.alter(change, operation="SceneIndex")


def empty(operation: str, times: int) -> Order:
    return listed(lambda root: root.update(scenes=[]), operation=operation, times=times)


def shuffled(operation: str) -> Order:
    return listed(lambda root: root["scenes"].reverse(), operation=operation)


def twice(operation: str) -> Order:
    return listed(
        lambda root: root.update(scenes=[root["scenes"][0], *root["scenes"]]),
        operation=operation,
    )


def nulls(operation: str) -> Order:
    return listed(lambda root: root["scenes"].insert(3, None), operation=operation)


PAGES = [
    Behaviour("an index without end", endless, "bad_answer", said="without end"),
    Behaviour("an empty index", empty("SceneIndex", 9), said="are there"),
    Behaviour("an empty page", empty("ScenePage", 1)),
    Behaviour("pages that are all empty", empty("ScenePage", 999)),
    Behaviour("an index turned round", shuffled("SceneIndex"), "bad_answer"),
    Behaviour("a page turned round", shuffled("ScenePage"), "bad_answer"),
    Behaviour("a row twice", twice("SceneIndex"), "bad_answer", said="or twice"),
    Behaviour("a null among rows", nulls("SceneIndex"), said="no usable id", skipped=1),
    Behaviour("a null among records", nulls("ScenePage")),
    Behaviour(
        "a list that is null",
        listed(lambda root: root.update(scenes=None), operation="SceneIndex"),
        "bad_answer",
    ),
    Behaviour(
        "rows without times",
        listed(
            lambda r: [s.pop("updated_at") for s in r["scenes"]], operation="SceneIndex"
        ),
        "bad_answer",
    ),
    Behaviour(
        "records that were not asked for",
        both(
            status(500, operation="ScenePage"),
            listed(
                lambda r: [s.update(id="9") for s in r["scenes"]],
                operation="ScenesByIds",
            ),
        ),
        "bad_answer",
    ),
]
