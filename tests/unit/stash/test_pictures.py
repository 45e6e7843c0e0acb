"""Pictures off the wire: read in bounds, whatever a server says about them."""

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from syncapp.demo import DemoServer
from syncapp.stash import pictures
from syncapp.stash.errors import (
    BadAddress,
    KeyRefused,
    NoPicture,
    StashTimedOut,
    StashUnreachable,
    TlsFailed,
)
from syncapp.stash.pictures import MOST_BYTES, NONE, Picture, PictureClient
from syncapp.stash.way_in import OPEN, WayIn, signed_in
from tests.certificates import self_signed
from tests.fake_wire import URL, Reply, Script, Wire
from tests.home_network import Proxy, running

Listen = Callable[[Script], str]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PIECE = 64 * 1024


def reply(
    status: int, body: bytes = b"", headers: dict[str, str] | None = None
) -> Reply:
    """Return an answer that is still to be read."""
    return lambda _: httpx2.Response(status, content=iter([body]), headers=headers)


def over(wire: Wire, api_key: str = "", way_in: WayIn = OPEN) -> PictureClient:
    transport = httpx2.MockTransport(wire.handle)
    return PictureClient(URL + "/stash", api_key, way_in=way_in, transport=transport)


def test_the_address_is_made_of_a_kind_and_a_number(wire: Wire) -> None:
    wire.will(reply(200, PNG))
    client = over(wire)

    for kind in pictures.PATHS:
        assert client.fetch(kind, 7) == Picture("image/png", PNG)

    assert [request.url.raw_path for request in wire.requests] == [
        b"/stash/scene/7/screenshot",
        b"/stash/performer/7/image",
        b"/stash/tag/7/image",
        b"/stash/studio/7/image",
    ]


def test_key_and_headers_are_sent_and_no_packing_is_asked_for(wire: Wire) -> None:
    wire.will(reply(200, PNG))

    over(wire, "the-key", WayIn(headers=(("X-Token", "12"),))).fetch("tag", 1)

    sent = wire.requests[0].headers
    assert (sent["apikey"], sent["x-token"]) == ("the-key", "12")
    assert sent["accept-encoding"] == "identity"


def test_a_cookie_that_is_handed_out_is_not_brought_back(wire: Wire) -> None:
    wire.will(reply(200, PNG, {"set-cookie": "a=b"}))
    client = over(wire)

    for _ in range(2):
        client.fetch("tag", 1)

    assert "cookie" not in wire.requests[1].headers


def test_an_endless_answer_is_left_soon_after_the_bound(wire: Wire) -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        yield PNG
        while True:
            taken.append(PIECE)
            yield bytes(PIECE)

    wire.will(lambda _: httpx2.Response(200, content=endless()))

    with pytest.raises(NoPicture):
        over(wire).fetch("scene", 1)
    assert sum(taken) <= MOST_BYTES + PIECE


def test_one_that_tells_its_size_is_not_read_at_all(wire: Wire) -> None:
    def unread() -> Iterator[bytes]:
        yield pytest.fail("It was read.")

    told = {"content-length": str(MOST_BYTES + 1)}
    wire.will(lambda _: httpx2.Response(200, content=unread(), headers=told))

    with pytest.raises(NoPicture):
        over(wire).fetch("scene", 1)


@pytest.mark.parametrize("length", ["-1", "9" * 50, "²"])
def test_a_size_that_makes_no_sense_is_survived(length: str, wire: Wire) -> None:
    told = [(b"content-length", length.encode())]
    wire.will(lambda _: httpx2.Response(200, content=iter([PNG]), headers=told))

    try:
        assert over(wire).fetch("scene", 1) == Picture("image/png", PNG)
    except NoPicture:
        assert length == "9" * 50


@pytest.mark.parametrize("status", [301, 302, 304, 307, 204, 206, 400, 410, 418])
def test_any_other_status_is_no_picture_and_leads_nowhere(
    status: int, wire: Wire
) -> None:
    wire.will(reply(status, b"", {"location": "http://nas:9999/tag/2/image"}))

    with pytest.raises(NoPicture):
        over(wire).fetch("tag", 1)
    assert len(wire.requests) == 1


@pytest.mark.parametrize("status", [401, 403, 500, 502, 503])
def test_a_server_in_trouble_is_told_from_one_that_sends_rubbish(
    status: int, wire: Wire
) -> None:
    wire.will(reply(status, PNG))

    with pytest.raises(StashUnreachable):
        over(wire).fetch("tag", 1)


def test_what_is_not_there_is_none_at_all(wire: Wire) -> None:
    wire.will(reply(404))

    assert over(wire).fetch("tag", 1) is None


def test_a_drawing_is_the_server_s_word_for_none(wire: Wire) -> None:
    wire.will(reply(200, b"<svg viewBox='0 0 1 1'></svg>"))

    assert over(wire).fetch("tag", 1) == NONE


def test_one_that_drips_ends_at_the_deadline(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "DEADLINE_S", 0.3)

    def drip(connection: socket.socket) -> None:
        connection.recv(2**16)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n" + PNG)
        for _ in range(200):
            connection.sendall(b"x")
            if connection_is_shut(connection):
                return

    with pytest.raises(StashTimedOut):
        PictureClient(listen(drip)).fetch("scene", 1)


def connection_is_shut(connection: socket.socket) -> bool:
    """Wait a moment; return whether the other side has hung up."""
    connection.settimeout(0.05)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False


def test_what_no_client_takes_this_does_not_take_either() -> None:
    with pytest.raises(BadAddress):
        PictureClient("http://169.254.169.254")
    with pytest.raises(KeyRefused):
        PictureClient(URL, "a key\r\nX: y")
    assert "the-key" not in repr(PictureClient(URL, "the-key"))


def test_a_certificate_of_one_s_own_and_a_proxy_s_password_let_pictures_in(
    demo: DemoServer, tmp_path: Path
) -> None:
    certificate = self_signed()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate.write(tmp_path))
    demo.library.pictures["scene", 1] = ("image/png", PNG)
    headers = signed_in((), "home", "the-password")
    with running(Proxy(demo, tls, "home", "the-password")) as proxy:
        let_in = WayIn(certificate.certificate, headers)
        picture = PictureClient(proxy.url, way_in=let_in).fetch("scene", 1)
        pinned = WayIn("0" * 64, headers)
        with pytest.raises(TlsFailed):
            PictureClient(proxy.url, way_in=pinned).fetch("scene", 1)

        assert len(proxy.heads) == 1  # the other certificate got no request
    assert picture == Picture("image/png", PNG)
