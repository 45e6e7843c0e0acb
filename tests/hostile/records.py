"""What records may hold: times, texts, numbers, references."""

from typing import Any

from tests.hostile.behaviour import OK, TAG_3, Behaviour, mended, skipped
from tests.hostile.orders import (
    TAG,
    Json,
    Order,
    body,
    file,
    library,
    listed,
    number,
    of,
    record,
    stamps_of,
)


def at(**stamps: Any) -> Order:
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
    mended("a file that scene 10 has", file(id="40"), ""),
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
