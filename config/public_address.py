"""Where people reach Steward: the address of STEWARD_URL, and the proxies before it."""

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PORTS = {"http": 80, "https": 443}
# What Django takes for a host, and cookies and redirects for a path.
HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]")
PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)*")


class PublicAddress(NamedTuple):
    """The parts of an address, as browsers write them; all empty if none is set."""

    origin: str = ""  # such as "https://steward.example:8443"
    host: str = ""  # without the port
    path: str = ""  # such as "/steward"; empty at the root

    @property
    def url(self) -> str:
        """The whole address, as it is printed."""
        return self.origin + self.path


def public_address(text: str) -> PublicAddress:
    """Read STEWARD_URL; raises ValueError for what no server of pages can be at."""
    if not text:
        return PublicAddress()
    parts = urlsplit(text)
    default = PORTS[parts.scheme]  # a KeyError is for another scheme
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    path = parts.path.rstrip("/")
    if "@" in parts.netloc or "?" in text or "#" in text:
        raise ValueError(text)
    if not HOST.fullmatch(host) or not PATH.fullmatch(path):
        raise ValueError(text)
    port = "" if parts.port in {None, default} else f":{parts.port}"
    return PublicAddress(f"{parts.scheme}://{host}{port}", host, path)


def networks(text: str) -> tuple[Network, ...]:
    """Read addresses and networks, separated by commas or spaces."""
    return tuple(
        ipaddress.ip_network(part, strict=False)
        for part in text.replace(",", " ").split()
    )
