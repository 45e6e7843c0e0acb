"""What is asked again after trouble, how often, and what is sent only once."""

from collections.abc import Callable

import httpx2
import pytest

from syncapp.stash.client import StashClient
from syncapp.stash.errors import StashBusy, StashTimedOut, StashUnreachable
from tests.fake_wire import QUICK, Wire, graphql, reply

LOCKED = "scene 4: database is locked"


@pytest.mark.parametrize(
    "first",
    [graphql(None, LOCKED), reply(502), httpx2.RemoteProtocolError("gone")],
    ids=["locked", "502", "broken off"],
)
def test_what_may_pass_is_asked_again(
    wire: Wire,
    client: StashClient,
    first: Callable[[httpx2.Request], httpx2.Response] | Exception,
) -> None:
    wire.will(first, first, graphql({"a": None}))

    answer = client.ask("query A { a }", {})

    assert answer.data == {"a": None}
    assert len(wire.requests) == 3


def test_it_is_asked_a_bounded_number_of_times(wire: Wire, client: StashClient) -> None:
    wire.will(graphql(None, LOCKED))

    with pytest.raises(StashBusy) as info:
        client.ask("query A { a }", {})

    assert len(wire.requests) == QUICK.attempts
    assert info.value.retriable


def test_a_time_out_is_not_asked_again(wire: Wire, client: StashClient) -> None:
    wire.will(httpx2.ReadTimeout("slow"))

    with pytest.raises(StashTimedOut):
        client.ask("query A { a }", {})

    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "first",
    [graphql({"a": None}, LOCKED), reply(502), httpx2.ReadError("gone")],
    ids=["locked", "502", "broken off"],
)
def test_a_mutation_is_sent_once(
    wire: Wire,
    client: StashClient,
    first: Callable[[httpx2.Request], httpx2.Response] | Exception,
) -> None:
    wire.will(first)

    with pytest.raises((StashBusy, StashUnreachable)):
        client.ask("mutation U($input: I!) { a(input: $input) { id } }", {})

    assert len(wire.requests) == 1
