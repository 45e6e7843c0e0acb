"""Pictures that are made up: most objects have one, always the same, in true PNG."""

import struct
import zlib

import httpx2

from syncapp.demo import DemoServer
from syncapp.demo.drawing import HILLS, SHADES, drawn
from syncapp.demo.holdings import KINDS


def test_most_have_one_and_some_have_none(
    demo: DemoServer, http: httpx2.Client
) -> None:
    demo.library.draws = True
    paths = [f"/scene/{number}/screenshot" for number in range(1, 31)]

    kinds = [http.get(demo.url + path).headers["content-type"] for path in paths]

    assert kinds.count("image/png") == 26
    assert kinds.count("image/svg+xml") == 4


def test_what_was_added_has_none_until_one_is_uploaded(
    demo: DemoServer, http: httpx2.Client
) -> None:
    demo.library.draws = True
    number = demo.library.add("scene", title="Salt Marsh")
    address = f"{demo.url}/scene/{number}/screenshot"

    assert http.get(address).headers["content-type"] == "image/svg+xml"
    demo.library.pictures["scene", number] = ("image/jpeg", b"mine")
    assert http.get(address).content == b"mine"


def test_each_is_a_whole_png_and_always_the_same() -> None:
    for kind in KINDS:
        picture = drawn(kind, 12)
        drawn.cache_clear()

        assert drawn(kind, 12) == picture
        assert picture != drawn(kind, 13)
        check_png(picture)


def check_png(data: bytes) -> None:
    """Fail for what no reader of PNG would take."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        body = data[place + 4 : place + 8 + length]
        (told,) = struct.unpack_from(">I", data, place + 8 + length)
        assert zlib.crc32(body) == told
        chunks[body[:4]] = body[4:]
        place += 12 + length
    width, height = struct.unpack_from(">2I", chunks[b"IHDR"])
    rows = zlib.decompress(chunks[b"IDAT"])
    assert len(rows) == height * (width + 1)
    assert max(rows) < SHADES + HILLS == len(chunks[b"PLTE"]) // 3
