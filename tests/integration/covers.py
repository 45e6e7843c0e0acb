"""A Stash with pictures, and rows of what is in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import AsyncClient

from syncapp.demo import DemoServer
from syncapp.demo.drawing import drawn
from syncapp.models import Scene, Source
from syncapp.models.keys import row_id
from syncapp.views.pictures import PLACEHOLDER
from tests.builders import indexed_at_once, make_scene, make_source

KEY = "canary-eyJhbGciOiJIUzI1NiJ9.cover"
SOON, LONG = "private, max-age=10", "private, max-age=3600"
SCENES = 12
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200)
PNG = drawn("scene", 1)
SVG = b'<?xml version="1.0"?>\n<!-- none -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'
HTML = b"<!doctype html><script>alert(1)</script>"


@indexed_at_once()
def shelf(stash: DemoServer, source: Source) -> "Shelf":
    """Mirror the first scenes of a server, without a sync; each has a picture."""
    for number in range(1, SCENES + 1):
        make_scene(source, number, f"Estuary {number}")
        stash.library.pictures["scene", number] = ("image/png", PNG)
    return Shelf(stash, source)


class Shelf:
    """A Stash, the source that is it, and the addresses of its pictures here."""

    def __init__(self, stash: DemoServer, source: Source) -> None:
        self.stash = stash
        self.source = source

    def address(self, number: int = 1, kind: str = "scene") -> str:
        return f"/media/{kind}/{row_id(self.source.pk, number)}/"

    def asked(self) -> int:
        """Return how often the server was asked for a picture."""
        return self.stash.requests.count(operation="file")

    def give(self, body: bytes, content_type: str = "image/png") -> None:
        self.stash.library.pictures["scene", 1] = (content_type, body)


def source_of(stash: DemoServer) -> Source:
    return make_source("Stash with pictures", url=stash.url, api_key=stash.api_key)


def is_placeholder(response: Any, cache: str = LONG) -> bool:
    """Return whether this is our own picture for none, and for how long."""
    return bool(
        response.status_code == 200
        and response.content == PLACEHOLDER
        and response["Content-Type"] == "image/svg+xml"
        and response["Cache-Control"] == cache
    )


async def until_shown(
    client: AsyncClient, address: str, is_there: Callable[[Any], bool]
) -> Any:
    """Ask until the answer is as wanted; what is fetched beside is there soon."""
    for _ in range(200):
        response = await client.get(address)
        if is_there(response):
            return response
    msg = f"{address} was not as wanted."
    raise AssertionError(msg)


def kept(folder: Path) -> list[Path]:
    """Return the files of pictures below a data folder."""
    return sorted(path for path in (folder / "covers").rglob("*") if path.is_file())


async def first_scene_id() -> int:
    """Return the row id of the scene that every shelf has."""
    scene = await Scene.objects.aget(remote_id=1)
    return int(scene.pk)
