"""Pictures of a Stash server: fetched in bounds, believed by their first bytes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2
from httpx2 import codes

from syncapp.stash.address import normalize
from syncapp.stash.client import sendable_key
from syncapp.stash.errors import NoPicture, StashUnreachable
from syncapp.stash.network import Transport, deadline, failure
from syncapp.stash.way_in import OPEN, WayIn

MOST_BYTES = 5 * 2**20
CONNECT_S, READ_S, DEADLINE_S = 2.0, 3.0, 4.0
IN_FLIGHT = 2  # as the client: more would starve Stash's own pages
# Of each kind: where its picture is, below the server's address.
PATHS: Mapping[str, str] = {
    "scene": "/scene/{}/screenshot",
    "performer": "/performer/{}/image",
    "tag": "/tag/{}/image",
    "studio": "/studio/{}/image",
}
# How a picture begins. What a server calls it is never asked.
BEGINNINGS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), "image/avif"),
)
# Stash's picture for "none". Perhaps with a prologue; nothing in it is tried twice.
SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->|<!doctype svg[^>]*>)*+<svg[\s>/]",
    re.DOTALL | re.IGNORECASE,
)
LOOKED_AT = 4_096  # bytes in which an SVG has to begin


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; without a body, that the object has none."""

    content_type: str
    body: bytes


NONE = Picture("", b"")


def content_type_of(body: bytes) -> str:
    """Return what the bytes themselves say they are; empty for what we do not show."""
    found = (content_type for start, content_type in BEGINNINGS if start.match(body))
    return next(found, "")


class PictureClient:
    """A way to the pictures of one server, usable from several threads.

    Raises BadAddress and KeyRefused for what no server and no key can be.
    """

    def __init__(
        self,
        url: str,
        api_key: str = "",
        *,
        way_in: WayIn = OPEN,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.url = normalize(url, cut_pages=False)
        key = sendable_key(api_key.strip(), self.url)
        tls = self.url.startswith("https:")
        self._http = httpx2.Client(
            headers=_headers(key, way_in),
            timeout=httpx2.Timeout(READ_S, connect=CONNECT_S),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            transport=transport or Transport(way_in, tls=tls, connections=IN_FLIGHT),
        )

    def __repr__(self) -> str:
        return f"PictureClient({self.url!r})"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def fetch(self, kind: str, remote_id: int) -> Picture | None:
        """Return the picture of an object, or NONE, or None if there is no object.

        Raises NoPicture for what is none, and StashUnreachable.
        """
        address = self.url + PATHS[kind].format(int(remote_id))
        try:
            with deadline(DEADLINE_S), self._http.stream("GET", address) as response:
                if response.status_code == codes.NOT_FOUND:
                    return None
                _refuse(response, self.url)
                return _judged(_received(response, self.url), self.url)
        except httpx2.HTTPError as exc:
            raise failure(exc, self.url) from exc


def _headers(key: str, way_in: WayIn) -> dict[str, str]:
    headers = {
        "Accept": "image/avif,image/webp,image/*",
        # One that is packed anyway is left so, and is no picture: no bomb is unpacked.
        "Accept-Encoding": "identity",
        "User-Agent": "Steward",
        **({"ApiKey": key} if key else {}),
    }
    return {**headers, **dict(way_in.headers)}


def _refuse(response: httpx2.Response, url: str) -> None:
    """Raise for an answer that is no 200, and for one that says it is too large."""
    status = response.status_code
    is_refusal = status in {codes.UNAUTHORIZED, codes.FORBIDDEN}
    if is_refusal or status >= codes.INTERNAL_SERVER_ERROR:
        msg = f"Stash at {url} did not hand out a picture (HTTP {status})."
        raise StashUnreachable(msg)
    if status != codes.OK:
        msg = f"{url} answered HTTP {status} where a picture was asked for."
        raise NoPicture(msg)
    told = response.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > MOST_BYTES:
        raise _too_large(url)


def _received(response: httpx2.Response, url: str) -> bytes:
    """Read the body as it came, as far as we are willing to hold it."""
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise _too_large(url)
    return bytes(body)


def _judged(body: bytes, url: str) -> Picture:
    if content_type := content_type_of(body):
        return Picture(content_type, body)
    if SVG.match(body[:LOOKED_AT]):
        return NONE
    msg = f"{url} sent something that is no picture where one was asked for."
    raise NoPicture(msg)


def _too_large(url: str) -> NoPicture:
    most = MOST_BYTES // 2**20
    return NoPicture(f"{url} sent a picture of more than {most} MiB; we hung up.")
