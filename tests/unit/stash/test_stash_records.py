"""Records are decoded whole or refused by name; never half, never with a crash."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncapp.stash.bounds import TEXT
from syncapp.stash.errors import BadRecord
from syncapp.stash.records import (
    Fingerprint,
    Ref,
    StashId,
    decode_performer,
    decode_scene,
    decode_studio,
    decode_tag,
)

STAMPS = {
    "created_at": "2024-01-02T03:04:05+01:00",
    "updated_at": "2024-01-02T03:04:06Z",
}
TAG = {"id": "12", "name": "Kelp", **STAMPS}


def raw(values: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(values))


def test_a_tag_is_decoded_with_all_its_values() -> None:
    tag, mended = decode_tag(
        raw(
            {
                **TAG,
                "sort_name": "kelp 1",
                "description": "Brown algae",
                "aliases": ["Seaweed"],
                "ignore_auto_tag": True,
                "favorite": True,
                "stash_ids": [{"endpoint": "https://box.example", "stash_id": "a-1"}],
                "parents": [{"id": "3"}, {"id": "4"}],
                "from_the_future": {"is": "ignored"},
            }
        )
    )

    assert mended == ()
    assert (tag.id, tag.name, tag.sort_name) == ("12", "Kelp", "kelp 1")
    assert (tag.description, tag.aliases) == ("Brown algae", ("Seaweed",))
    assert (tag.ignore_auto_tag, tag.favorite) == (True, True)
    assert tag.stash_ids == (StashId("https://box.example", "a-1"),)
    assert tag.parents == (Ref("3"), Ref("4"))
    assert tag.updated_at == "2024-01-02T03:04:06Z"


def test_null_and_absent_are_the_same() -> None:
    nulls = dict.fromkeys(
        ["title", "date", "organized", "urls", "tags", "files", "studio", "rating100"]
    )

    scene = decode_scene(raw({"id": "1", **STAMPS, **nulls})).record

    assert scene == decode_scene(raw({"id": "1", **STAMPS})).record
    assert (scene.title, scene.date, scene.organized) == ("", "", False)
    assert (scene.urls, scene.tags, scene.files) == ((), (), ())
    assert (scene.studio, scene.rating100, scene.play_count) == (None, None, None)


def test_a_scene_holds_its_files_with_fingerprints() -> None:
    file = {
        "id": "9",
        "path": "/films/Reef.mkv",
        "basename": None,
        "size": 2**40,
        "duration": 61,
        "fingerprints": [{"type": "oshash", "value": "00ff"}],
    }

    scene = decode_scene(
        raw({"id": "1", **STAMPS, "date": "2011-04", "files": [file]})
    ).record

    (decoded,) = scene.files
    assert scene.date == "2011-04"
    assert (decoded.path, decoded.basename, decoded.size) == (file["path"], "", 2**40)
    assert (decoded.duration, decoded.width) == (61.0, None)
    assert decoded.fingerprints == (Fingerprint("oshash", "00ff"),)


def test_a_file_whose_name_is_not_utf_8_is_mirrored() -> None:
    text = msgspec.json.encode({"id": "1", **STAMPS, "title": "Dune ?"})

    scene = decode_scene(msgspec.Raw(text.replace(b"?", b"\xe9"))).record

    assert scene.title == "Dune \ufffd"


def test_the_sites_of_an_old_performer_become_urls() -> None:
    old = {"url": "https://a.example", "twitter": "", "instagram": "https://c.example"}

    performer = decode_performer(
        raw({"id": "2", "name": "Ann", **STAMPS, **old})
    ).record

    assert performer.urls == ("https://a.example", "https://c.example")


def test_the_urls_of_a_new_studio_win_over_its_old_one() -> None:
    both = {"url": "https://old.example", "urls": ["https://new.example"]}

    studio = decode_studio(raw({"id": "2", "name": "Reel", **STAMPS, **both})).record

    assert studio.urls == ("https://new.example",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": 4}, r"^Tag 12 is not in a form that we know: Expected `str`"),
        ({"name": None}, "Tag 12 .*name"),
        ({"aliases": "Seaweed"}, "Tag 12 .*aliases"),
        ({"parents": [{"id": "x"}]}, "Tag 12 .*parents"),
        ({"parents": [{"id": str(10**13)}]}, "Tag 12 .*parents"),
        ({"created_at": 5}, "Tag 12 .*created_at"),
        ({"id": "twelve"}, "^A tag without a usable id is not in a form"),
        ({"id": 12}, "^A tag without a usable id"),
        ({"id": "0"}, "^A tag without a usable id"),
        ({"id": "-1"}, "^A tag without a usable id"),
        ({"id": "1_0"}, "^A tag without a usable id"),
        ({"id": "12\n"}, "^A tag without a usable id"),
        ({"id": "\u0661\u0662"}, "^A tag without a usable id"),
    ],
)
def test_a_record_of_another_form_is_refused_by_name(
    change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadRecord, match=reason) as info:
        decode_tag(raw({**TAG, **change}))

    assert str(info.value).endswith("It was left as it is.")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (b'"play_count": 2147483648', "play_count"),
        (b'"rating100": -1099511627776', "rating100"),
        (b'"o_counter": ' + b"9" * 5_000, "o_counter"),
        (b'"play_duration": 1e999', "play_duration"),
        (b'"files": [{"id": "1", "path": "/a", "size": 9223372036854775808}]', "size"),
        (b'"files": [{"id": "1", "path": "/a", "width": 2147483648}]', "width"),
        (b'"files": [{"id": "1", "path": "/a", "frame_rate": -1e301}]', "frame_rate"),
    ],
    ids=["play_count", "rating", "digits", "1e999", "size", "width", "frame rate"],
)
def test_a_number_that_no_column_holds_is_left_out_and_told(
    text: bytes, field: str
) -> None:
    whole = msgspec.json.encode({"id": "1", "title": "Reef", **STAMPS})

    scene, mended = decode_scene(whole[:-1] + b", " + text + b"}")

    assert (scene.title, mended) == (
        "Reef",
        (f"{field} is beyond what can be kept and was left out",),
    )
    assert getattr(scene.files[0] if scene.files else scene, field) is None


@pytest.mark.parametrize(
    ("change", "field", "value", "remark"),
    [
        ({"title": "a\0b"}, "title", "ab", "title lost its NUL characters"),
        ({"title": "x" * (TEXT + 1)}, "title", "x" * TEXT, "title was cut to 100,000"),
        ({"date": "May " * 5_000}, "date", "", "date is no date and was left out"),
        ({"urls": ["u"] * 50_001}, "urls", ("u",) * 50_000, "urls was cut to 50,000"),
        ({"updated_at": "9" * 65}, "updated_at", "9" * 64, "updated_at was cut to 64"),
    ],
    ids=["NUL", "long text", "long date", "long list", "long time"],
)
def test_what_is_too_long_is_cut_and_told(
    change: dict[str, Any], field: str, value: Any, remark: str
) -> None:
    scene, (told,) = decode_scene(raw({"id": "1", **STAMPS, **change}))

    assert getattr(scene, field) == value
    assert told.startswith(remark)


def test_a_record_without_time_stamps_is_decoded() -> None:
    tag, _ = decode_tag(raw({**TAG, "created_at": None, "updated_at": ""}))

    assert (tag.created_at, tag.updated_at) == ("", "")


def test_a_file_without_a_path_is_refused() -> None:
    with pytest.raises(BadRecord, match=r"Scene 1 .*path"):
        decode_scene(raw({"id": "1", **STAMPS, "files": [{"id": "1"}]}))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b'{"id": "12", ',
        b'{"id":"\xff"}',
        b'{"id":' + b"[" * 90_000,
    ],
    ids=["empty", "null", "list", "cut off", "no utf-8", "deep"],
)
def test_bytes_that_are_no_record_are_refused(text: bytes) -> None:
    with pytest.raises(BadRecord):
        decode_tag(msgspec.Raw(text))


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
anything = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "path", "type"]), inner, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = ["name", "title", "tags", "files", "urls", "rating100", "studio", "stash_ids"]


@pytest.mark.parametrize(
    "decode",
    [decode_tag, decode_studio, decode_performer, decode_scene],
    ids=["tag", "studio", "performer", "scene"],
)
# Its first draw loads tables of Unicode; a busy machine takes a second for that.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(values=st.dictionaries(st.sampled_from(FIELDS), anything))
def test_whatever_a_record_holds_it_is_decoded_or_refused(
    decode: Callable[[msgspec.Raw], Any], values: dict[str, Any]
) -> None:
    told, record = "", None
    try:
        record = decode(raw({"id": "1", "name": "n", **STAMPS, **values})).record
    except BadRecord as exc:
        told = str(exc)

    if told:
        assert " 1 is not in a form that we know: " in told
    else:
        assert record is not None
        assert record.id == "1"
        assert None not in (record.stash_ids, getattr(record, "tags", ()))
