"""What stands between Steward and a server: a proxy, a certificate of one's own."""

import base64
import re
import ssl
from dataclasses import dataclass, field
from typing import NoReturn

import httpx2

from syncapp.stash.errors import BadWayIn

Headers = tuple[tuple[str, str], ...]

MOST_HEADERS, LONGEST = 20, 8_000
LONGEST_CERTIFICATE = 100_000  # a chain of some twenty
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# The client's own; and those that make Stash lock itself, for it takes them as a sign
# that it can be reached from the internet.
TAKEN = re.compile(
    r"host|apikey|connection|content-.*|transfer-encoding|upgrade|expect"
    r"|keep-alive|accept|accept-encoding|user-agent|forwarded|x-forwarded-.*",
    re.IGNORECASE,
)
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
BLOCK = re.compile(
    r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL
)
SIGNED_IN = "authorization"


@dataclass(frozen=True, slots=True)
class WayIn:
    """How to come through to a server, beside its address and its key."""

    certificate: str = ""  # as `read_certificate` returns it
    headers: Headers = field(default=(), repr=False)  # sent with every request
    machine_store: bool = False  # trust whom this machine trusts, not our own list

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the one certificate to take; empty if it is not pinned."""
        return self.certificate if FINGERPRINT.fullmatch(self.certificate) else ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be shown nowhere: values, and what they are made of."""
        values = [value for _, value in self.headers if value]
        return (*values, *(part for value in values for part in _inside(value)))

    def tls_context(self) -> ssl.SSLContext:
        """Return what decides which certificates are taken; a pin is looked at later.

        Our own list comes with the HTTP client, and is the same on every machine.
        """
        if self.fingerprint:
            pinned = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            pinned.check_hostname, pinned.verify_mode = False, ssl.CERT_NONE
            return pinned
        if self.certificate:
            return _trusting(self.certificate)
        if self.machine_store:
            return ssl.create_default_context()
        return httpx2.create_ssl_context(trust_env=False)


OPEN = WayIn()  # nothing stands before the server


def _trusting(pem: str) -> ssl.SSLContext:
    """Return a context that trusts these certificates alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=pem)
    # A server's own certificate may be given as well as the authority's above it.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def read_certificate(text: str) -> str:
    """Return certificates in PEM as they are kept, or a fingerprint in its one form.

    A fingerprint is the SHA-256 of a server's own certificate, as browsers show it.
    Raises BadWayIn.
    """
    text = text.strip()
    digits = re.sub(r"(?i)\A(?:sha-?256)?(?: fingerprint)?[ =:]*", "", text)
    digits = re.sub(r"[\s:]", "", digits).lower()
    if not text or FINGERPRINT.fullmatch(digits):
        return digits
    if "PRIVATE KEY" in text:
        _refuse("That holds a private key, which stays with its server.")
    pem = "\n".join(BLOCK.findall(text[:LONGEST_CERTIFICATE]))
    try:
        _trusting(pem)
    except (ValueError, ssl.SSLError, OSError):
        _refuse(
            "That is no certificate: paste it from -----BEGIN CERTIFICATE----- to its "
            "END line, or its SHA-256 fingerprint, 64 digits from 0 to f."
        )
    return pem


def read_headers(text: str) -> Headers:
    """Read headers, one a line, such as `CF-Access-Client-Id: 7a`; raises BadWayIn."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_HEADERS or len(text) > LONGEST:
        _refuse(f"No more than {MOST_HEADERS} headers of {LONGEST} characters in all.")
    return tuple(_read_header(line) for line in lines)


def _read_header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    name, value = name.strip(), value.strip()
    if not colon or not TOKEN.fullmatch(name) or not value:
        _refuse("Each header is a line such as X-Token: 1234, with name and value.")
    if not (value.isascii() and value.isprintable()):
        _refuse(f"The value of {name} holds characters that no header can have.")
    if TAKEN.fullmatch(name):
        _refuse(f"The header {name} is not for you to set.")
    return name, value


def header_lines(headers: Headers) -> str:
    """Return headers as `read_headers` reads them."""
    return "\n".join(f"{name}: {value}" for name, value in headers)


def signed_in(headers: Headers, user: str, password: str) -> Headers:
    """Return the headers with a user and a password for basic auth; raises BadWayIn."""
    if not user and not password:
        return headers
    if ":" in user or not (user + password + "x").isprintable():
        _refuse("A user name holds no colon, and neither name nor password a line end.")
    if any(name.lower() == SIGNED_IN for name, _ in headers):
        _refuse("Give a user and a password or the header Authorization, not both.")
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    # Whatever is kept has to be read again.
    return read_headers(header_lines((("Authorization", f"Basic {token}"), *headers)))


def _inside(value: str) -> tuple[str, ...]:
    """Return what a value is made of: the token, and the password of basic auth."""
    scheme, _, token = value.partition(" ")
    if not token:
        return ()
    if scheme.lower() != "basic":
        return (token,)
    try:
        password = base64.b64decode(token, validate=True).decode().partition(":")[2]
    except ValueError:
        return (token,)
    return (token, password) if password else (token,)


def _refuse(reason: str) -> NoReturn:
    raise BadWayIn(reason)
