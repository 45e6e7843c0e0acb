"""Addresses that Steward can be at, and who a proxy says is asking."""

import pytest

from config.behind_proxy import client_address
from config.public_address import networks, public_address

PROXIES = networks("127.0.0.1, 10.0.0.0/8 fd00::/8")


@pytest.mark.parametrize(
    ("text", "origin", "host", "path"),
    [
        ("", "", "", ""),
        ("http://nas:8000", "http://nas:8000", "nas", ""),
        ("https://Home.Example:443/", "https://home.example", "home.example", ""),
        ("http://h.example:80/a/", "http://h.example", "h.example", "/a"),
        ("https://h.example/a/b-c", "https://h.example", "h.example", "/a/b-c"),
        ("https://[::1]:8443/a", "https://[::1]:8443", "[::1]", "/a"),
    ],
)
def test_an_address_is_kept_as_browsers_write_it(
    text: str, origin: str, host: str, path: str
) -> None:
    assert public_address(text) == (origin, host, path)


@pytest.mark.parametrize(
    "text",
    [
        *("h.example", "ftp://h.example", "https://", "https:///steward"),
        *("https://h.example/?a=1", "https://h.example/a?", "https://h.example/#a"),
        *("https://ada@h.example", "https://h.example:port", "https://h.example:70000"),
        *("https://h.example/a b", "https://h.example/a//b", "https://h.example/../a"),
        *("https://*", "https://h_x.example", "https://h.example/a;b", "https://[::1"),
    ],
)
def test_an_address_that_cannot_be_served_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        public_address(text)


@pytest.mark.parametrize(
    ("forwarded_for", "visitor"),
    [
        ("", "127.0.0.1"),
        ("192.0.2.7", "192.0.2.7"),
        ("198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("198.51.100.1, 192.0.2.7, 10.1.2.3", "192.0.2.7"),
        ("192.0.2.7:52000", "192.0.2.7"),
        ("[2001:db8::7]:52000, fd00::1", "2001:db8::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("198.51.100.1, unknown", "127.0.0.1"),
        ("10.0.0.5", "10.0.0.5"),
    ],
)
def test_the_visitor_is_the_last_who_is_no_proxy_of_ours(
    forwarded_for: str, visitor: str
) -> None:
    assert client_address("127.0.0.1", forwarded_for, PROXIES) == visitor
