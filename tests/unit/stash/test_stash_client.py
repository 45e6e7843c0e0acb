"""What the client makes of each answer, and how it asks."""

import pickle
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from time import sleep

import httpx2
import pytest

from syncapp.stash.client import StashClient
from syncapp.stash.errors import (
    BadAddress,
    BrokenAnswer,
    KeyRefused,
    NotListening,
    NotStash,
    ProxyRefused,
    QueryFailed,
    StashBusy,
    StashError,
    StashIncompatible,
    StashTimedOut,
    StashUnreachable,
)
from syncapp.stash.way_in import WayIn, signed_in
from tests.fake_wire import URL, Wire, connected, graphql, reply

LOCKED = "scene 4: database is locked"
HTML = {"content-type": "text/html; charset=utf-8"}


# Asking


def test_a_question_is_one_json_post_to_the_graphql_endpoint(
    wire: Wire, client: StashClient
) -> None:
    wire.will(graphql({"findTag": None}))

    client.ask("query T($id: ID!) { findTag(id: $id) { id } }", {"id": "4"})

    (request,) = wire.requests
    assert (request.method, str(request.url)) == ("POST", f"{URL}/graphql")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept"] == "application/json"
    assert wire.asked()[0]["variables"] == {"id": "4"}


def test_what_is_sent_along_for_a_proxy_comes_back_in_no_error(wire: Wire) -> None:
    headers = signed_in((("X-Token", "canary-1"),), "gate", "canary-2")
    echo = "; ".join(value for _, value in headers) + " canary-2"
    wire.will(graphql(None, echo))

    with StashClient(
        URL,
        way_in=WayIn(headers=headers),
        transport=httpx2.MockTransport(wire.handle),
    ) as client:
        with pytest.raises(QueryFailed) as info:
            client.ask("{ version { version } }", {})
        sent = wire.requests[0].headers

    assert (sent["x-token"], sent["authorization"]) == ("canary-1", headers[0][1])
    for secret in ("canary", headers[0][1].removeprefix("Basic ")):
        assert secret not in str(info.value)
        assert secret not in repr(client) + repr(WayIn(headers=headers))


def test_a_server_behind_a_path_prefix_is_asked_there(wire: Wire) -> None:
    wire.will(graphql({}))

    with StashClient(
        "https://home.example/stash/", transport=httpx2.MockTransport(wire.handle)
    ) as client:
        client.ask("{ version }", {})

    assert str(wire.requests[0].url) == "https://home.example/stash/graphql"


def test_without_a_key_no_key_header_is_sent(wire: Wire, client: StashClient) -> None:
    wire.will(graphql({}))

    client.ask("{ version }", {})

    sent = set(wire.requests[0].headers)
    assert not sent & {"apikey", "x-forwarded-for", "cookie", "authorization"}


def test_the_key_goes_out_in_its_header_and_not_in_the_url(wire: Wire) -> None:
    wire.will(graphql({}))

    with connected(wire, " our-key\n") as client:
        client.ask("{ version }", {})

    assert wire.requests[0].headers["ApiKey"] == "our-key"
    assert "our-key" not in str(wire.requests[0].url)


def test_cookies_are_not_kept(wire: Wire, client: StashClient) -> None:
    wire.will(lambda _: httpx2.Response(200, json={"data": {}}, headers=COOKIE))

    client.ask("{ version }", {})
    client.ask("{ version }", {})

    assert "cookie" not in wire.requests[1].headers


COOKIE = {"set-cookie": "session=abc; Path=/"}


def test_a_url_that_is_none_is_refused() -> None:
    with pytest.raises(BadAddress):
        StashClient("http://169.254.169.254/")


@pytest.mark.parametrize("key", ["a\nb", "two words", "schlüssel", "a\x00"])
def test_a_key_that_fits_no_header_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(KeyRefused) as info:
        StashClient(URL, key)

    assert key not in str(info.value)


def test_no_more_than_two_requests_are_in_flight() -> None:
    now = [0]
    most = [0]
    lock = threading.Lock()

    def slow(_: httpx2.Request) -> httpx2.Response:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        sleep(0.02)
        with lock:
            now[0] -= 1
        return httpx2.Response(200, json={"data": {}})

    with StashClient(URL, transport=httpx2.MockTransport(slow)) as client:
        threads = [
            threading.Thread(target=client.ask, args=("{ version }", {}))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert most == [2]
    assert client.requests == 8
    assert client.bytes == 8 * len(b'{"data":{}}')


# Answers


def test_an_answer_gives_raw_json_by_root_and_the_servers_clock(
    wire: Wire, client: StashClient
) -> None:
    body = b'{"data": {"a": {"id" : "1"}, "b": null}}'
    wire.will(reply(200, body, {"date": "Tue, 03 Mar 2026 04:05:06 GMT"}))

    answer = client.ask("{ a b }", {})

    assert bytes(answer.data["a"] or b"") == b'{"id" : "1"}'
    assert answer.data["b"] is None
    assert answer.errors == ()
    assert answer.at == datetime(2026, 3, 3, 4, 5, 6, tzinfo=UTC)


LAST = "Fri, 31 Dec 9999 23:59:59 -0500"  # no such time in UTC


@pytest.mark.parametrize(
    "date", ["yesterday", "", "Tue, 99 Mar 2026 04:05:06 GMT", LAST]
)
def test_a_date_that_is_none_is_no_time(
    wire: Wire, client: StashClient, date: str
) -> None:
    wire.will(reply(200, b'{"data":{}}', {"date": date}))

    assert client.ask("{ a }", {}).at is None


def test_errors_in_a_200_are_a_failed_query(wire: Wire, client: StashClient) -> None:
    wire.will(graphql(None, "scene with id 7 not found"))

    with pytest.raises(QueryFailed, match=r"could not answer: scene with id 7") as info:
        client.ask("{ a }", {})

    assert info.value.messages == ("scene with id 7 not found",)
    assert not info.value.retriable
    assert len(wire.requests) == 1


def test_with_partial_errors_come_beside_the_data(
    wire: Wire, client: StashClient
) -> None:
    wire.will(graphql({"a": {"id": "1"}, "b": None}, LOCKED))

    answer = client.ask("{ a b }", {}, partial=True)

    assert (answer.errors, answer.data["b"]) == ((LOCKED,), None)
    assert answer.data["a"] is not None
    assert len(wire.requests) == 1


def test_a_long_error_is_cut_and_kept_on_one_line(
    wire: Wire, client: StashClient
) -> None:
    wire.will(graphql(None, "a\n\x1b[31mb" + "x" * 5000))

    with pytest.raises(QueryFailed) as info:
        client.ask("{ a }", {})

    assert info.value.messages[0].startswith("a [31mbxxx")
    assert len(info.value.messages[0]) == 300


REFUSALS: list[tuple[str, object, type[StashError], str]] = [
    ("401", reply(401), KeyRefused, "asks for an API key"),
    ("403", reply(403, b"no"), KeyRefused, "Stash locks itself"),
    (
        "302 to login",
        reply(302, b"", {"location": "/login?returnURL=%2Fgraphql"}),
        KeyRefused,
        "asks for an API key",
    ),
    (
        "302 elsewhere",
        reply(302, b"", {"location": "https://nas/graphql"}),
        NotStash,
        "redirects to another address",
    ),
    (
        "302 to another's login",
        reply(302, b"", {"location": "https://sso.example/login"}),
        ProxyRefused,
        "A proxy before http://nas:9999 asks for a sign-in of its own",
    ),
    (
        "302 to another address",
        reply(302, b"", {"location": "https://nas.example/graphql"}),
        NotStash,
        "redirects to another address",
    ),
    (
        "401 of a proxy",
        reply(401, b"", {"www-authenticate": 'Basic realm="home"'}),
        ProxyRefused,
        "it is not Stash that asks for its API key",
    ),
    (
        "401 of Stash",
        reply(401, b"", {"www-authenticate": "FormBased"}),
        KeyRefused,
        "asks for an API key",
    ),
    ("403 of a proxy", reply(403, b"<h1>No</h1>", HTML), ProxyRefused, "A proxy"),
    (
        "a sign-in page",
        reply(200, b"<input type=password>", HTML),
        ProxyRefused,
        "A proxy before",
    ),
    (
        "Steward itself",
        reply(403, b'{"error": "Sign in first."}', {"x-steward": "1"}),
        NotStash,
        "is Steward itself",
    ),
    ("404", reply(404, b"nothing"), NotStash, r"no Stash at this place \(HTTP 404\)"),
    ("400", reply(400, b"transport"), NotStash, r"\(HTTP 400\)"),
    ("204", reply(204), NotStash, r"\(HTTP 204\)"),
    ("html", reply(200, b"<html>hi</html>", HTML), NotStash, "a web page"),
    ("text", reply(200, b"hello"), NotStash, "Stash never sends"),
    ("empty", reply(200, b""), NotStash, "Stash never sends"),
    ("list", reply(200, b"[1, 2]"), NotStash, "Stash never sends"),
    ("other json", reply(200, b'{"status": "ok"}'), NotStash, "Stash never sends"),
    ("odd data", reply(200, b'{"data": 4}'), NotStash, "Stash never sends"),
    ("odd errors", reply(200, b'{"errors": "x"}'), NotStash, "Stash never sends"),
    ("cut off", reply(200, b'{"data": {"a": '), BrokenAnswer, "JSON that is broken"),
    ("other cut", reply(200, b'{"status": '), NotStash, "Stash never sends"),
    (
        "deep",
        reply(200, b'{"data": {"a": ' + b"[" * 100_000),
        BrokenAnswer,
        "JSON that is broken",
    ),
    ("500", reply(500, b"panic"), StashUnreachable, r"in trouble \(HTTP 500\)"),
    ("503", reply(503), StashUnreachable, r"in trouble \(HTTP 503\)"),
    ("429", reply(429), StashUnreachable, r"in trouble \(HTTP 429\)"),
    ("refused", httpx2.ConnectError("x"), NotListening, "Nothing answers at"),
    ("broken", httpx2.ReadError("x"), StashUnreachable, "broke off"),
    ("hang", httpx2.ReadTimeout("x"), StashTimedOut, "did not answer in time"),
    ("no route", httpx2.ConnectTimeout("x"), StashTimedOut, "did not answer in time"),
    ("locked", graphql(None, LOCKED), StashBusy, "database is locked"),
]


@pytest.mark.parametrize(
    ("reply", "kind", "sentence"),
    [case[1:] for case in REFUSALS],
    ids=[case[0] for case in REFUSALS],
)
def test_trouble_is_told_by_its_remedy_in_a_sentence(
    wire: Wire,
    client: StashClient,
    reply: Callable[[httpx2.Request], httpx2.Response] | Exception,
    kind: type[StashError],
    sentence: str,
) -> None:
    wire.will(reply)

    with pytest.raises(StashError, match=sentence) as info:
        client.ask("{ a }", {})

    assert type(info.value) is kind
    assert URL in str(info.value)
    assert str(info.value).endswith((".", "?"))


def test_a_refused_key_is_told_from_a_missing_one(wire: Wire) -> None:
    wire.will(reply(401))

    with (
        connected(wire, "wrong") as client,
        pytest.raises(KeyRefused, match="refused our API key"),
    ):
        client.ask("{ a }", {})


@pytest.mark.parametrize(
    "headers", [{"location": "http://elsewhere.example/graphql"}, {}]
)
def test_a_redirect_is_not_followed(
    wire: Wire, client: StashClient, headers: dict[str, str]
) -> None:
    wire.will(reply(307, b"", headers))

    with pytest.raises(NotStash):
        client.ask("{ a }", {})

    assert len(wire.requests) == 1


def test_a_422_names_the_fields_that_the_server_does_not_know(
    wire: Wire, client: StashClient
) -> None:
    message = (
        'Cannot query field "sort_name" on type "Tag". Did you mean "hello_there"?'
    )
    wire.will(graphql(None, message, status=422))

    with pytest.raises(
        StashIncompatible, match=r"question of ours \(sort_name\)\."
    ) as e:
        client.ask("{ findTags { tags { sort_name } } }", {})

    assert "hello_there" not in str(e.value)


def test_a_422_of_another_server_shows_nothing_of_its_text(
    wire: Wire, client: StashClient
) -> None:
    wire.will(reply(422, b'{"detail": "a secret"}'))

    with pytest.raises(StashIncompatible) as info:
        client.ask("{ a }", {})

    assert "secret" not in str(info.value)


def test_a_failed_query_survives_pickling() -> None:
    error = QueryFailed(URL, ["scene with id 7 not found"])

    again = pickle.loads(pickle.dumps(error))

    assert (str(again), again.messages) == (str(error), error.messages)
