"""What the client makes of a server's introduction of itself."""

from collections.abc import Callable

import httpx2
import pytest

from syncapp.stash.client import StashClient
from syncapp.stash.errors import NotStash, StashIncompatible, StashNotReady
from tests.fake_wire import Wire, graphql


def introduction(**changes: object) -> Callable[[httpx2.Request], httpx2.Response]:
    schema = {"queryType": {"name": "Query"}, "types": [{"name": "Tag"}]}
    data = {
        "version": {"version": "v0.28.0"},
        "systemStatus": {"appSchema": 72, "status": "OK"},
        "__schema": schema,
    }
    return graphql(data | changes)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("SETUP", "has not been set up yet"),
        ("NEEDS_MIGRATION", "waits for its database to be migrated"),
        ("<b>odd</b>", "is not ready. Open it in a browser"),
    ],
)
def test_a_server_that_is_not_ready_says_why(
    wire: Wire, client: StashClient, status: str, sentence: str
) -> None:
    state = {"appSchema": 72, "status": status}
    wire.will(introduction(systemStatus=state, version=None, __schema=None))

    with pytest.raises(StashNotReady, match=sentence) as info:
        client.handshake()

    assert status not in str(info.value)


def test_a_server_that_lacks_what_we_need_is_told_by_names(
    wire: Wire, client: StashClient
) -> None:
    wire.will(introduction())

    with pytest.raises(
        StashIncompatible, match=r"lacks Query\.findTags\.filter, .*\.\.\."
    ):
        client.handshake()


@pytest.mark.parametrize(
    "reply",
    [
        graphql(None, "unknown field"),
        graphql({"version": {"version": "2"}}),
        graphql({"systemStatus": "fine"}),
        graphql(None, 'Cannot query field "systemStatus"', status=422),
    ],
    ids=["errors", "lacks a part", "another shape", "422"],
)
def test_another_graphql_server_is_not_taken_for_stash(
    wire: Wire,
    client: StashClient,
    reply: Callable[[httpx2.Request], httpx2.Response],
) -> None:
    wire.will(reply)

    with pytest.raises(NotStash, match="not as Stash does"):
        client.handshake()
