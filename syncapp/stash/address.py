"""Which addresses may be a source's, and in which one form we keep them."""

import ipaddress
import re
from typing import NoReturn

import httpx2

from syncapp.stash.errors import BadAddress

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST, LONGEST_NAME = 500, 253
PORTS = {"http": 80, "https": 443}
# Where clouds tell a machine its secrets, outside the link-local range.
METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")
)
# IPv6 addresses that stand for an IPv4 one in their last 32 bits.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# A name or an IPv4 address, perhaps with a port, perhaps with a path.
WITHOUT_SCHEME = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]+)?(?:[/?#]|\Z)")
# What an address may show after that of Stash itself: the first part of its pages.
PAGES = frozenset(
    (
        *("galleries", "groups", "images", "movies", "performers", "scenes", "studios"),
        *("tags", "scene", "sceneDuplicateChecker", "sceneFilenameParser", "stats"),
        *("graphql", "login", "logout", "migrate", "playground", "settings", "setup"),
    )
)
# Containers and old Windows machines have names with underscores.
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")


def normalize(text: str, *, cut_pages: bool = True) -> str:
    """Return the base URL of a Stash server as we keep it: no slash at its end.

    Names and addresses of home networks are fine, single words too, and without
    `http://`. An address that was copied from one of Stash's own pages, or with its
    `/graphql`, is cut there; one that is kept already is not (`cut_pages`). Raises
    BadAddress with a sentence.
    """
    text = text.strip()
    if WITHOUT_SCHEME.match(text):
        text = f"http://{text}"
    url = _parsed(text)
    if url.userinfo or "@" in text.partition("://")[2].partition("/")[0]:
        _refuse("It must not hold a user name or password: there are fields for them.")
    path, is_page = url.raw_path.partition(b"?")[0].decode("ascii"), False
    has_more = "?" in text or "#" in text
    if cut_pages:
        path, is_page = _cut(path.rstrip("/") if has_more else path)
    if has_more and not is_page:
        _refuse("It must end before any ? or #.")
    if url.port is not None and not 0 < url.port < 2**16:
        _refuse(f"There is no port {url.port}; ports go from 1 to 65535.")
    port = f":{url.port}" if url.port not in {None, PORTS[url.scheme]} else ""
    return f"{url.scheme}://{_host(url)}{port}{path.rstrip('/')}"


def _cut(path: str) -> tuple[str, bool]:
    """Return the path up to one of Stash's own pages, and whether there was one.

    The pages have no slash at their end: with one, `/movies/` is where a proxy has it.
    """
    parts = path.split("/")
    for place, part in enumerate(parts):
        is_below = parts[place + 1 :] == [""] and part != "graphql"
        if part in PAGES and not is_below:
            return "/".join(parts[:place]), True
    return path, False


def _parsed(text: str) -> httpx2.URL:
    """Parse with the HTTP client's own parser, so that both see the same host."""
    if len(text) > LONGEST:
        _refuse(f"It is longer than {LONGEST} characters.")
    if not text.isprintable() or " " in text or "\\" in text:
        _refuse("It holds spaces or characters that no address has.")
    if not re.match(r"https?://[^/]", text, re.IGNORECASE):
        _refuse("It must begin with http:// or https:// and name a server.")
    try:
        return httpx2.URL(text)
    except (httpx2.InvalidURL, ValueError):
        _refuse("It cannot be read.")


def _host(url: httpx2.URL) -> str:
    host = url.raw_host.decode("ascii")
    address = _address(host)
    if address is None:
        labels = host.split(".")
        if len(host) > LONGEST_NAME or not all(LABEL.match(label) for label in labels):
            _refuse("Its server name holds characters that no name has.")
        return host
    check(address)
    return f"[{address}]" if ":" in host else str(address)


def _address(host: str) -> IpAddress | None:
    """Return the host as an IP address, None if it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        # "2852039166" and "0xa9.1" are addresses too, in disguise.
        last = host.rpartition(".")[2]
        if ":" in host or re.match(r"(?:[0-9]+|0x[0-9a-f]*)\Z", last):
            _refuse("Its IP address cannot be read.")
        return None


def check(address: IpAddress) -> None:
    """Raise BadAddress for an IP address at which no Stash can be meant.

    Private networks and this machine are where Stash lives, and are allowed.
    """
    inner = _embedded(address)
    if inner.is_unspecified:
        _refuse("0.0.0.0 and [::] name no machine; use 127.0.0.1 for this one.")
    if inner.is_link_local or inner.is_multicast or inner in METADATA:
        _refuse(f"{address} is a link-local, metadata or multicast address.")
    if str(inner) == "255.255.255.255":
        _refuse(f"{address} is a broadcast address.")


def _embedded(address: IpAddress) -> IpAddress:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _refuse(reason: str) -> NoReturn:
    msg = f"This address cannot be used. {reason} An example: http://nas:9999"
    raise BadAddress(msg)
