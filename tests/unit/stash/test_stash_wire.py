"""Servers that hang, drip, break off, swell or are somewhere else than they say."""

import dataclasses
import gzip
import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from syncapp.stash.client import Answer, Limits, StashClient
from syncapp.stash.errors import (
    AnswerTooLarge,
    BadAddress,
    KeyRefused,
    StashError,
    StashTimedOut,
    StashUnreachable,
)
from tests.fake_wire import QUICK, Script, http, read_request

Listen = Callable[[Script], str]
ANSWER = http(b'{"data":{"a":null}}')
FAR = dataclasses.replace(QUICK, deadline_s=100)  # ends nothing while a test runs
CANARY = "canary-eyJhbGciOiJIUzI1NiJ9"


def ask(url: str, api_key: str = "", limits: Limits = QUICK) -> Answer:
    """Ask once; the note of an error says how many seconds it took."""
    began = time.monotonic()
    try:
        with StashClient(url, api_key, limits=limits) as client:
            return client.ask("query A { a }", {})
    except StashError as exc:
        exc.add_note(str(time.monotonic() - began))
        raise


def seconds(error: StashError) -> float:
    return float(error.__notes__[0])


def answer_each(connection: socket.socket) -> None:
    while True:
        read_request(connection)
        connection.sendall(ANSWER)


def test_one_connection_serves_many_questions(listen: Listen) -> None:
    opened = []

    def script(connection: socket.socket) -> None:
        opened.append(connection)
        answer_each(connection)

    with StashClient(listen(script), limits=QUICK) as client:
        for _ in range(5):
            client.ask("query A { a }", {})

    assert len(opened) == 1


def test_a_server_that_hangs_is_left_after_the_read_time_out(listen: Listen) -> None:
    let_go = threading.Event()

    def script(connection: socket.socket) -> None:
        read_request(connection)
        let_go.wait(60)

    url = listen(script)
    with pytest.raises(StashTimedOut, match="did not answer in time"):
        ask(url, limits=FAR)
    let_go.set()


@pytest.mark.parametrize("where", ["head", "body", "packed"])
def test_a_slow_drip_ends_at_the_deadline(listen: Listen, where: str) -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        if where == "head":
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        elif where == "body":
            connection.sendall(http(b"", length=10_000))
        else:  # bytes that never unpack to anything
            connection.sendall(http(b"", "Content-Encoding: gzip", length=10_000))
            connection.sendall(b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03")
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    with pytest.raises(StashTimedOut) as info:
        ask(listen(script))

    # It would drip for minutes, and a read never waits for long.
    assert seconds(info.value) >= QUICK.deadline_s


def test_a_packed_answer_that_swells_is_cut_off(listen: Listen) -> None:
    bomb = gzip.compress(bytes(50 * 2**20))

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(http(bomb, "Content-Encoding: gzip"))

    with pytest.raises(AnswerTooLarge, match="more than 1 MiB"):
        ask(listen(script))


def test_an_endless_answer_is_cut_off(listen: Listen) -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(bytes(2**16))

    with pytest.raises(AnswerTooLarge):
        ask(listen(script))


def test_a_packed_answer_is_unpacked(listen: Listen) -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        packed = gzip.compress(b'{"data":{"a":null}}')
        connection.sendall(http(packed, "Content-Encoding: gzip"))

    assert ask(listen(script)).data == {"a": None}


@pytest.mark.parametrize("sent", [b"", ANSWER[:20], http(b'{"data":', length=500)])
def test_a_connection_that_breaks_is_tried_again(listen: Listen, sent: bytes) -> None:
    tries = []

    def script(connection: socket.socket) -> None:
        read_request(connection)
        tries.append(connection)
        connection.sendall(sent if len(tries) < 3 else ANSWER)

    ask(listen(script))

    assert len(tries) == 3


def test_a_connection_that_always_breaks_is_given_up(listen: Listen) -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(ANSWER[:-3])

    with pytest.raises(StashUnreachable, match="broke off"):
        ask(listen(script))


def test_damaged_packing_is_an_answer_that_broke_off(listen: Listen) -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(http(b"no gzip", "Content-Encoding: gzip"))

    with pytest.raises(StashUnreachable, match="broke off"):
        ask(listen(script))


def test_a_port_where_nothing_listens_is_told_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    with pytest.raises(StashUnreachable, match=f"Nothing answers at {url}. Is Stash"):
        ask(url)


def test_a_name_that_nobody_knows_is_told_plainly() -> None:
    with pytest.raises(StashUnreachable, match="No server named 'nas' was found"):
        ask("http://nas:9999")


def test_plain_http_behind_https_is_told_plainly(listen: Listen) -> None:
    def script(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    url = listen(script).replace("http:", "https:")
    with pytest.raises(StashUnreachable, match="No secure connection"):
        ask(url)


@pytest.mark.parametrize("ip", ["169.254.169.254", "fe80::1%3", "::ffff:169.254.1.1"])
def test_a_name_that_leads_to_a_forbidden_address_is_not_called(
    monkeypatch: pytest.MonkeyPatch, ip: str
) -> None:
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (ip, 80))]
    )

    with pytest.raises(BadAddress, match="link-local, metadata or multicast"):
        ask("http://rebound.example")


def test_the_name_is_looked_up_once_and_its_second_address_tried(
    monkeypatch: pytest.MonkeyPatch, listen: Listen
) -> None:
    url = listen(answer_each)
    port = int(url.rpartition(":")[2])
    asked = []

    true_look_up = socket.getaddrinfo

    def look_up(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        asked.append(host)
        if host != "nas":
            return true_look_up(host, *args, **kwargs)
        return [(0, 0, 0, "", ("127.0.0.2", port)), (0, 0, 0, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    ask(f"http://nas:{port}")

    assert asked == ["nas", "127.0.0.2", "127.0.0.1"]


def test_proxies_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, listen: Listen
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert ask(listen(answer_each)).data == {"a": None}


def test_the_whole_request_holds_the_key_once_and_no_forwarding(listen: Listen) -> None:
    seen = []

    def script(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(ANSWER)

    ask(listen(script), CANARY)

    (request,) = seen
    assert request.count(CANARY.encode()) == 1
    assert b"\r\napikey: " + CANARY.encode() in request.replace(b"ApiKey", b"apikey")
    assert b"forwarded" not in request.lower()
    assert request.startswith(b"POST /graphql HTTP/1.1\r\n")


def echo(connection: socket.socket) -> None:
    read_request(connection)
    said = f'{{"errors":[{{"message":"bad key {CANARY}!"}}],"data":null}}'
    connection.sendall(http(said.encode()))


def refuse(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")


def page(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(http(f"<p>{CANARY}</p>".encode(), "Content-Type: text/html"))


def misfit(connection: socket.socket) -> None:
    read_request(connection)
    said = f'{{"errors":[{{"message":"no field \\"{CANARY}\\""}}]}}'.encode()
    connection.sendall(http(said).replace(b"200 OK", b"422 No"))


def elsewhere(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(
        b"HTTP/1.1 302 Go\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n"
    )


def nothing(connection: socket.socket) -> None:
    read_request(connection)


@pytest.mark.parametrize("script", [echo, refuse, page, misfit, elsewhere, nothing])
def test_the_key_is_in_no_error_no_log_and_no_repr(
    listen: Listen, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    url = listen(script)

    with (
        caplog.at_level(logging.DEBUG),
        caplog.at_level(logging.DEBUG, "httpx2"),
        caplog.at_level(logging.DEBUG, "httpcore2"),
        StashClient(url, CANARY, limits=QUICK) as client,
        pytest.raises(StashError) as info,
    ):
        client.ask("query A { a }", {})

    told = "".join(traceback.format_exception(info.value))
    shown = [told, repr(info.value), repr(client), caplog.text]
    assert "connect_tcp.started" in caplog.text  # the wire's own log was heard
    assert [text for text in shown if CANARY in text] == []


def test_a_wrong_key_ends_as_a_refused_one(listen: Listen) -> None:
    with pytest.raises(KeyRefused, match="refused our API key"):
        ask(listen(refuse), CANARY)
