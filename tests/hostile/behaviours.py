"""The table: what a source may do wrong, how the sync has to end, what may differ."""

from dataclasses import dataclass
from typing import Any

import msgspec

from syncapp.demo import DemoServer
from tests.hostile.orders import (
    SCENE,
    TAG,
    Json,
    Order,
    body,
    bomb,
    both,
    count,
    file,
    instead,
    library,
    listed,
    more_types,
    number,
    of,
    record,
    reply,
    schema,
    stamps_of,
    status,
    title,
)

OK = "succeeded"
SCENE_7 = frozenset({f"Scene {SCENE}"})
TAG_3 = frozenset({f"Tag {TAG}"})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Behaviour:
    name: str
    order: Order
    end: str = OK  # the job's status, or the code of its error
    differs: frozenset[str] = NONE  # records that may differ until a good sync
    said: str = ""  # in the job's log or in its error
    patience_s: float = 20  # of the client


def skipped(name: str, order: Order, said: str = "Scene 7 ") -> Behaviour:
    return Behaviour(name, order, OK, SCENE_7, said)


def mended(name: str, order: Order, said: str = "Scene 7 was mended: ") -> Behaviour:
    return Behaviour(name, order, OK, SCENE_7, said)


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
    mended("a record with an odd id", record(id="seven"), "no usable id"),
    mended("an id beyond 40 bits", record(id=str(10**13)), "no usable id"),
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
    Behaviour("a null among rows", nulls("SceneIndex"), said="no usable id"),
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


def at(**stamps: str | None) -> Order:
    return record(where=stamps_of("Scene"), **stamps)


def dated(told: str) -> Order:
    return body(bytes, headers={"date": told})


TIMES = [
    mended("an updated_at that is null", at(updated_at=None), ""),
    mended("one that is empty", at(updated_at=""), ""),
    mended("one in words", at(updated_at="yesterday"), ""),
    mended("one of 20,000 letters", at(updated_at="x" * 20_000), "updated_at was cut"),
    mended("one of year 1", at(updated_at="0001-01-01T00:00:00Z"), ""),
    mended("one before year 1", at(updated_at="0001-01-01T00:00:00+14:00"), ""),
    mended("one of year 9999", at(updated_at="9999-12-31T23:59:59-14:00"), ""),
    mended("one in a zone of 99 hours", at(updated_at="2024-01-01T00:00:00+99:99"), ""),
    skipped("no time at all", at(created_at=None, updated_at=""), "no usable time"),
    mended("a file's time in words", file(mod_time="long ago"), ""),
    mended("a play in year 0", record(last_played_at="0000-00-00T00:00:00Z"), ""),
    Behaviour("a clock in words", dated("noon")),
    Behaviour("a clock in the year 9999", dated("Fri, 31 Dec 9999 23:59:59 -1400")),
]


def unpackable(letters: int) -> str:
    """Return a text that PostgreSQL cannot make small enough for an index."""
    return "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(letters))


TEXTS = [
    Behaviour(
        "a name of 5,000 bytes", record("Tag", TAG, name=unpackable(5_000)), OK, TAG_3
    ),
    Behaviour(
        "a name of 200,000 letters",
        record("Tag", TAG, name=unpackable(200_000)),
        OK,
        TAG_3,
        "name was cut",
    ),
    mended("a path of 4,000", file(path="/" + unpackable(4_000)), ""),
    mended("a date of 20,000 letters", record(date=unpackable(20_000)), "is no date"),
    mended("a title of 20,000", record(title=unpackable(20_000)), ""),
    mended("details of 10 MB", record(details="tide " * 2_000_000), "details was cut"),
    skipped(
        "a record of 40 MB",
        record(where=of("Scene"), details="x" * 40_000_000),
        "32 MiB",
    ),
    Behaviour(
        "all details of 2 MB",
        listed(
            lambda root: [s.update(details="x" * 2_000_000) for s in root["scenes"]],
            where=lambda seen: seen.operation in {"ScenePage", "ScenesByIds"},
        ),
        OK,
        frozenset(f"Scene {n}" for n in range(1, 41)),
        "details was cut",
    ),
    mended("60,000 addresses", record(urls=["https://a.example"] * 60_000), "urls was"),
    mended(
        "60,000 fingerprints",
        file(
            fingerprints=[{"type": "md5", "value": f"{n:032x}"} for n in range(60_000)]
        ),
        "fingerprints was cut",
    ),
    mended("an address of 1 MB", record(urls=["x" * 1_000_000]), "urls was cut"),
    Behaviour(
        "a version of 10 MB",
        library(lambda one: setattr(one, "server_version", "7" * 10_000_000)),
    ),
    Behaviour(
        "a version with NUL",
        library(lambda one: setattr(one, "server_version", "v0\0.30")),
    ),
]
NUMBERS = [
    mended("a counter beyond 32 bits", number("play_count", b"2147483648"), "play_c"),
    mended("a rating below 32 bits", number("rating100", b"-1099511627776"), "rating"),
    mended("a size beyond 64 bits", file(size=2**63), "size is beyond"),
    mended("a width beyond 32 bits", file(width=2**31), "width is beyond"),
    mended("a rate of 10^301", file(frame_rate=1e301), "frame_rate is beyond"),
    mended("a length below all", file(duration=5e-324), ""),
    skipped("a rating that is true", record(rating100=True), "rating100"),
    skipped("a rating of a half", record(rating100=0.5), "rating100"),
]


def refs(*ids: Any) -> list[Json]:
    return [{"id": str(one)} for one in ids]


def many_files(files: int, times: int = 1) -> Order:
    made = [
        {"id": str(500_000 + n // times), "path": f"/films/{n}.mkv", "fingerprints": []}
        for n in range(files)
    ]
    return record(files=made)


REFERENCES = [
    mended("a tag that is not there", record(tags=refs(1, 999)), ""),
    skipped("a tag whose id is none", record(tags=refs("x")), "tags"),
    skipped("a tag with the id 0", record(tags=refs(0)), "tags"),
    mended("a tag twice", record(tags=refs(2, 2, 2)), ""),
    mended("3,000 tags that are not there", record(tags=refs(*range(900, 3_900))), ""),
    mended("a studio that is not there", record(studio={"id": "999"}), ""),
    mended("no files", record(files=[]), ""),
    mended("a file twice", many_files(3, 3), ""),
    mended("33,500 files", many_files(33_500), ""),
    Behaviour(
        "a tag that is its own parent", record("Tag", TAG, parents=refs(TAG)), OK, TAG_3
    ),
    Behaviour(
        "a parent that is not there", record("Tag", TAG, parents=refs(999)), OK, TAG_3
    ),
    Behaviour(
        "a studio that is its own parent",
        record("Studio", 2, parent_studio={"id": "2"}),
        OK,
        frozenset({"Studio 2"}),
    ),
]
SCHEMA = [
    Behaviour("60,000 types", more_types(60_000, 3), "not_stash", said="as Stash does"),
    Behaviour("a type of 300,000 fields", more_types(1, 300_000), "not_stash"),
    Behaviour("no types", schema(types=[]), "incompatible", said="lacks"),
    Behaviour("types without names", schema(types=[{"name": None}]), "not_stash"),
    Behaviour("no mutations", schema(mutationType=None)),
]
BROKEN = "the requested element is null which the schema does not allow"


def errors(*told: Any) -> bytes:
    return msgspec.json.encode({"errors": list(told), "data": None})


def drip(demo: DemoServer) -> None:
    demo.faults.drip(piece=4_000, pause_s=0.005, times=3, operation="ScenePage")


def locked(demo: DemoServer) -> None:
    demo.faults.locked(times=99, operation="SceneIndex")


def hang(demo: DemoServer) -> None:
    demo.faults.hang(times=99, operation="SceneIndex")


HTTP = [
    Behaviour("500 for ever", status(500), "unreachable"),
    Behaviour("500 once", status(500, times=1)),
    Behaviour("503 for whole pages", status(503, operation="ScenePage")),
    Behaviour("429 for ever", status(429), "unreachable"),
    Behaviour("401", status(401), "key_refused"),
    Behaviour("403", status(403), "key_refused"),
    Behaviour("404", status(404), "not_stash"),
    Behaviour("418", status(418), "not_stash"),
    Behaviour("the sign-in page", lambda d: d.faults.login(times=99), "key_refused"),
    Behaviour(
        "another address",
        reply(302, b"", {"location": "http://x.example/"}),
        "not_stash",
    ),
    Behaviour("a web page", lambda demo: demo.faults.html(times=99), "not_stash"),
    Behaviour("a drip", drip),
    Behaviour("silence", hang, "timed_out", patience_s=0.3),
    Behaviour("a drop", lambda d: d.faults.drop(times=99), "unreachable"),
    Behaviour(
        "a drop in the middle",
        lambda d: d.faults.drop(sent=500, times=2, operation="ScenePage"),
    ),
    Behaviour("locked for ever", locked, "busy"),
    Behaviour("locked once", lambda d: d.faults.locked(operation="ScenePage")),
    Behaviour(
        "an error for every page",
        lambda demo: demo.faults.error(BROKEN, times=999, operation="ScenePage"),
    ),
    Behaviour(
        "errors of another form",
        reply(200, errors(5, None, {"message": 7})),
        "not_stash",
    ),
    Behaviour(
        "100,000 errors",
        reply(200, errors(*[{"message": "no"}] * 100_000), operation="ScenePage"),
    ),
    Behaviour(
        "an error of 5 MB",
        reply(200, errors({"message": "no " * 1_700_000}), operation="ScenePage"),
    ),
    Behaviour(
        "64 MB", reply(200, b'{"data":"' + b"x" * 64_000_000), "answer_too_large"
    ),
    Behaviour(
        "one scene that Stash cannot tell",
        library(lambda one: one.spoil("scene", SCENE, "title", BROKEN)),
        OK,
        SCENE_7,
        "Scene 7 could not be read",
    ),
]
TABLE = {
    "bytes": BYTES,
    "JSON": JSON,
    "totals": TOTALS,
    "pages": PAGES,
    "times": TIMES,
    "texts": TEXTS,
    "numbers": NUMBERS,
    "references": REFERENCES,
    "schema": SCHEMA,
    "HTTP": HTTP,
}
