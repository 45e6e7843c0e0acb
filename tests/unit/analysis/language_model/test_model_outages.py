"""A model that is away, busy or refuses leaves scenes unanalysed, and says so."""

import logging
import socket
import traceback
from collections.abc import Callable
from dataclasses import replace

import pytest

from syncapp.analysis.language_model.asking import ModelRun, Outage
from syncapp.analysis.language_model.client import ModelClient, ModelLimits
from syncapp.analysis.language_model.errors import (
    BadModelAddress,
    ModelError,
    ModelKeyRefused,
)
from syncapp.analysis.language_model.prompt import compose
from tests import model_server
from tests.model_library import JANE, reading, values
from tests.model_server import (
    FakeModel,
    Request,
    answer_text,
    behaviour,
    says,
    status,
)

StartRun = Callable[..., ModelRun]
FAR = ModelLimits(connect_s=60, deadline_s=100, answer_tokens=400)  # ends nothing
SHORT = replace(FAR, deadline_s=0.5)
KEY = "canary-9f31c0"
SILENT = {"hangs", "drips"}
# What it does; the code of the outage; whether to try later; how often it is asked.
OUTAGES: list[tuple[str, str, bool, int]] = [
    ("hangs", "model_timed_out", True, 1),
    ("drips", "model_timed_out", True, 1),
    ("closes", "model_unreachable", True, 3),
    ("busy", "model_busy", True, 3),
    ("503", "model_busy", True, 3),
    ("500", "model_unreachable", True, 3),
    ("502", "model_unreachable", True, 3),
    ("408", "model_unreachable", True, 3),
    ("401", "model_key_refused", False, 1),
    ("403", "model_key_refused", False, 1),
    ("404", "not_a_model", False, 1),
    ("redirects", "not_a_model", False, 1),
    ("shows_page", "not_a_model", False, 1),
    ("400", "model_refused", False, 1),
    ("402", "model_refused", False, 1),
    ("tells_key", "model_refused", False, 1),
]


@pytest.mark.parametrize(("name", "code", "retriable", "tries"), OUTAGES)
def test_no_scene_is_analysed_by_an_outage(
    model: FakeModel,
    start_run: StartRun,
    name: str,
    code: str,
    retriable: bool,  # noqa: FBT001 - by the table
    tries: int,
) -> None:
    model.will(behaviour(name))
    limits = SHORT if name in SILENT else FAR

    told = dict(start_run(limits=limits).ask(reading(number) for number in range(30)))

    assert len(told) == 30
    assert {type(each) for each in told.values()} == {Outage}
    assert {(o.code, o.retriable) for o in told.values() if isinstance(o, Outage)} == {
        (code, retriable)
    }
    # The scenes behind the first ones are not even asked for.
    assert len(model.requests) == tries


def test_what_was_answered_before_an_outage_stays(
    model: FakeModel, start_run: StartRun
) -> None:
    model.will(model_server.well, status(401))

    told = dict(start_run().ask(reading(number) for number in range(30)))

    answered = {each for each in told if not isinstance(told[each], Outage)}
    assert answered == set(range(len(model.requests[0].asked["scenes"])))


def test_an_outage_at_the_second_asking_spares_what_was_answered(
    model: FakeModel, start_run: StartRun
) -> None:
    model.will(model_server.leaves_out, status(401))

    told = dict(start_run().ask([reading(7, "/media/Lake.mp4"), reading(8)]))

    assert values(told[7])
    assert isinstance(told[8], Outage)
    assert told[8].code == "model_key_refused"


def test_one_who_is_busy_is_left_alone_for_as_long_as_it_says(
    model: FakeModel, start_run: StartRun, waited: list[float]
) -> None:
    model.will(model_server.busy, status(503), model_server.well)

    ((_, told),) = start_run().ask([reading(7)])

    assert values(told)
    assert waited == [7, 2]


@pytest.mark.parametrize("told", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_one_who_is_busy_for_long_is_left_for_this_time(
    model: FakeModel, start_run: StartRun, waited: list[float], told: str
) -> None:
    model.will(status(429, f"Retry-After: {told}"))

    ((_, outage),) = start_run().ask([reading(7)])

    assert isinstance(outage, Outage)
    assert outage.retry_after_s
    assert outage.retry_after_s >= 3600
    assert (waited, len(model.requests)) == ([], 1)


@pytest.mark.parametrize("told", ["soon", "nan", "-5", "inf", "Fri, 99 Jan 2100"])
def test_a_pause_that_makes_no_sense_does_no_harm(
    model: FakeModel, start_run: StartRun, waited: list[float], told: str
) -> None:
    model.will(status(429, f"Retry-After: {told}"), model_server.well)

    ((_, found),) = start_run().ask([reading(7)])

    assert values(found)
    assert 0 <= waited[0] <= 1


def test_a_connection_that_breaks_once_is_no_outage(
    model: FakeModel, start_run: StartRun
) -> None:
    model.will(model_server.closes, model_server.well)

    ((_, told),) = start_run().ask([reading(7)])

    assert values(told)


def test_a_model_that_is_useless_time_after_time_is_given_up(
    model: FakeModel, start_run: StartRun
) -> None:
    model.will(model_server.ignores_schema)
    run = start_run()

    told = list(run.ask(reading(number) for number in range(100)))

    assert len(told) == 100
    assert all(isinstance(each, Outage) for _, each in told)
    assert run.outage
    assert run.outage.code == "model_useless"
    assert len(model.requests) == 6  # three batches, each twice


def test_who_waits_for_an_answer_can_be_woken(
    model: FakeModel, start_run: StartRun, waited: list[float]
) -> None:
    run = start_run(limits=FAR)

    def hang_up(model: FakeModel, connection: socket.socket, request: Request) -> None:
        client = run._client
        assert isinstance(client, ModelClient)
        client.hang_up()
        model_server.hangs(model, connection, request)

    model.will(hang_up)

    ((_, told),) = run.ask([reading(7)])

    assert isinstance(told, Outage)
    assert waited == []


def test_a_model_that_takes_the_newer_parameters_alone_gets_them(
    model: FakeModel, start_run: StartRun
) -> None:
    model.will(model_server.wants_newer)
    run = start_run()

    told = [*run.ask([reading(7)]), *run.ask([reading(8)])]

    assert all(values(each) for _, each in told)
    names = [
        {"max_tokens", "max_completion_tokens", "temperature"} & set(request.body)
        for request in model.requests
    ]
    assert names == [
        {"max_tokens", "temperature"},
        {"max_completion_tokens"},
        {"max_completion_tokens"},
    ]


def test_the_schema_holds_the_offered_ids_and_nothing_else(
    model: FakeModel, start_run: StartRun
) -> None:
    list(start_run().ask([reading(7)]))

    (request,) = model.requests
    form = request.body["response_format"]
    assert (form["type"], form["json_schema"]["strict"]) == ("json_schema", True)
    row = form["json_schema"]["schema"]["properties"]["answers"]["items"]
    assert set(row["properties"]["id"]["enum"]) == {*request.asked["names"], "none"}
    assert row["additionalProperties"] is False
    assert sorted(row["required"]) == ["id", "quote", "scene"]


def test_where_nothing_listens_is_told_plainly(start_run: StartRun) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"

    ((_, told),) = start_run(url=url).ask([reading(7)])

    assert isinstance(told, Outage)
    assert told.reason.startswith(f"Nothing answers at {url}.")


def test_a_name_that_leads_to_a_forbidden_address_is_not_called(
    monkeypatch: pytest.MonkeyPatch, start_run: StartRun
) -> None:
    found = [(0, 0, 0, "", ("169.254.169.254", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    ((_, told),) = start_run(url="http://rebound.example/v1").ask([reading(7)])

    assert isinstance(told, Outage)
    assert told.code == "model_bad_address"


@pytest.mark.parametrize(
    "url", ["ftp://a", "http://169.254.169.254/v1", f"http://me:{KEY}@nas/v1", ""]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadModelAddress) as info:
        ModelClient(url, "owl")

    assert KEY not in "".join(
        traceback.format_exception(info.value.with_traceback(None))
    )


@pytest.mark.parametrize("key", [f"{KEY} x", f"{KEY}\u00fc", f"{KEY}\r\nX: 1"])
def test_a_key_that_no_header_can_hold_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(ModelKeyRefused) as info:
        ModelClient("http://nas/v1", "owl", key)

    assert KEY not in "".join(traceback.format_exception(info.value))


@pytest.mark.parametrize("name", [row[0] for row in OUTAGES])
def test_the_key_is_told_to_the_server_alone(
    model: FakeModel,
    start_run: StartRun,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    model.will(behaviour(name))
    run = start_run(limits=SHORT if name in SILENT else FAR)
    question = run._question(reading(7))

    with pytest.raises(ModelError) as info:
        run._client.complete(compose([question]))

    assert model.requests[0].head.count(f"Bearer {KEY}".encode()) == 1
    said = "".join(traceback.format_exception(info.value))
    assert KEY not in said + repr(info.value) + repr(run._client) + caplog.text


def test_a_refusal_is_shown_without_the_key_in_it(
    model: FakeModel, start_run: StartRun
) -> None:
    model.will(model_server.tells_key)

    ((_, told),) = start_run().ask([reading(7)])

    assert isinstance(told, Outage)
    assert "[key]" in told.reason


def test_a_key_in_an_answer_gets_nowhere(model: FakeModel, start_run: StartRun) -> None:
    row = {"scene": "A", "id": "p1", "quote": KEY}
    model.will(says(answer_text([row])))

    ((_, told),) = start_run().ask([reading(7)])

    assert isinstance(told, Outage)
    assert KEY not in told.reason
    assert JANE.name not in told.reason
