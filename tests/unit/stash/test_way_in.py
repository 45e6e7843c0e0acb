"""What stands before a server: whatever is kept of it can be read again."""

import ssl

import httpx2
import pytest

from syncapp.stash.errors import BadWayIn
from syncapp.stash.network import failure
from syncapp.stash.way_in import (
    LONGEST,
    MOST_HEADERS,
    Headers,
    header_lines,
    read_headers,
    signed_in,
)

MANY = tuple((f"X-Token-{number}", "1") for number in range(MOST_HEADERS))
LONG = (("X-Token", "x" * (LONGEST - 20)),)


@pytest.mark.parametrize("headers", [MANY, LONG], ids=["many", "long"])
def test_a_password_beside_the_most_headers_is_refused(headers: Headers) -> None:
    assert read_headers(header_lines(headers)) == headers

    with pytest.raises(BadWayIn, match="No more than 20 headers"):
        signed_in(headers, "ada", "between-tides")


def test_a_password_beside_others_is_read_again() -> None:
    headers = signed_in(MANY[1:], "ada", "between-tides")

    assert read_headers(header_lines(headers)) == headers
    assert headers[0][0] == "Authorization"


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (10, "for its time is over. Give this source its fingerprint, or renew it"),
        (62, "for it was made for another name. Give this source its fingerprint"),
        (18, "has signed it. Give this source that certificate, that of who signed"),
    ],
    ids=["expired", "another name", "self-signed"],
)
def test_a_refused_certificate_is_told_with_what_helps(code: int, remedy: str) -> None:
    refused = ssl.SSLCertVerificationError("no")
    refused.verify_code = code
    error = httpx2.ConnectError("no")
    error.__cause__ = refused

    assert remedy in str(failure(error, "https://nas"))
