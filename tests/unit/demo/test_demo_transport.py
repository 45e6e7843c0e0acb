"""The demo's HTTP: who is let in, what is refused, and every fault on order."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from syncapp.demo import DemoServer, Library, PortUnavailable

Ask = Callable[..., Any]
VERSION = {"query": "query Hello { version { version } }"}
MANY = """query Many($ids: [ID!]) {
    findScenes(ids: $ids) { scenes { id title } } }"""


def post(demo: DemoServer, http: httpx2.Client, **options: Any) -> httpx2.Response:
    return http.post(f"{demo.url}/graphql", **{"json": VERSION, **options})


@pytest.fixture
def locked(demo: DemoServer) -> DemoServer:
    demo.api_key = "right-key"
    return demo


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/graphql", {"ApiKey": "right-key"}, 200),
        ("/graphql?apikey=right-key", {}, 200),
        ("/graphql", {"ApiKey": "wrong"}, 401),
        ("/graphql", {}, 401),
        ("/graphql/", {}, 302),
        ("/healthz", {}, 200),
        ("/graphql/", {"ApiKey": "right-key"}, 200),
        ("/somewhere", {"ApiKey": "right-key"}, 200),
        ("/somewhere.js", {"ApiKey": "right-key"}, 404),
    ],
)
def test_the_key_opens_the_door(
    locked: DemoServer,
    http: httpx2.Client,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    response = http.post(locked.url + path, json=VERSION, headers=headers)

    assert response.status_code == status
    if status == 401:
        assert response.content == b""
        assert response.headers["www-authenticate"] == "FormBased"
    if status == 302:
        assert response.headers["location"].startswith("/login?returnURL=")


def test_a_key_where_none_is_needed_is_refused(
    demo: DemoServer, http: httpx2.Client
) -> None:
    assert post(demo, http, headers={"ApiKey": "any"}).status_code == 401


def test_a_forwarded_address_trips_the_server_for_good(
    demo: DemoServer, http: httpx2.Client
) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9"}

    assert post(demo, http, headers=headers).status_code == 403
    assert post(demo, http).status_code == 403


def test_only_json_is_taken(demo: DemoServer, http: httpx2.Client) -> None:
    text = {"content": b"{}", "json": None, "headers": {"content-type": "text/plain"}}
    array = {"json": [VERSION]}

    assert post(demo, http, **text).status_code == 400
    assert post(demo, http, **array).status_code == 400


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{ findScenes { scenes { nope } } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ findScenes {", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ version { } }", {}, "GRAPHQL_PARSE_FAILED"),
        (MANY, {"ids": {"a": 1}}, "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { sceneUpdate(input: {}) { id } }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_a_document_that_does_not_fit_is_a_422(
    demo: DemoServer,
    http: httpx2.Client,
    query: str,
    variables: dict[str, Any],
    code: str,
) -> None:
    response = post(demo, http, json={"query": query, "variables": variables})

    assert response.status_code == 422
    body = response.json()
    assert body["data"] is None
    assert body["errors"][0]["extensions"] == {"code": code}


def test_the_date_is_the_librarys_clock(demo: DemoServer, http: httpx2.Client) -> None:
    demo.library.now = lambda: datetime(2031, 2, 3, 4, 5, 6, 700, tzinfo=UTC)

    assert post(demo, http).headers["date"] == "Mon, 03 Feb 2031 04:05:06 GMT"


def test_answers_are_packed_if_asked(demo: DemoServer, http: httpx2.Client) -> None:
    plain = post(demo, http).json()
    demo.app.compress = True
    response = post(demo, http)

    assert response.headers["content-encoding"] == "gzip"
    assert response.json() == plain


def test_an_older_server_lacks_fields_and_arguments(
    demo: DemoServer, http: httpx2.Client, ask: Ask
) -> None:
    demo.play_version(0, 24)
    fields = ask('{ __type(name: "Tag") { fields { name } } }')["data"]["__type"]
    arguments = ask('{ __type(name: "Query") { fields { name args { name } } } }')[
        "data"
    ]["__type"]["fields"]

    assert "sort_name" not in {field["name"] for field in fields["fields"]}
    (scenes,) = [one["args"] for one in arguments if one["name"] == "findScenes"]
    assert {"name": "ids"} not in scenes
    response = post(demo, http, json={"query": MANY, "variables": {"ids": [1]}})
    assert response.status_code == 422
    assert ask("{ version { version } }")["data"]["version"]["version"] == "v0.24.0"


def test_a_misspelt_absence_is_refused(demo: DemoServer) -> None:
    with pytest.raises(ValueError, match=r"has no Tag\.nope"):
        demo.schema_without("Tag.nope")


def test_a_server_before_its_setup_answers_its_status_only(
    demo: DemoServer, ask: Ask
) -> None:
    demo.library.status = "NEEDS_MIGRATION"
    status = ask("{ systemStatus { status } }")["data"]["systemStatus"]["status"]
    answer = ask("{ findScenes { count } }")

    assert status == "NEEDS_MIGRATION"
    assert answer["data"] is None
    assert answer["errors"]


def test_every_request_is_logged(demo: DemoServer, ask: Ask) -> None:
    ask("query Two { a: findScene(id: 1) { id } b: findTag(id: 1) { id } }")
    ask(MANY, ids=[1, 2], filter={"page": 3})

    first, second = demo.requests
    assert (first.operation, first.roots) == ("Two", ("findScene", "findTag"))
    assert (second.variables["ids"], second.page) == ([1, 2], 3)
    assert demo.requests.count(root="findScenes") == 1
    assert demo.requests.count(where=lambda seen: "ids" in seen.variables) == 1
    demo.requests.clear()
    assert len(demo.requests) == 0


def test_faults_strike_so_many_matching_requests(
    demo: DemoServer, http: httpx2.Client
) -> None:
    demo.faults.status(500, times=2, operation="Hello")
    other = {"query": "query Other { version { hash } }"}

    got = [post(demo, http, json=body).status_code for body in (VERSION, other)]
    got += [post(demo, http).status_code for _ in range(2)]
    assert got == [500, 200, 500, 200]


def test_a_login_page_and_a_stranger_can_be_played(
    demo: DemoServer, http: httpx2.Client
) -> None:
    demo.faults.login()
    demo.faults.html()
    to_login, stranger = post(demo, http), post(demo, http)

    assert to_login.status_code == 302
    assert to_login.headers["location"].startswith("/login")
    assert stranger.headers["content-type"].startswith("text/html")
    assert stranger.text.startswith("<!doctype html>")


def test_a_locked_database_is_an_error_in_a_200(
    demo: DemoServer, http: httpx2.Client
) -> None:
    demo.faults.locked(times=1)
    response = post(demo, http)

    assert response.status_code == 200
    assert response.json()["errors"][0]["message"] == "database is locked"
    assert "errors" not in post(demo, http).json()


def test_one_alias_fails_while_its_neighbours_answer(
    demo: DemoServer, ask: Ask
) -> None:
    demo.faults.fail_field(field="findScene", number=2)
    document = """{ a: findScene(id: 1) { id } b: findScene(id: 2) { id }
        c: findScene(id: 3) { id } }"""
    answer = ask(document)

    assert answer == {
        "errors": [{"message": "database is locked", "path": ["b"]}],
        "data": {"a": {"id": "1"}, "b": None, "c": {"id": "3"}},
    }
    assert "errors" not in ask(document)


def test_a_failing_mutation_changes_nothing(demo: DemoServer, ask: Ask) -> None:
    before = demo.truth()["scene"][1]
    demo.faults.fail_field(field="sceneUpdate")
    answer = ask('mutation { sceneUpdate(input: {id: 1, title: "x"}) { id } }')

    assert answer["data"] == {"sceneUpdate": None}
    assert demo.truth()["scene"][1] == before


def test_a_broken_connection_is_no_answer(
    demo: DemoServer, http: httpx2.Client
) -> None:
    demo.faults.drop()
    with pytest.raises(httpx2.TransportError):
        post(demo, http)
    demo.faults.drop(sent=5)
    with pytest.raises(httpx2.TransportError):
        post(demo, http)

    assert post(demo, http).status_code == 200


def test_a_hanging_answer_comes_when_released(
    demo: DemoServer, http: httpx2.Client
) -> None:
    demo.faults.hang()
    with pytest.raises(httpx2.ReadTimeout):
        post(demo, http, timeout=0.1)
    hang = demo.faults.hang()
    threading.Timer(0.1, hang.release).start()

    assert post(demo, http).status_code == 200


def test_a_dripping_answer_is_whole_but_slow(
    demo: DemoServer, http: httpx2.Client
) -> None:
    plain = post(demo, http).json()
    demo.faults.drip(piece=8, pause_s=0.02)
    start = time.monotonic()

    assert post(demo, http).json() == plain
    assert time.monotonic() - start > 0.08


def test_latency_delays_every_answer(demo: DemoServer, http: httpx2.Client) -> None:
    demo.faults.latency_s = 0.1
    start = time.monotonic()
    post(demo, http)

    assert time.monotonic() - start >= 0.1


def test_cleared_faults_strike_no_more(demo: DemoServer, http: httpx2.Client) -> None:
    demo.faults.status(500, times=99)
    demo.faults.clear()

    assert post(demo, http).status_code == 200


def test_a_stopped_server_is_gone_and_comes_back_on_its_port(
    demo: DemoServer, http: httpx2.Client
) -> None:
    url = demo.url
    demo.stop()
    with pytest.raises(httpx2.ConnectError):
        post(demo, http)
    demo.start()

    assert demo.url == url
    assert post(demo, http).status_code == 200


def test_stopping_cuts_what_hangs(http: httpx2.Client) -> None:
    with DemoServer(Library(scenes=5)) as demo:
        demo.faults.hang()
        failures: list[Exception] = []

        def ask() -> None:
            try:
                post(demo, http)
            except httpx2.TransportError as error:
                failures.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        while not len(demo.requests):
            time.sleep(0.005)
        demo.stop()
        asking.join(20)

    assert len(failures) == 1
    assert not isinstance(failures[0], httpx2.TimeoutException)  # it was cut off


def test_a_busy_port_is_one_clear_sentence(demo: DemoServer) -> None:
    with pytest.raises(PortUnavailable, match=f"port {demo.port}.*Choose another"):
        DemoServer(Library(scenes=5), port=demo.port).start()


def test_another_library_can_take_its_place(demo: DemoServer, ask: Ask) -> None:
    demo.replace_library(Library(seed=99, scenes=10))
    answer = ask("{ findScenes { count } }")

    assert answer["data"]["findScenes"]["count"] == 10
    assert len(demo.truth()["scene"]) == 10
