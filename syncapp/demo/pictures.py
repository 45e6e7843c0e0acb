"""The pictures of scenes, performers, tags and studios, as Stash serves them."""

import re
from base64 import b64decode

from syncapp.demo.drawing import drawn
from syncapp.demo.faults import Reply
from syncapp.demo.library import Library

_PATH = re.compile(r"/(scene/([^/]+)/screenshot|(performer|tag|studio)/([^/]+)/image)")
_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9">'
    b'<rect width="16" height="9" fill="#456"/></svg>'
)
_PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)
# What an object without a picture of its own answers.
NONE = {"performer": ("image/png", _PNG)}
_SVG_TYPE = ("image/svg+xml", _SVG)


def picture(library: Library, path: str) -> Reply | None:
    """Return what the address of a picture answers, or None: it is none."""
    if (found := _PATH.fullmatch(path)) is None:
        return None
    kind, text = (found[3] or "scene"), (found[2] or found[4])
    if not text.isdecimal():
        return _words(400, b"Bad Request\n")
    number = int(text)
    if library.get(kind, number) is None:
        return _words(404, b"Not Found\n")
    content_type, body = _of(library, kind, number)
    return Reply(200, body, {"content-type": content_type})


def _of(library: Library, kind: str, number: int) -> tuple[str, bytes]:
    if (given := library.pictures.get((kind, number))) is not None:
        return given
    if library.has_drawn(kind, number):
        return "image/png", drawn(kind, number)
    return NONE.get(kind, _SVG_TYPE)


def _words(status: int, body: bytes) -> Reply:
    return Reply(status, body, {"content-type": "text/plain; charset=utf-8"})
