"""One odd record in a list costs itself: never its neighbours, and never its row."""

from collections.abc import Sequence
from typing import Any

import httpx2
import msgspec
import pytest

from syncapp.stash.client import Server, StashClient
from syncapp.stash.documents import SCENES, TAGS, Entity, missing
from syncapp.stash.reading import Reader
from syncapp.stash.sense import FEW
from syncapp.stash.shapes import IndexRow
from tests.fake_wire import Wire, graphql

AT = "2024-01-02T03:04:05Z"
NEEDED = frozenset(missing(Server("", 0, "OK", frozenset())))
UNTOLD = 1_777  # the record whose time the server cannot tell


@pytest.fixture
def reader(client: StashClient) -> Reader:
    """Give a reader of a server that has what we need."""
    client._server = Server("v0.25.0", 55, "OK", NEEDED)
    return Reader(client)


def lists(wire: Wire, entity: Entity, ids: Sequence[int]) -> None:
    """Have the wire list these records; one of them has no time, where it is asked."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked = msgspec.json.decode(request.content)
        filter_ = asked["variables"].get("filter") or asked["variables"]["newest"]
        size, after = filter_["per_page"], asked["variables"].get("scene_filter")
        rows = sorted(ids, reverse=filter_["direction"] == "DESC") if size else []
        if after:
            rows = [number for number in rows if number > after["id"]["value"]]
        begin = (filter_.get("page", 1) - 1) * size
        page = rows[begin : begin + size]
        if "updated_at" in asked["query"] and UNTOLD in page:
            return graphql(None, "must not be null")(request)
        stamps = {"created_at": AT, "updated_at": AT}
        told: list[Any] = [{"id": str(number), **stamps} for number in page]
        return graphql({entity.list_root: {entity.name: told, "count": len(ids)}})(
            request
        )

    wire.will(answer)


@pytest.mark.parametrize("entity", [SCENES, TAGS], ids=lambda entity: entity.name)
def test_a_time_that_cannot_be_told_costs_its_record(
    entity: Entity, wire: Wire, reader: Reader
) -> None:
    lists(wire, entity, range(1, 2_501))

    rows = [row for page in reader.index(entity) for row in page]

    assert [row.remote_id for row in rows] == list(range(1, 2_501))
    without = [row for row in rows if row != IndexRow(row.remote_id, AT, AT)]
    assert without == [IndexRow(UNTOLD, "", "")]


@pytest.mark.parametrize("entity", [SCENES, TAGS], ids=lambda entity: entity.name)
def test_a_probe_tells_what_it_can(entity: Entity, wire: Wire, reader: Reader) -> None:
    lists(wire, entity, range(1_701, 1_801))

    probed = reader.probe(entity)

    assert (probed.count, probed.greatest) == (100, 1_800)
    assert (list(probed.newest), probed.at) == ([], None)


@pytest.mark.parametrize("odd", [None, 7, "seven", "-7"])
def test_the_only_record_may_have_an_odd_id(
    odd: Any, wire: Wire, reader: Reader
) -> None:
    row = {"id": odd, "created_at": AT, "updated_at": AT}
    wire.will(graphql({"findTags": {"tags": [row] * (FEW - 1)}}))

    assert list(reader.index(TAGS)) == []
    assert reader.nameless == FEW - 1


@pytest.mark.parametrize("odd", [{"id": 7}, {"id": None}, {"id": "seven"}, {}, "?"])
def test_a_record_with_an_odd_id_is_not_taken_for_gone(
    odd: Any, wire: Wire, reader: Reader
) -> None:
    wire.will(graphql({"r0": odd, "r1": None}), graphql({"r0": odd}))

    answer = reader.confirm(TAGS, [7, 8])

    assert (answer.alive, answer.gone) == (frozenset(), frozenset({8}))
    assert answer.unknown == frozenset({7})
