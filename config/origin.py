"""Lets sockets in from our own pages alone.

A browser sends cookies along with every socket that any page opens, so the page's
origin is all that tells ours from others: scheme, host and port, all three. Another
port of this machine (Stash, for one) is another page.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]
PORTS = {"http": 80, "https": 443}
REFUSED = 4403
Origin = tuple[str, str, int]


def own_pages_only(app: AsgiApp) -> AsgiApp:
    """Refuse every socket that another site's page opens, before it is accepted."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if is_own(scope["headers"], secure=scope.get("scheme") == "wss"):
            await app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": REFUSED})

    return guarded


def is_own(headers: Iterable[tuple[bytes, bytes]], *, secure: bool) -> bool:
    """Return whether the Origin is ours: the Host that was asked, or a trusted one."""
    given = [(name.lower(), value.decode("latin-1")) for name, value in headers]
    origins = [value for name, value in given if name == b"origin"]
    hosts = [value for name, value in given if name == b"host"]
    if len(origins) != 1 or len(hosts) != 1:
        return False
    # Without this, a name of a stranger that leads to us would be its own origin.
    if not validate_host(split_domain_port(hosts[0])[0], settings.ALLOWED_HOSTS):
        return False
    origin = parsed(origins[0])
    here = parsed(f"{'https' if secure else 'http'}://{hosts[0]}")
    trusted = {parsed(text) for text in settings.CSRF_TRUSTED_ORIGINS}
    return origin is not None and origin in {here, *trusted}


def parsed(text: str) -> Origin | None:
    """Return scheme, host and port of a bare origin; None for all else."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    bare = f"{parts.scheme}://{parts.netloc}".lower() == text.lower()
    if not bare or parts.scheme not in PORTS or not parts.hostname:
        return None
    if "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, PORTS[parts.scheme] if port is None else port
