"""Setting sources up: addresses, names, keys, and whether they answer."""

import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from syncapp import queries, services
from syncapp.demo import DemoServer, Library
from syncapp.models import Source
from syncapp.stash.errors import BadAddress
from tests.builders import make_source

pytestmark = pytest.mark.django_db
KEY = "canary-key-4f9b"


@pytest.fixture
def locked() -> Iterator[DemoServer]:
    """Give a server that wants a key."""
    with DemoServer(Library(seed=2, scenes=5), port=0, api_key=KEY) as server:
        yield server


def stored_text() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api_key FROM syncapp_source")
        return "".join(row[0] for row in cursor.fetchall())


def test_address_is_kept_in_one_form() -> None:
    source_id = services.add_source("  Film   archive ", " http://NAS:9999/graphql ")

    (line,) = queries.list_sources()
    assert (line.source_id, line.name, line.url) == (
        source_id,
        "Film archive",
        "http://nas:9999",
    )
    assert (line.read_only, line.key_set) == (True, False)


@pytest.mark.parametrize(
    "url", ["", "ftp://nas", "http://user:secret@nas", "http://169.254.169.254"]
)
def test_unusable_addresses_are_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        services.add_source("Film archive", url)

    assert not Source.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\0b"])
def test_unusable_names_are_refused(name: str) -> None:
    with pytest.raises(services.BadName, match="A source needs a name"):
        services.add_source(name, "http://nas:9999")


def test_name_is_given_once() -> None:
    services.add_source("Film archive", "http://nas:9999")

    with pytest.raises(
        services.BadName, match="There is a source named 'Film archive'"
    ):
        services.add_source("Film archive", "http://other:9999")


@pytest.mark.parametrize("key", ["two\nlines", "gr\u00fcn", "a\0b", "x" * 2_001])
def test_unusable_keys_are_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(services.BadKey) as caught:
        services.add_source("Film archive", "http://nas:9999", key)

    assert key not in str(caught.value)


def test_key_is_encrypted_and_never_told() -> None:
    source_id = services.add_source("Film archive", "http://nas:9999", KEY + "\n")

    (line,) = queries.list_sources()
    assert line.key_set
    assert KEY not in repr(line)
    assert KEY not in stored_text()
    assert Source.objects.get(pk=source_id).api_key.open() == KEY


def test_key_can_be_changed_and_removed() -> None:
    source_id = services.add_source("Film archive", "http://nas:9999", KEY)

    services.set_key(source_id, "another")
    assert Source.objects.get().api_key.open() == "another"

    services.set_key(source_id, "")
    assert not queries.list_sources()[0].key_set


@pytest.mark.parametrize(
    "url", ["https://nas:9999", "http://other:9999", "http://nas:9998", "http://nas"]
)
def test_key_does_not_follow_to_another_server(url: str) -> None:
    source_id = services.add_source("Film archive", "http://nas:9999", KEY)

    cleared = services.change_source(
        source_id, name="Film archive", url=url, read_only=False
    )

    assert cleared
    assert not queries.list_sources()[0].key_set


@pytest.mark.parametrize("url", ["http://nas:9999/", "http://NAS:9999/stash"])
def test_key_stays_with_its_server(url: str) -> None:
    source_id = services.add_source("Film archive", "http://nas:9999", KEY)

    cleared = services.change_source(source_id, name="Films", url=url, read_only=False)

    line = queries.list_sources()[0]
    assert not cleared
    assert (line.name, line.key_set, line.read_only) == ("Films", True, False)
    assert Source.objects.get().api_key.open() == KEY


def test_public_address_is_for_links_alone() -> None:
    source_id = services.add_source(
        "Film archive", "http://nas:9999", KEY, public_url=" https://stash.example/x/ "
    )
    same: dict[str, Any] = {
        "name": "Film archive",
        "url": "http://nas:9999",
        "read_only": True,
    }

    line = queries.list_sources()[0]
    assert (line.url, line.link) == ("http://nas:9999", "https://stash.example/x")
    assert not services.change_source(source_id, **same)
    assert queries.list_sources()[0].link == "https://stash.example/x"
    cleared = services.change_source(source_id, **same, public_url="http://other:1")
    assert (cleared, queries.list_sources()[0].key_set) == (False, True)
    services.change_source(source_id, **same, public_url="")
    assert queries.list_sources()[0].link == "http://nas:9999"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://a:b@nas", "ftp://nas"])
def test_unusable_public_addresses_are_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        services.add_source("Film archive", "http://nas:9999", public_url=url)

    assert not Source.objects.exists()


def test_source_that_answers_tells_its_version(locked: DemoServer) -> None:
    source_id = services.add_source("Film archive", locked.url, KEY)

    tried = services.test_source(source_id)

    line = queries.list_sources()[0]
    assert (tried.ok, tried.code) == (True, "ok")
    assert tried.version
    assert tried.version == line.version
    assert line.reached_at is not None


def test_refused_key_is_told_and_stays_secret(
    locked: DemoServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    source_id = services.add_source("Film archive", locked.url, "wrong-" + KEY)

    tried = services.test_source(source_id)

    line = queries.list_sources()[0]
    assert (tried.ok, tried.code) == (False, "key_refused")
    assert line.trouble == tried.sentence
    assert line.trouble_since is not None
    assert KEY not in tried.sentence + caplog.text


def test_dead_server_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    source_id = services.add_source("Film archive", f"http://127.0.0.1:{port}")

    tried = services.test_source(source_id)

    assert (tried.ok, tried.code) == (False, "refused")
    assert f"127.0.0.1:{port}" in tried.sentence


def test_lost_encryption_key_is_told() -> None:
    source = make_source()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE syncapp_source SET api_key = 'not-a-token'")

    tried = services.test_source(source.pk)

    assert (tried.ok, tried.code) == (False, "key_lost")
    assert "enter the API key again" in tried.sentence
    assert queries.list_sources()[0].key_set  # lists still work
