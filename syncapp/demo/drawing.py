"""Pictures that are made up: three rows of hills below a sky."""

import math
import struct
import zlib
from functools import lru_cache

Colour = tuple[int, int, int]
SCENE, PORTRAIT = (480, 270), (240, 360)  # width and height
HILLS = 3
DARK: Colour = (30, 40, 44)
SHADES = 64  # of the sky, from its top to the horizon
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((70, 104, 138), (214, 206, 186)),
    ((52, 84, 92), (196, 206, 176)),
    ((98, 88, 122), (228, 190, 164)),
    ((60, 70, 84), (168, 178, 184)),
    ((120, 104, 84), (232, 216, 180)),
    ((44, 92, 104), (180, 212, 204)),
)
EMPTY = {"scene": 7, "performer": 5, "tag": 2, "studio": 3}  # each such one has none


def is_drawn(kind: str, number: int) -> bool:
    """Return whether this object has a picture; some have none, as in any library."""
    return number % EMPTY[kind] != 0


@lru_cache(maxsize=64)
def drawn(kind: str, number: int) -> bytes:
    """Return the picture of an object as PNG; always the same."""
    width, height = PORTRAIT if kind == "performer" else SCENE
    columns = [_hills(x / width, number, height) for x in range(width)]
    return _png(height, number, columns)


def _hills(place: float, number: int, height: int) -> list[int]:
    """Return where each row of hills begins in a column, the farthest first."""
    tops = []
    for row in range(HILLS):
        phase = number * (1.7 + row) + row * 2.1
        wave = (
            math.sin(place * (4 + 2 * row) + phase) + math.sin(place * 11 + phase) / 3
        )
        tops.append(int(height * (0.5 + 0.15 * row + 0.07 * wave)))
    return tops


def _png(height: int, number: int, columns: list[list[int]]) -> bytes:
    """Return the picture of a sky with what begins before it in each column."""
    strips = _strips(height)
    painted = (_column(tops, strips) for tops in columns)
    rows = b"".join(b"\0" + bytes(row) for row in zip(*painted, strict=True))
    # Eight bits a pixel, each the number of a colour in the palette.
    head = struct.pack(">2I5B", len(columns), height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", head),
            _chunk(b"PLTE", _palette(number)),
            _chunk(b"IDAT", zlib.compress(rows, 6)),
            _chunk(b"IEND", b""),
        )
    )


def _strips(height: int) -> list[bytes]:
    """Return the colours of a whole column of sky, and of each row of hills."""
    end = height * 6 // 10  # the horizon; what is below stands behind hills
    sky = bytes(min(y * SHADES // end, SHADES - 1) for y in range(height))
    return [sky, *(bytes([SHADES + row]) * height for row in range(HILLS))]


def _column(tops: list[int], strips: list[bytes]) -> bytes:
    painted = strips[0]
    for top, strip in zip(tops, strips[1:], strict=True):
        painted = painted[:top] + strip[top:]
    return painted


def _palette(number: int) -> bytes:
    top, horizon = SKIES[number % len(SKIES)]
    sky = [_between(top, horizon, shade / SHADES) for shade in range(SHADES)]
    ground = [_between(top, DARK, (row + 1) / (HILLS + 1)) for row in range(HILLS)]
    return bytes(value for colour in (*sky, *ground) for value in colour)


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (
        int(a + (b - a) * part) for a, b in zip(one, other, strict=True)
    )
    return red, green, blue


def _chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
