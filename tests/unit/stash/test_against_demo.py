"""The reader and the demo Stash understand each other, on every age of server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import msgspec
import pytest

from syncapp.demo.library import Library
from syncapp.demo.server import DemoServer
from syncapp.stash import records
from syncapp.stash.client import Limits, StashClient
from syncapp.stash.documents import ENTITIES, PERFORMERS, SCENES, TAGS, Entity
from syncapp.stash.errors import (
    KeyRefused,
    NotStash,
    StashNotReady,
    StashUnreachable,
)
from syncapp.stash.reading import Reader
from syncapp.stash.shapes import Confirmed

DECODERS: dict[str, Callable[[msgspec.Raw], Any]] = {
    "tags": records.decode_tag,
    "studios": records.decode_studio,
    "performers": records.decode_performer,
    "scenes": records.decode_scene,
}
KEY = "demo-key"
LIMITS = Limits(read_s=3, backoff_s=0)  # the demo answers at once, a busy machine later
LOCKED = "database is locked"
every_entity = pytest.mark.parametrize(
    "entity", ENTITIES, ids=[entity.name for entity in ENTITIES]
)


@pytest.fixture
def demo() -> Iterator[DemoServer]:
    with DemoServer(Library(seed=3, scenes=1203), api_key=KEY) as server:
        yield server


@pytest.fixture
def reader(demo: DemoServer) -> Iterator[Reader]:
    with StashClient(demo.url, KEY, limits=LIMITS) as client:
        yield Reader(client)


def whole(reader: Reader, entity: Entity, size: int = 250) -> list[msgspec.Raw]:
    place: int | None = 0
    read: list[msgspec.Raw] = []
    while place is not None:
        page = reader.page(entity, place, size)
        read.extend(page.records)
        place = page.next
    return read


def sorted_out(answer: Confirmed) -> tuple[set[int], set[int], set[int]]:
    return set(answer.alive), set(answer.gone), set(answer.unknown)


def truth(demo: DemoServer, entity: Entity) -> dict[int, Any]:
    return demo.truth()[entity.type_name.lower()]


@every_entity
def test_index_count_and_pages_hold_every_record_once(
    demo: DemoServer, reader: Reader, entity: Entity
) -> None:
    expected = sorted(truth(demo, entity))

    index = [row for page in reader.index(entity) for row in page]
    decoded = [DECODERS[entity.name](raw).record for raw in whole(reader, entity)]

    assert [row.remote_id for row in index] == expected
    assert [int(record.id) for record in decoded] == expected
    assert reader.count(entity) == len(expected)
    assert [row[1:] for row in index] == [
        (record.created_at, record.updated_at) for record in decoded
    ]


def test_a_page_that_is_not_full_is_the_last(demo: DemoServer, reader: Reader) -> None:
    rows = sum(len(page) for page in reader.index(SCENES))

    assert rows == 1203
    assert demo.requests.count(operation="SceneIndex") == 2


@every_entity
@pytest.mark.parametrize("version", [(0, 24), (0, 26), (0, 31)], ids=str)
def test_ids_are_found_or_missing_on_every_age_of_server(
    demo: DemoServer, reader: Reader, entity: Entity, version: tuple[int, int]
) -> None:
    demo.play_version(*version)

    got = reader.by_ids(entity, [5, 2, 999_999, 3, 2])

    decoded = [DECODERS[entity.name](raw).record for raw in got.records]
    assert sorted(int(record.id) for record in decoded) == [2, 3, 5]
    assert (set(got.missing), dict(got.failed)) == ({999_999}, {})
    assert got.at is not None
    assert reader.client.server.version == f"v{version[0]}.{version[1]}.0"


@every_entity
def test_what_was_deleted_is_confirmed_as_gone(
    demo: DemoServer, reader: Reader, entity: Entity
) -> None:
    answer = reader.confirm(entity, [1, 2, 999_999])

    assert sorted_out(answer) == ({1, 2}, {999_999}, set())


def test_names_and_links_are_those_of_the_library(
    demo: DemoServer, reader: Reader
) -> None:
    scenes = truth(demo, SCENES)

    for raw in whole(reader, SCENES, 100):
        scene = records.decode_scene(raw).record
        told = scenes[int(scene.id)]
        assert scene.title == (told["title"] or "")
        assert {int(tag.id) for tag in scene.tags} == set(told["tags"])
        assert {int(ref.id) for ref in scene.performers} == set(told["performers"])
        assert len(scene.files) == len(told["files"])


def test_performers_of_an_old_server_have_the_same_urls(
    demo: DemoServer, reader: Reader
) -> None:
    def urls() -> list[set[str]]:
        return [
            set(records.decode_performer(raw).record.urls)
            for raw in whole(reader, PERFORMERS)
        ]

    new = urls()
    demo.play_version(0, 26)
    reader.client.handshake()
    old = urls()

    assert any(new)
    assert all(
        before <= now and bool(before) == bool(now)
        for before, now in zip(old, new, strict=True)
    )


def test_a_failing_look_up_is_not_taken_for_a_deletion(
    demo: DemoServer, reader: Reader
) -> None:
    demo.faults.fail_field(LOCKED, field="findTag", number=2, times=9)

    answer = reader.confirm(TAGS, [1, 2, 999_999])

    assert sorted_out(answer) == ({1}, {999_999}, {2})


def test_a_record_that_cannot_be_read_leaves_the_others(
    demo: DemoServer, reader: Reader
) -> None:
    demo.faults.fail_field("element is null", field="findTags", times=1)
    demo.faults.fail_field("element is null", field="findTag", number=2, times=9)

    got = reader.by_ids(TAGS, [1, 2, 3, 4])

    assert len(got.records) == 3
    assert got.failed == {2: "element is null."}


def test_a_busy_server_is_asked_again(demo: DemoServer, reader: Reader) -> None:
    reader.client.handshake()
    demo.faults.locked(times=2)

    assert reader.count(TAGS) == len(truth(demo, TAGS))


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("SETUP", "has not been set up"), ("NEEDS_MIGRATION", "waits for its database")],
)
def test_a_server_that_is_not_ready_is_told(
    demo: DemoServer, reader: Reader, status: str, sentence: str
) -> None:
    demo.library.status = status

    with pytest.raises(StashNotReady, match=sentence):
        reader.client.handshake()


@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_missing_or_wrong_key_is_refused(demo: DemoServer, key: str) -> None:
    with (
        StashClient(demo.url, key, limits=LIMITS) as client,
        pytest.raises(KeyRefused),
    ):
        client.handshake()


def test_faults_of_the_wire_are_told_apart(demo: DemoServer, reader: Reader) -> None:
    client = reader.client
    with ExitStack() as stack:
        stack.callback(demo.faults.clear)
        demo.faults.html()
        with pytest.raises(NotStash, match="web page"):
            client.handshake()
        demo.faults.login()
        with pytest.raises(KeyRefused):
            client.handshake()
        demo.faults.hang()
        with pytest.raises(StashUnreachable, match="did not answer in time"):
            client.handshake()
        demo.faults.drop(sent=20, times=3)
        with pytest.raises(StashUnreachable, match="broke off"):
            client.handshake()
    demo.stop()
    with pytest.raises(StashUnreachable, match="Nothing answers"):
        client.handshake()
