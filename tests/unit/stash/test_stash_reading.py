"""Reading from servers that answer oddly: nothing is lost, nothing ends in a loop."""

from typing import Any

import httpx2
import msgspec
import pytest

from syncapp.stash.client import Server, StashClient
from syncapp.stash.documents import ENTITIES, SCENES, TAGS, missing
from syncapp.stash.errors import BadAnswer, BrokenAnswer, QueryFailed, StashBusy
from syncapp.stash.reading import Reader
from syncapp.stash.sense import FEW
from tests.fake_wire import Reply, Wire, graphql, reply

LOCKED = "database is locked"
NEEDED = frozenset(missing(Server("", 0, "OK", frozenset())))
IDS = frozenset(f"Query.{entity.list_root}.ids" for entity in ENTITIES)
STAMPS = {"created_at": "2024-01-02T03:04:05Z", "updated_at": "2024-01-02T03:04:05Z"}


@pytest.fixture
def reader(client: StashClient) -> Reader:
    """Give a reader of a server that has what we need and lists by ids."""
    client._server = Server("v0.25.0", 55, "OK", NEEDED | IDS)
    return Reader(client)


def listing(name: str, *ids: Any) -> Reply:
    records = [{"id": str(number), **STAMPS} for number in ids]
    return graphql({f"find{name.title()}": {name: records, "count": len(ids)}})


def asked(wire: Wire, number: int) -> dict[str, Any]:
    variables: dict[str, Any] = wire.asked()[number]["variables"]
    return variables


# Lists


def test_scenes_are_read_on_from_the_last_id(wire: Wire, reader: Reader) -> None:
    wire.will(listing("scenes", 4, 7), listing("scenes", 9))

    first = reader.page(SCENES, 0, 2)
    second = reader.page(SCENES, first.next or 0, 2)

    assert (first.next, second.next) == (7, None)
    assert asked(wire, 1) == {
        "filter": {"per_page": 2, "sort": "id", "direction": "ASC"},
        "scene_filter": {"id": {"value": 7, "modifier": "GREATER_THAN"}},
    }


def test_tags_are_read_on_by_page_sorted_by_id(wire: Wire, reader: Reader) -> None:
    wire.will(listing("tags", 4, 7), listing("tags"))

    first = reader.page(TAGS, 0, 2)
    second = reader.page(TAGS, first.next or 0, 2)

    assert (first.next, second.next, list(second.records)) == (1, None, [])
    assert asked(wire, 1) == {
        "filter": {"per_page": 2, "sort": "id", "direction": "ASC", "page": 2}
    }


def test_records_come_undecoded_with_the_servers_time(
    wire: Wire, reader: Reader
) -> None:
    body = b'{"data":{"findTags":{"tags":[{"id": "3", "odd":1e999}]}}}'
    date = {"date": "Tue, 03 Mar 2026 04:05:06 GMT"}
    wire.will(lambda _: httpx2.Response(200, content=body, headers=date))

    page = reader.page(TAGS)

    assert [bytes(record) for record in page.records] == [b'{"id": "3", "odd":1e999}']
    assert page.at is not None
    assert page.at.isoformat() == "2026-03-03T04:05:06+00:00"


def test_a_count_asks_for_no_rows(wire: Wire, reader: Reader) -> None:
    wire.will(listing("tags", 1, 2, 3))

    assert reader.count(TAGS) == 3
    assert asked(wire, 0) == {"filter": {"per_page": 0}}


@pytest.mark.parametrize("ids", [(1, 2, 2), (2, 1), (1, 3, 2)], ids=str)
def test_a_list_out_of_order_is_refused(
    wire: Wire, reader: Reader, ids: tuple[int, ...]
) -> None:
    wire.will(listing("tags", *ids))

    with pytest.raises(BadAnswer, match="tags out of order or twice"):
        list(reader.index(TAGS))
    with pytest.raises(BadAnswer, match="tags out of order or twice"):
        reader.page(TAGS)


@pytest.mark.parametrize("entity", [SCENES, TAGS], ids=["scenes", "tags"])
def test_a_server_that_repeats_a_page_is_left(
    wire: Wire, reader: Reader, entity: Any
) -> None:
    wire.will(listing(entity.name, *range(1, 1001)))

    pages = reader.index(entity)
    next(pages)

    with pytest.raises(BadAnswer, match="out of order or twice"):
        next(pages)
    assert len(wire.requests) == 2


def test_a_list_without_end_is_given_up(
    wire: Wire, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def more(request: httpx2.Request) -> httpx2.Response:
        variables = msgspec.json.decode(request.content)["variables"]
        after = variables["scene_filter"]["id"]["value"]
        return listing("scenes", *range(after + 1, after + 1001))(request)

    monkeypatch.setattr("syncapp.stash.bounds.RECORDS", 3_000)
    wire.will(more)

    with pytest.raises(BadAnswer, match="lists scenes without end"):
        list(reader.index(SCENES))


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"findTags": None},
        {"findTags": []},
        {"findTags": {}},
        {"findTags": {"tags": None}},
        {"findTags": {"tags": [None] * FEW}},
        {"findTags": {"tags": [{"id": 4, **STAMPS}] * FEW}},
        {"findTags": {"tags": [{"id": "four", **STAMPS}] * FEW}},
        {"findTags": {"tags": [{"id": str(2**40), **STAMPS}] * FEW}},
        {"findTags": {"tags": [{"id": "-4", **STAMPS}] * FEW}},
    ],
    ids=str,
)
def test_a_list_of_another_form_is_refused(
    wire: Wire, reader: Reader, data: dict[str, Any] | None
) -> None:
    wire.will(graphql(data))

    with pytest.raises(BadAnswer, match="in a form that Stash does not use"):
        list(reader.index(TAGS))
    with pytest.raises(BadAnswer, match="in a form that Stash does not use"):
        reader.page(TAGS)


def test_an_index_row_without_time_stamps_is_refused(
    wire: Wire, reader: Reader
) -> None:
    wire.will(graphql({"findTags": {"tags": [{"id": "4"}] * FEW}}))

    with pytest.raises(BadAnswer):
        list(reader.index(TAGS))


def test_a_page_that_fails_raises_what_stash_said(wire: Wire, reader: Reader) -> None:
    wire.will(graphql(None, "the requested element is null"))

    with pytest.raises(QueryFailed, match="the requested element is null"):
        reader.page(SCENES)


def test_a_row_without_a_usable_id_costs_itself(wire: Wire, reader: Reader) -> None:
    wire.will(listing("tags", 4, "x", 10**13, 9))

    (rows,) = reader.index(TAGS)

    assert [row.remote_id for row in rows] == [4, 9]
    assert reader.nameless == 2


@pytest.mark.parametrize("told", [10**30, 10**18, -1, None, "many", 2.5], ids=str)
def test_a_count_that_cannot_be_is_no_count(
    wire: Wire, reader: Reader, told: Any
) -> None:
    wire.will(graphql({"findTags": {"count": told}}))

    assert reader.count(TAGS) is None


def test_a_list_longer_than_twice_its_count_has_no_end(
    wire: Wire, reader: Reader
) -> None:
    def more(request: httpx2.Request) -> httpx2.Response:
        variables = msgspec.json.decode(request.content)["variables"]
        if "scene_filter" not in variables:
            return graphql({"findScenes": {"count": 60}})(request)
        after = variables["scene_filter"]["id"]["value"]
        return listing("scenes", *range(after + 1, after + 1001))(request)

    wire.will(more)
    reader.count(SCENES)

    with pytest.raises(BadAnswer, match="lists scenes without end"):
        list(reader.index(SCENES))
    assert len(wire.requests) == 12


# By id


def test_a_broken_answer_is_halved_down_to_its_record(
    wire: Wire, reader: Reader
) -> None:
    cut = reply(200, b'{"data": {"r0": {"id": ')
    wire.will(cut, cut, graphql(tags(r0=4, r1=5)), cut, cut, graphql(tags(r0=7)))

    read, missing, failed = found(reader, 4, 5, 6, 7)

    assert (read, missing, list(failed)) == ([4, 5, 7], set(), [6])
    assert failed[6].startswith("http://nas:9999 answered with JSON that is broken.")


def test_where_every_answer_is_broken_reading_ends(wire: Wire, reader: Reader) -> None:
    wire.will(reply(200, b'{"data": {"r0": {"id": '))

    with pytest.raises(BrokenAnswer):
        reader.by_ids(TAGS, range(1, 251))
    assert len(wire.requests) < 70


def test_a_reading_that_grows_large_leaves_ids_for_the_next(
    wire: Wire, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncapp.stash.by_id.MOST_BYTES", 1_000)
    wire.will(listing("tags", *range(1, 251)))

    fetched = reader.by_ids(TAGS, range(1, 401))

    assert len(fetched.records) == 250
    assert list(fetched.left) == list(range(251, 401))


def found(reader: Reader, *ids: int) -> tuple[list[int], set[int], dict[int, str]]:
    got = reader.by_ids(TAGS, ids)
    read = [int(msgspec.json.decode(record)["id"]) for record in got.records]
    return read, set(got.missing), dict(got.failed)


def tags(**roots: int | None) -> dict[str, Any]:
    return {
        root: None if number is None else {"id": str(number)}
        for root, number in roots.items()
    }


def test_ids_are_asked_for_as_one_list_without_duplicates(
    wire: Wire, reader: Reader
) -> None:
    wire.will(listing("tags", 4, 2))

    assert found(reader, 4, 2, 4) == ([4, 2], set(), {})
    assert asked(wire, 0) == {"ids": ["4", "2"]}


def test_no_ids_ask_nothing(wire: Wire, reader: Reader) -> None:
    assert found(reader) == ([], set(), {})
    assert reader.confirm(TAGS, []).gone == frozenset()
    assert wire.requests == []


def test_a_missing_id_costs_the_list_and_is_singled_out(
    wire: Wire, reader: Reader
) -> None:
    wire.will(graphql(None, "tag with id 2 not found"), graphql(tags(r0=4, r1=None)))

    assert found(reader, 4, 2) == ([4], {2}, {})
    assert asked(wire, 1) == {"i0": "4", "i1": "2"}


def test_an_id_that_a_list_leaves_out_is_asked_for_alone(
    wire: Wire, reader: Reader
) -> None:
    wire.will(listing("tags", 4), graphql(tags(r0=None)))

    assert found(reader, 4, 2) == ([4], {2}, {})


def test_a_record_that_fails_is_told_with_its_reason(
    wire: Wire, reader: Reader
) -> None:
    broken = "the requested element is null which the schema does not allow"
    wire.will(
        graphql(None, broken),
        graphql(tags(r0=4, r1=None, r2=6), broken),  # nothing of it is trusted
        graphql(tags(r0=4, r1=None), broken),
        graphql(tags(r0=4)),
        graphql(tags(r0=None), broken),
        graphql(tags(r0=6)),
    )

    assert found(reader, 4, 5, 6) == ([4, 6], set(), {5: f"{broken}."})


def test_a_null_beside_an_error_is_never_taken_for_missing(
    wire: Wire, reader: Reader
) -> None:
    wire.will(graphql(None, "odd"), graphql(tags(r0=None), "odd"))

    assert found(reader, 4) == ([], set(), {4: "odd."})


def test_a_locked_database_stops_the_reading(wire: Wire, reader: Reader) -> None:
    wire.will(graphql(None, LOCKED))

    with pytest.raises(StashBusy):
        reader.by_ids(TAGS, [4])


def test_without_lists_by_id_each_is_asked_for(wire: Wire, client: StashClient) -> None:
    client._server = Server("v0.24.0", 54, "OK", NEEDED)
    wire.will(graphql(tags(r0=4, r1=None)))

    assert found(Reader(client), 4, 2) == ([4], {2}, {})
    assert len(wire.requests) == 1


def test_a_record_that_was_not_asked_for_is_refused(wire: Wire, reader: Reader) -> None:
    wire.will(listing("tags", 5))
    with pytest.raises(BadAnswer, match="that we did not ask for"):
        reader.by_ids(TAGS, [4])

    wire.will(graphql(tags(r0=5)))
    with pytest.raises(BadAnswer, match="that we did not ask for"):
        reader.confirm(TAGS, [4])


# Gone or not


def sorted_out(reader: Reader, *ids: int) -> tuple[set[int], set[int], set[int]]:
    answer = reader.confirm(TAGS, ids)
    return set(answer.alive), set(answer.gone), set(answer.unknown)


def test_null_without_errors_is_gone(wire: Wire, reader: Reader) -> None:
    wire.will(graphql(tags(r0=4, r1=None)))

    assert sorted_out(reader, 4, 2) == ({4}, {2}, set())


def test_a_null_beside_an_error_is_asked_for_again_alone(
    wire: Wire, reader: Reader
) -> None:
    wire.will(
        graphql(tags(r0=4, r1=None, r2=None), LOCKED),
        graphql(tags(r0=None)),
        graphql(tags(r0=7)),
    )

    assert sorted_out(reader, 4, 2, 7) == ({4, 7}, {2}, set())
    assert len(wire.requests) == 3


def test_what_fails_again_is_unknown(wire: Wire, reader: Reader) -> None:
    wire.will(graphql(tags(r0=None), LOCKED))

    assert sorted_out(reader, 2) == (set(), set(), {2})
    assert len(wire.requests) == 2


@pytest.mark.parametrize("data", [None, {}], ids=str)
def test_no_answer_at_all_is_unknown(
    wire: Wire, reader: Reader, data: dict[str, Any] | None
) -> None:
    wire.will(graphql(data))

    assert sorted_out(reader, 2) == (set(), set(), {2})


def test_fifty_ids_go_into_one_request(wire: Wire, reader: Reader) -> None:
    wire.will(
        graphql(tags(**dict.fromkeys([f"r{n}" for n in range(50)]))),
        graphql(tags(r0=51)),
    )

    alive, gone, _ = sorted_out(reader, *range(1, 52))

    assert (alive, len(gone), len(wire.requests)) == ({51}, 50, 2)
