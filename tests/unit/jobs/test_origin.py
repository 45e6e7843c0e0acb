"""Which pages may open a socket."""

import pytest
from pytest_django import Settings

from config.origin import is_own

HOST = "nas.local:8000"


@pytest.fixture(autouse=True)
def _hosts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["nas.local", "[::1]", "steward.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://steward.example"]


def asked(*origins: str, host: str = HOST, secure: bool = False) -> bool:
    headers = [(b"host", host.encode()), *((b"origin", o.encode()) for o in origins)]
    return is_own(headers, secure=secure)


@pytest.mark.parametrize(
    ("origin", "host", "secure"),
    [
        ("http://nas.local:8000", HOST, False),
        ("http://NAS.local:8000", HOST, False),
        ("http://[::1]:8000", "[::1]:8000", False),
        ("http://nas.local", "nas.local:80", False),
        ("https://nas.local:443", "nas.local", True),
        ("https://steward.example", HOST, False),
    ],
)
def test_own_pages_may(origin: str, host: str, *, secure: bool) -> None:
    assert asked(origin, host=host, secure=secure)


@pytest.mark.parametrize(
    "origin",
    [
        *("http://nas.local:9999", "http://nas.local", "https://nas.local:8000"),
        *("http://evil.example", "http://nas.local.evil.example:8000", "null", ""),
        *("http://me@nas.local:8000", "http://nas.local:8000/", "nas.local:8000"),
        *("http://nas.local:port", "http://steward.example", "file://nas.local:8000"),
        *("http://nas.local:8000#", "http://[::1", "https://steward.example:8000"),
    ],
)
def test_other_pages_may_not(origin: str) -> None:
    assert not asked(origin)


def test_who_has_no_origin_or_two_may_not() -> None:
    own = "http://nas.local:8000"

    assert not asked()
    assert not asked(own, own)


def test_a_stranger_s_name_that_leads_to_us_may_not() -> None:
    assert not asked("http://evil.example:8000", host="evil.example:8000")
