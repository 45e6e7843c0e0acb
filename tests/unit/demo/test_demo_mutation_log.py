"""The log of mutations: what took effect, in which order, whatever was answered."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from syncapp.demo import DemoServer, Library
from syncapp.stash.scene_writing import WRITE_SCENE, scene_variables

Ask = Callable[..., Any]
BULK = """mutation Bulk($i: BulkSceneUpdateInput!) {
    bulkSceneUpdate(input: $i) { id } }"""


def told(demo: DemoServer) -> list[tuple[str, str, tuple[int, ...], bool]]:
    return [(one.field, one.alias, one.ids, one.changed) for one in demo.mutations]


def test_the_half_that_looks_changes_nothing(demo: DemoServer, ask: Ask) -> None:
    given = {"title": "Ours", "tag_ids": {"mode": "ADD", "ids": ["3"]}}
    ask(WRITE_SCENE, **scene_variables(12, given))

    assert told(demo) == [
        ("bulkSceneUpdate", "seen", (12,), False),
        ("bulkSceneUpdate", "wrote", (12,), True),
    ]
    (wrote,) = demo.mutations.changes()
    assert (wrote.operation, wrote.scenes) == ("WriteScene", (12,))
    assert wrote.given == {"ids": ["12"], **given}


def test_a_write_of_what_is_there_changes_nothing(demo: DemoServer, ask: Ask) -> None:
    title = demo.library.edit("scene", 12, title="Ours")["title"]
    ask(WRITE_SCENE, **scene_variables(12, {"title": title}))

    assert [one.changed for one in demo.mutations] == [False, False]


def test_what_is_refused_is_not_in_it(demo: DemoServer, ask: Ask) -> None:
    answer = ask(WRITE_SCENE, **scene_variables(12, {"studio_id": "9999"}))

    assert answer["data"]["wrote"] is None
    assert [one.alias for one in demo.mutations] == ["seen"]


def test_things_that_are_made_merged_and_destroyed_are_in_it(
    demo: DemoServer, ask: Ask
) -> None:
    made = ask('mutation { tagCreate(input: {name: "Drizzle"}) { id } }')
    number = int(made["data"]["tagCreate"]["id"])
    ask("mutation { studioDestroy(input: {id: 2}) }")
    ask(
        f"""mutation {{ tagsMerge(input: {{source: [{number}], destination: 1}}) {{
        id }} }}"""
    )
    ask("mutation { metadataScan(input: {}) }")

    assert told(demo) == [
        ("tagCreate", "tagCreate", (number,), True),
        ("studioDestroy", "studioDestroy", (2,), True),
        ("tagsMerge", "tagsMerge", (number, 1), True),
        ("metadataScan", "metadataScan", (), False),
    ]
    assert [one.kind for one in demo.mutations] == ["tag", "studio", "tag", ""]
    assert all(one.scenes == () for one in demo.mutations)


def test_of_several_updates_that_one_fails_none_is_done(
    demo: DemoServer, ask: Ask
) -> None:
    before = demo.truth()["scene"]
    document = """mutation Both($i: [SceneUpdateInput!]!) {
        scenesUpdate(input: $i) { id } }"""
    given = [{"id": "5", "code": "x"}, {"id": "9999", "code": "x"}]
    answer = ask(document, i=given)

    assert answer["data"] == {"scenesUpdate": None}
    assert (demo.truth()["scene"], len(demo.mutations)) == (before, 0)


@pytest.mark.parametrize("sent", [None, 5])
def test_a_write_whose_answer_is_lost_is_in_it(
    demo: DemoServer, ask: Ask, sent: int | None
) -> None:
    demo.faults.drop(root="bulkSceneUpdate", sent=sent)
    with pytest.raises(httpx2.TransportError):
        ask(WRITE_SCENE, **scene_variables(12, {"title": "Ours"}))

    assert [one.changed for one in demo.mutations] == [False, True]


def test_a_500_that_hides_an_answer_hides_no_write(
    demo: DemoServer, http: httpx2.Client
) -> None:
    ours = scene_variables(12, {"title": "Ours"})
    body = {"query": WRITE_SCENE, "variables": ours}
    demo.faults.status(500, root="bulkSceneUpdate")
    demo.faults.status(502, root="bulkSceneUpdate", landed=True)
    answers = [http.post(f"{demo.url}/graphql", json=body) for _ in range(2)]

    assert [one.status_code for one in answers] == [500, 502]
    assert [one.content for one in answers] == [b"", b""]
    assert [one.alias for one in demo.mutations] == ["seen", "wrote"]


def test_a_server_that_was_started_again_goes_on_with_it(
    demo: DemoServer, ask: Ask
) -> None:
    ask(BULK, i={"ids": [1], "code": "x"})
    demo.play_version(0, 24, 3)
    ask(BULK, i={"ids": [2], "code": "x"})
    demo.replace_library(Library(seed=2, scenes=9))
    ask(BULK, i={"ids": [3], "code": "x"})

    assert [one.ids for one in demo.mutations] == [(1,), (2,), (3,)]
    demo.mutations.clear()
    assert len(demo.mutations) == 0


def test_a_stamp_is_of_the_arrival_in_whole_seconds(demo: DemoServer, ask: Ask) -> None:
    times = iter(range(1_790_000_000, 1_790_000_900, 10))
    demo.library.now = lambda: datetime.fromtimestamp(next(times) + 0.7, UTC)

    def wait_behind_a_long_write() -> None:
        for _ in range(5):
            demo.library.now()

    demo.faults.between(wait_behind_a_long_write, alias="bulkSceneUpdate")
    ask(BULK, i={"ids": [12], "code": "x"})

    (done,) = demo.mutations
    stamp = datetime.fromisoformat(demo.truth()["scene"][12]["updated_at"])
    assert stamp == done.arrived_at.replace(microsecond=0)
    assert (done.at - done.arrived_at).total_seconds() == 60


def test_waiting_for_what_does_not_come_says_so(demo: DemoServer) -> None:
    with pytest.raises(TimeoutError, match=r"0 of 1 mutations were done in 0\.01 s"):
        demo.mutations.wait(1, timeout_s=0.01)
