"""What a proxy changes of a request, put right before anything of ours sees it.

From here on a path stands below our own, and `scope["client"]`, Django's REMOTE_ADDR,
is the visitor: nobody else looks at what a proxy says of them.
"""

import ipaddress
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from config.origin import AsgiApp
from config.public_address import Network

_IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
SAID = (b"x-forwarded-for", b"x-forwarded-proto")


def behind_proxy(app: AsgiApp) -> AsgiApp:
    """Show the application each request as the visitor sent it."""

    async def shown(scope: Any, receive: Any, send: Any) -> None:
        await app(_from_visitor(_below_path(scope)), receive, send)

    return shown


def _below_path(scope: Any) -> Any:
    """Put the path below ours, where the proxy took that away; most can do either."""
    root = settings.PUBLIC_PATH
    path = scope["path"]
    if not root:
        return scope
    if path != root and not path.startswith(f"{root}/"):
        path = root + path
    return {**scope, "path": path, "root_path": root}


def _from_visitor(scope: Any) -> Any:
    """Put the visitor's address where the connection's is, if a trusted proxy says it.

    What others say is dropped: they could say anything. As long as no proxy is listed,
    X-Forwarded-Proto is left, with which one can deceive nobody but oneself.
    """
    trusted = settings.TRUSTED_PROXIES
    peer, port = scope.get("client") or ("", 0)
    if not trusted:
        return scope
    if not _is_one_of(_parsed(peer), trusted):
        kept = [one for one in scope["headers"] if one[0].lower() not in SAID]
        return {**scope, "headers": kept}
    lines = [
        value.decode("latin-1")
        for name, value in scope["headers"]
        if name.lower() == b"x-forwarded-for"
    ]
    visitor = client_address(peer, ",".join(lines), trusted)
    return {**scope, "client": (visitor, 0 if visitor != peer else port)}


def client_address(peer: str, forwarded_for: str, trusted: Iterable[Network]) -> str:
    """Return who asks: the last name in X-Forwarded-For that is no proxy of ours.

    Each proxy adds at the end whom it heard; what stands before the first of ours may
    be made up. `peer`: who is connected, a trusted proxy.
    """
    nearest = peer
    for text in reversed(forwarded_for.split(",")):
        address = _parsed(text)
        if address is None:
            break
        nearest = str(address)
        if not _is_one_of(address, trusted):
            break
    return nearest


def _is_one_of(address: _IpAddress | None, networks: Iterable[Network]) -> bool:
    return address is not None and any(address in network for network in networks)


def _parsed(text: str) -> _IpAddress | None:
    """Read an address as proxies write it: some add the port, some brackets."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
