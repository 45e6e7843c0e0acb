"""Lines about pictures: what an object without one answers."""

from tests.contract.line import Data, Http, Like, Line, Page


def none(kind: str, path: str, content: str) -> Line:
    return Line(
        f"a {kind} without a picture answers one that stands for it",
        Http("GET", path),
        Page(200, content),
        writes=True,
    )


def gone(path: str) -> Line:
    return Line(
        f"nothing is at {path}",
        Http("GET", path),
        Page(404, "text/plain", "Not Found\n"),
    )


LINES = (
    none("scene", "/scene/{scene}/screenshot", "image/svg+xml"),
    none("tag", "/tag/{tag}/image", "image/svg+xml"),
    none("studio", "/studio/{studio}/image", "image/svg+xml"),
    none("performer", "/performer/{performer}/image", "image/png"),
    gone("/scene/{missing}/screenshot"),
    gone("/tag/{missing}/image"),
    gone("/studio/{missing}/image"),
    gone("/performer/{missing}/image"),
    Line(
        "a word is no number of a scene",
        Http("GET", "/scene/abc/screenshot"),
        Page(400, "text/plain"),
    ),
    Line(
        "a scene's address of its picture holds the second of its change",
        """query Read($id: ID!) { findScene(id: $id) { paths { screenshot } } }""",
        Data(
            {
                "findScene": {
                    "paths": {"screenshot": Like(r"/scene/{scene}/screenshot\?t=\d+$")}
                }
            }
        ),
        {"id": "{scene}"},
    ),
)
