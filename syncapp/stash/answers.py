"""Makes sense of HTTP answers: the data, or the error that it amounts to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx2
import msgspec
from httpx2 import codes

from syncapp.stash import bounds
from syncapp.stash.errors import (
    BrokenAnswer,
    KeyRefused,
    NotStash,
    ProxyRefused,
    StashError,
    StashIncompatible,
    StashUnreachable,
)
from syncapp.stash.mending import mended_answer, unicode_again
from syncapp.stash.server import UNREADABLE
from syncapp.stash.way_in import WayIn

LONGEST_MESSAGE = 300
LOCKED = "database is locked"
OURS = "x-steward"  # a header of each answer of our own web server
SIGN_IN_FORM = re.compile(rb"type\s*=\s*[\"']?password", re.IGNORECASE)
# Where sign-in proxies send people, by their host or path.
SIGN_IN_PLACE = re.compile(r"log-?in|sign[-_]?in|auth|sso\b", re.IGNORECASE)
BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:data|errors)"')
# Not now: a proxy's time-out and its "too many requests".
PASSING = {408, 425, 429}


@dataclass(frozen=True)
class Answer:
    """A GraphQL answer. `data` maps root fields (or their aliases) to raw JSON.

    A root that is null is None; a root that failed is null too, so only without
    `errors` does None mean that the record is not there. `at` is the server's clock.
    """

    data: Mapping[str, msgspec.Raw | None]
    errors: tuple[str, ...]
    at: datetime | None

    @property
    def locked(self) -> bool:
        """Whether Stash's database was busy for too long."""
        return any(LOCKED in message for message in self.errors)


class Sent(NamedTuple):
    """What a client sends along to be let in; none of it may come back in a text."""

    key: str
    way_in: WayIn

    @property
    def secrets(self) -> tuple[str, ...]:
        """All of it, the longest first: one may be a part of another."""
        every = {self.key, *self.way_in.secrets} - {""}
        return tuple(sorted(every, key=len, reverse=True))


class _Error(msgspec.Struct):
    message: str = "an error without a text"


class _Envelope(msgspec.Struct):
    data: dict[str, msgspec.Raw] | msgspec.UnsetType | None = msgspec.UNSET
    errors: list[msgspec.Raw] | None = None  # of _Error

    def messages(self) -> list[str]:
        """Return the texts of the first errors; there may be any number."""
        return [_message(raw) for raw in (self.errors or [])[: bounds.ERRORS]]


_decode = msgspec.json.Decoder(_Envelope).decode
_decode_error = msgspec.json.Decoder(_Error).decode


def _message(raw: msgspec.Raw) -> str:
    try:
        return _decode_error(raw).message
    except UNREADABLE:
        return _Error().message


def read_answer(
    response: httpx2.Response, body: bytearray, sent: Sent, url: str
) -> Answer:
    """Return the GraphQL answer in the body of a 200.

    Raises NotStash, ProxyRefused, and BrokenAnswer for one that begins as Stash's do.
    """
    envelope = _envelope(response, body, sent, url)
    if envelope.data is msgspec.UNSET and not envelope.errors:
        raise _no_graphql(response, body, sent, url)
    data = envelope.data or {}
    return Answer(
        data={name: None if _is_null(raw) else raw for name, raw in data.items()},
        errors=tuple(_tidy(message, sent.secrets) for message in envelope.messages()),
        at=_date(response),
    )


def _envelope(
    response: httpx2.Response, body: bytearray, sent: Sent, url: str
) -> _Envelope:
    try:
        return _decode(body)
    except UNREADABLE as exc:  # its text may quote the body
        is_other = isinstance(exc, msgspec.ValidationError)
    if is_other or not BEGINNING.match(body):
        raise _no_graphql(response, body, sent, url)
    try:
        return _decode(unicode_again(mended_answer(body)))
    except msgspec.ValidationError:
        raise _no_graphql(response, body, sent, url) from None
    except UNREADABLE:
        msg = (
            f"{url} answered with JSON that is broken. If it lasts, check whether a "
            "proxy or a plugin changes its answers."
        )
        raise BrokenAnswer(msg) from None


def _is_null(raw: msgspec.Raw) -> bool:
    return bytes(memoryview(raw)[:5]) == b"null"


def _tidy(message: str, secrets: Iterable[str]) -> str:
    """Return an error's text on one line, short, and without what we sent in it."""
    for secret in secrets:
        message = message.replace(secret, "[key]")
    line = " ".join(message.split())
    plain = "".join(char for char in line if char.isprintable())
    return plain[:LONGEST_MESSAGE]


def _date(response: httpx2.Response) -> datetime | None:
    try:
        at = parsedate_to_datetime(response.headers["date"])
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def _no_graphql(
    response: httpx2.Response, body: bytearray, sent: Sent, url: str
) -> NotStash | ProxyRefused:
    if _is_html(response):
        if SIGN_IN_FORM.search(body):
            return _refused_by_proxy(url, sent)
        return NotStash(
            f"{url} answered with a web page instead of Stash's data. Is it the "
            "address of Stash itself, with the right port, and not of a sign-in page?"
        )
    return NotStash(
        f"{url} answered with something that Stash never sends. Check the address and "
        "the port."
    )


def _is_html(response: httpx2.Response) -> bool:
    return "html" in response.headers.get("content-type", "")


def refusal(response: httpx2.Response, url: str, sent: Sent) -> StashError | None:
    """Return the error that the status amounts to; None for 200 and 422."""
    if OURS in response.headers:
        return NotStash(
            f"{url} is Steward itself. Give the address of your Stash, such as "
            "http://nas:9999."
        )
    status = response.status_code
    if status in {codes.OK, codes.UNPROCESSABLE_CONTENT}:
        return None
    if status in {codes.UNAUTHORIZED, codes.FORBIDDEN} or _is_old_refusal(response):
        return _not_let_in(response, url, sent)
    if response.is_redirect:
        return _redirected(response, url, sent)
    if status >= codes.INTERNAL_SERVER_ERROR or status in PASSING:
        return StashUnreachable(
            f"Stash at {url} is in trouble (HTTP {status}). If this lasts, look at its "
            "log."
        )
    return NotStash(
        f"{url} has no Stash at this place (HTTP {status}). Check the address, the "
        "port and the path."
    )


def _not_let_in(
    response: httpx2.Response, url: str, sent: Sent
) -> KeyRefused | ProxyRefused:
    """Return what a 401 or a 403 means.

    Stash asks for nothing but "FormBased", in an empty answer, and locks itself with a
    plain text: all else is of somebody before it.
    """
    asks = response.headers.get("www-authenticate", "").partition(" ")[0].lower()
    if asks not in {"", "formbased"} or _is_html(response):
        return _refused_by_proxy(url, sent)
    if response.status_code != codes.FORBIDDEN:
        return KeyRefused(_asks_for_key(url, keyed=bool(sent.key)))
    return KeyRefused(
        f"{url} answers nobody any more (HTTP 403). Stash locks itself this way "
        "when it is reached from the internet without a password: unlock it in its "
        "config.yml, set a user name and password there, and add its API key here."
    )


def _is_old_refusal(response: httpx2.Response) -> bool:
    """Return whether this is how Stash before 0.26 refuses a key."""
    if response.status_code != codes.INTERNAL_SERVER_ERROR:
        return False
    return next(response.iter_bytes(64), b"").strip() == b"unauthorized"


def _refused_by_proxy(url: str, sent: Sent) -> ProxyRefused:
    if sent.way_in.headers:
        return ProxyRefused(
            f"A proxy before {url} refused us, not Stash: it does not take the "
            "password or the headers that this source has for it. The API key is "
            "another thing; Stash has not seen it."
        )
    return ProxyRefused(
        f"A proxy before {url} asks for a sign-in of its own; it is not Stash that "
        "asks for its API key. Give this source the user and password, or the headers, "
        "with which that proxy lets programs in."
    )


def _asks_for_key(url: str, *, keyed: bool) -> str:
    if keyed:
        return (
            f"Stash at {url} refused our API key. Copy it anew from Stash: Settings, "
            "Security."
        )
    return (
        f"Stash at {url} asks for an API key. Copy it from Stash: Settings, Security; "
        "then set it for this source."
    )


def _redirected(response: httpx2.Response, url: str, sent: Sent) -> StashError:
    asked = response.request.url
    try:
        target = asked.join(response.headers.get("location", ""))
    except (httpx2.InvalidURL, ValueError):
        target = asked
    if target.host == asked.host and target.path.endswith("/login"):
        return KeyRefused(_asks_for_key(url, keyed=bool(sent.key)))
    if SIGN_IN_PLACE.search(f"{target.host}{target.path}"):
        return _refused_by_proxy(url, sent)
    return NotStash(
        f"{url} redirects to another address, and we do not follow. Give the address "
        "at which your browser ends up, without its /login or /scenes."
    )


def misfit(body: bytearray, document: str, url: str) -> StashError:
    """Return the error of a 422: the server does not have what we asked for.

    Of its text only names are shown that stand in our own document: a server that is no
    Stash gets nothing printed.
    """
    try:
        messages = _decode(body).messages()
    except UNREADABLE:
        messages = []
    ours = set(re.findall(r"\w+", document))
    quoted = re.findall(r"[\"'`](\w+)[\"'`]", " ".join(messages))
    names = [name for name in dict.fromkeys(quoted) if name in ours][:5]
    what = f" ({', '.join(names)})" if names else ""
    return StashIncompatible(
        f"Stash at {url} does not understand a question of ours{what}. If it was "
        "updated just now, try again; else look for a newer Steward."
    )
