"""Mutations: what an input changes, clears and is refused for."""

from collections.abc import Callable
from typing import Any

import pytest

from syncapp.demo.server import DemoServer

Ask = Callable[..., Any]

UPDATE = """mutation U($input: SceneUpdateInput!) {
    sceneUpdate(input: $input) { id title updated_at tags { id } } }"""
BULK = """mutation B($input: BulkSceneUpdateInput!) {
    bulkSceneUpdate(input: $input) { id tags { id } } }"""
TAG = "mutation T($input: TagUpdateInput!) { tagUpdate(input: $input) { id name } }"


def message(answer: Any) -> str:
    return str(answer["errors"][0]["message"])


def test_an_update_changes_what_it_names_and_bumps(demo: DemoServer, ask: Ask) -> None:
    before = demo.truth()["scene"][12]
    answer = ask(UPDATE, input={"id": "12", "title": "  Trimmed ", "tag_ids": ["3"]})

    after = demo.truth()["scene"][12]
    assert answer["data"]["sceneUpdate"]["title"] == "Trimmed"
    assert after["updated_at"] > before["updated_at"]
    assert after == {
        **before,
        "title": "Trimmed",
        "tags": [3],
        "updated_at": after["updated_at"],
    }


def test_null_clears_and_left_out_does_not(demo: DemoServer, ask: Ask) -> None:
    demo.library.edit(
        "scene", 12, code="A-1", studio=2, tags=[1], urls=["u"], date="1999"
    )
    ask(UPDATE, input={"id": 12, "code": None, "studio_id": None, "tag_ids": None})

    scene = demo.truth()["scene"][12]
    assert (scene["code"], scene["studio"], scene["tags"]) == ("", None, [])
    assert (scene["urls"], scene["date"]) == (["u"], "1999")


def test_an_unset_variable_inside_an_input_clears(demo: DemoServer, ask: Ask) -> None:
    demo.library.edit("scene", 12, details="Long story")
    document = """mutation U($details: String) {
        sceneUpdate(input: {id: 12, details: $details}) { id } }"""
    ask(document)

    assert demo.truth()["scene"][12]["details"] == ""


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"id": 9999, "title": "x"}, "scene with id 9999 not found"),
        ({"id": 12, "tag_ids": [9999]}, "FOREIGN KEY constraint failed"),
        ({"id": 12, "organized": None}, "Internal system error. Error <null value"),
        (
            {"id": 12, "stash_ids": [{"endpoint": "e", "stash_id": n} for n in "ab"]},
            "UNIQUE constraint failed",
        ),
    ],
)
def test_a_refused_update_is_a_200_with_null(
    ask: Ask, given: dict[str, Any], wanted: str
) -> None:
    answer = ask(UPDATE, input=given)

    assert answer["data"] == {"sceneUpdate": None}
    assert wanted in message(answer)


def test_one_failing_alias_leaves_its_neighbours_alone(ask: Ask) -> None:
    document = """mutation {
        a: sceneUpdate(input: {id: 1, title: "A"}) { title }
        b: sceneUpdate(input: {id: 9999, title: "B"}) { title }
        c: sceneUpdate(input: {id: 2, title: "C"}) { title } }"""
    answer = ask(document)

    assert answer["data"] == {"a": {"title": "A"}, "b": None, "c": {"title": "C"}}
    assert answer["errors"] == [
        {"message": "scene with id 9999 not found", "path": ["b"]}
    ]


@pytest.mark.parametrize(
    ("mode", "tags"), [("ADD", [1, 2, 3]), ("REMOVE", [1]), ("SET", [2, 3])]
)
def test_a_bulk_update_moves_lists_by_mode(
    demo: DemoServer, ask: Ask, mode: str, tags: list[int]
) -> None:
    demo.library.edit("scene", 5, tags=[1, 2])
    ask(BULK, input={"ids": [5], "tag_ids": {"ids": [2, 3], "mode": mode}})

    assert demo.truth()["scene"][5]["tags"] == tags


def test_a_bulk_update_with_a_missing_scene_changes_none(
    demo: DemoServer, ask: Ask
) -> None:
    before = demo.truth()["scene"]
    answer = ask(BULK, input={"ids": [5, 9999], "title": "x"})

    assert message(answer) == "sql: no rows in result set"
    assert demo.truth()["scene"] == before


def test_a_tag_cannot_take_anothers_name_or_become_its_own_ancestor(
    demo: DemoServer, ask: Ask
) -> None:
    demo.library.edit("tag", 1, name="Fog", aliases=["Haze"], parents=[])
    demo.library.edit("tag", 2, parents=[1])

    assert "'FOG' already exists" in message(ask(TAG, input={"id": 2, "name": "FOG"}))
    assert "alias for 'Fog'" in message(ask(TAG, input={"id": 2, "name": "haze"}))
    assert "already a descendant" in message(
        ask(TAG, input={"id": 1, "parent_ids": [2]})
    )


def test_tags_are_created_merged_and_destroyed(demo: DemoServer, ask: Ask) -> None:
    made = ask('mutation { tagCreate(input: {name: "Drizzle"}) { id } }')
    number = int(made["data"]["tagCreate"]["id"])
    merge = (
        "mutation M($input: TagsMergeInput!) { tagsMerge(input: $input) { aliases } }"
    )
    merged = ask(merge, input={"source": [number], "destination": 1})
    destroyed = ask("mutation { tagDestroy(input: {id: 1}) }")

    assert "Drizzle" in merged["data"]["tagsMerge"]["aliases"]
    assert destroyed["data"] == {"tagDestroy": True}
    assert not {1, number} & demo.truth()["tag"].keys()


@pytest.mark.parametrize("kind", ["scene", "performer", "studio"])
def test_objects_are_destroyed(demo: DemoServer, ask: Ask, kind: str) -> None:
    answer = ask(f"mutation {{ {kind}Destroy(input: {{id: 2}}) }}")
    gone = ask(f"{{ find{kind.title()}(id: 2) {{ id }} }}")

    assert answer == {"data": {f"{kind}Destroy": True}}
    assert gone == {"data": {f"find{kind.title()}": None}}
    assert 2 not in demo.truth()[kind]


def test_a_performer_is_updated(demo: DemoServer, ask: Ask) -> None:
    document = """mutation { performerUpdate(
        input: {id: 3, birthdate: "1950-04", alias_list: ["Al"], favorite: true}) {
        birthdate alias_list favorite } }"""
    answer = ask(document)

    assert answer["data"]["performerUpdate"] == {
        "birthdate": "1950-04",
        "alias_list": ["Al"],
        "favorite": True,
    }
