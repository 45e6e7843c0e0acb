"""The fast answers equal graphql-core's own; finding works as Stash's does."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from syncapp.demo.catalogue import Record
from syncapp.demo.execution import Executor
from syncapp.demo.library import Library
from syncapp.demo.schema import schema_without
from syncapp.demo.server import DemoServer

Ask = Callable[..., Any]

SCENES = """
query Page($filter: FindFilterType, $scene_filter: SceneFilterType, $ids: [ID!]) {
  findScenes(filter: $filter, scene_filter: $scene_filter, ids: $ids) {
    count
    scenes { ...Whole paths { screenshot } studio { id name } }
  }
}
fragment Whole on Scene {
  id title code details director date rating100 organized urls url o_counter
  created_at updated_at resume_time play_duration play_count last_played_at
  studio { id } tags { id } people: performers { id }
  stash_ids { endpoint stash_id }
  files {
    id path basename size mod_time created_at updated_at format width height duration
    video_codec audio_codec frame_rate bit_rate fingerprints { type value }
  }
}
"""
PERFORMERS = """
query Page($filter: FindFilterType) {
  findPerformers(filter: $filter) {
    performers {
      id name disambiguation url twitter instagram urls gender birthdate death_date
      country details alias_list ignore_auto_tag favorite rating100 image_path
      scene_count tags { id } stash_ids { endpoint stash_id updated_at } created_at
    }
  }
}
"""
TAGS = """
query Page($filter: FindFilterType) {
  findTags(filter: $filter) {
    count
    tags {
      id name sort_name description aliases ignore_auto_tag favorite
      stash_ids { endpoint } parents { id name } children { id } created_at updated_at
    }
  }
}
"""
STUDIOS = """
query Page($filter: FindFilterType) {
  findStudios(filter: $filter) {
    studios {
      id name url urls parent_studio { id parent_studio { id } } child_studios { id }
      details aliases ignore_auto_tag favorite rating100 tags { id } updated_at
    }
  }
}
"""
SINGLES = """
query One($id: ID!) {
  a: findScene(id: $id) { id title tags { name } }
  b: findScene(id: 999999) { id }
  findTag(id: 3) { id } findPerformer(id: 3) { name } findStudio(id: 3) { name }
  version { version } systemStatus { appSchema status }
}
"""
ASC = {"sort": "id", "direction": "ASC"}


def index(ask: Ask, root: str = "findScenes", **variables: Any) -> list[int]:
    """Return the ids that a find query answers."""
    kind = root.removeprefix("find")
    lower = kind.lower().removesuffix("s")
    document = f"""query Index($filter: FindFilterType, $ids: [ID!],
        $criteria: {kind.removesuffix("s")}FilterType) {{
        {root}(filter: $filter, ids: $ids, {lower}_filter: $criteria) {{
            {lower}s {{ id }} }} }}"""
    found = ask(document, **variables)["data"][root][f"{lower}s"]
    return [int(one["id"]) for one in found]


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        (SCENES, {"filter": {**ASC, "per_page": 100}}),
        (SCENES, {"filter": {**ASC, "per_page": 90, "page": 2}}),
        (SCENES, {"filter": {"per_page": -1, "sort": "updated_at"}}),
        (SCENES, {"filter": {"per_page": 0}}),
        (SCENES, {"ids": [30, "7", 12]}),
        (SCENES, {"ids": [30, 4000]}),
        (SCENES, {}),
        (PERFORMERS, {"filter": {"per_page": -1}}),
        (TAGS, {"filter": {"per_page": -1, **ASC}}),
        (TAGS, {"filter": {"sort": "nonsense"}}),
        (STUDIOS, {"filter": {"per_page": -1, "direction": "DESC"}}),
        (SINGLES, {"id": 12}),
    ],
)
def test_fast_answers_are_graphql_cores_answers(
    document: str, variables: dict[str, Any]
) -> None:
    library = Library(seed=5, scenes=300)
    executor = Executor(library, schema_without())
    for change in (
        lambda: None,
        lambda: library.edit("scene", 7, title="Edited", tags=[1, 2], files=[{}]),
        lambda: library.add("scene", title="Added", performers=[4]),
        lambda: library.merge_tags([4, 5], into=6),
        lambda: library.delete("scene", 20),
        lambda: library.delete("studio", 1),
    ):
        change()
        prepared = executor.document(document)
        fast = executor.answer(prepared, variables, lambda *_: None)
        slow = executor.by_graphql_core(prepared, variables, lambda *_: None)

        assert fast == slow
    executor.close()


def test_answers_hold_the_truth(demo: DemoServer, ask: Ask) -> None:
    answered = ask(SCENES, filter={**ASC, "per_page": -1})["data"]["findScenes"][
        "scenes"
    ]

    truth = demo.truth()["scene"]
    assert [int(scene["id"]) for scene in answered] == list(truth)
    for scene in answered:
        assert _ids(scene) == _plain(truth[int(scene["id"])])


def _ids(answer: Record) -> Record:
    """Return an answered scene with relations as the truth holds them."""
    scene = {k: v for k, v in answer.items() if k not in {"url", "paths", "people"}}
    return scene | {
        "id": int(scene["id"]),
        "studio": scene["studio"] and int(scene["studio"]["id"]),
        "tags": {int(tag["id"]) for tag in scene["tags"]},
        "performers": {int(one["id"]) for one in answer["people"]},
        "files": [{**file, "id": int(file["id"])} for file in scene["files"]],
    }


def _plain(scene: Record) -> Record:
    ids = [{k: one[k] for k in ("endpoint", "stash_id")} for one in scene["stash_ids"]]
    tags, people = set(scene["tags"]), set(scene["performers"])
    scene = {k: value for k, value in scene.items() if k != "last_o_at"}  # a sort only
    return scene | {"stash_ids": ids, "tags": tags, "performers": people}


def test_a_page_has_25_rows_unless_asked_otherwise(ask: Ask) -> None:
    assert len(index(ask)) == 25
    assert len(index(ask, filter={"per_page": -1})) == 300
    assert index(ask, filter={"per_page": 7, "page": 3, **ASC}) == list(range(15, 22))


def test_a_page_of_0_counts_and_lists_nothing(ask: Ask) -> None:
    answer = ask("{ findScenes(filter: {per_page: 0}) { count scenes { id } } }")

    assert answer == {"data": {"findScenes": {"count": 300, "scenes": []}}}


def test_without_a_sort_scenes_are_in_no_order_of_ids(ask: Ask) -> None:
    ids = index(ask, filter={"per_page": -1})

    assert ids != sorted(ids)
    assert sorted(ids) == list(range(1, 301))


def test_keyset_pages_see_each_scene_once_though_scenes_vanish(
    demo: DemoServer, ask: Ask
) -> None:
    after, seen = 0, []
    while True:
        criteria = {"id": {"value": after, "modifier": "GREATER_THAN"}}
        page = index(ask, filter={**ASC, "per_page": 50}, criteria=criteria)
        if not page:
            break
        seen += page
        after = page[-1]
        demo.library.delete("scene", seen[-10])

    assert seen == list(range(1, 301))


def test_a_list_of_ids_answers_in_its_own_order(ask: Ask) -> None:
    assert index(ask, ids=[30, 7, 12], filter={"per_page": 1}) == [30, 7, 12]


def test_an_empty_list_of_ids_is_no_filter(ask: Ask) -> None:
    assert len(index(ask, ids=[])) == 25


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([3, 4000, 5], "scene with id 4000 not found"),
        ([3, 5, 3], "validating ids: duplicate id found: 3"),
    ],
)
def test_one_bad_id_fails_the_whole_list(
    ask: Ask, ids: list[int], message: str
) -> None:
    answer = ask("query($ids: [ID!]) { findScenes(ids: $ids) { count } }", ids=ids)

    assert answer == {
        "errors": [{"message": message, "path": ["findScenes"]}],
        "data": None,
    }


def test_newest_first_follows_the_edits(demo: DemoServer, ask: Ask) -> None:
    newest = {"sort": "updated_at", "direction": "DESC", "per_page": 3}
    before = index(ask, filter=newest)
    demo.library.edit("scene", 250, title="Now")

    assert index(ask, filter=newest) == [250, *before[:2]]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2030-01-01T00:00:00", [9]),
        ("2030-01-01T00:00:00.999", []),  # "-" stands before "." in the alphabet
        ("2030-01-01T00:00:00-08:00", []),
        ("2030-01-01T07:59:59Z", []),  # earlier, but not as text
    ],
)
def test_timestamps_are_compared_as_text(
    demo: DemoServer, ask: Ask, value: str, found: list[int]
) -> None:
    demo.library.edit("scene", 9, updated_at="2030-01-01T00:00:00-08:00")
    criterion = {"value": value, "modifier": "GREATER_THAN"}

    assert index(ask, criteria={"updated_at": criterion}) == found


def test_scenes_are_found_by_their_files_timestamps(demo: DemoServer, ask: Ask) -> None:
    file = demo.truth()["scene"][5]["files"][0]
    moved = {**file, "path": "/moved.mp4", "updated_at": "2030-01-01T00:00:00+01:00"}
    demo.library.edit("scene", 5, files=[moved], touch=False)

    criterion = {"value": "2029", "modifier": "GREATER_THAN"}
    assert index(ask, criteria={"files_filter": {"updated_at": criterion}}) == [5]


def test_tags_can_be_looked_up_by_name(demo: DemoServer, ask: Ask) -> None:
    name = demo.truth()["tag"][4]["name"]
    criterion = {"value": name, "modifier": "EQUALS"}

    assert index(ask, "findTags", criteria={"name": criterion}) == [4]


def test_unordered_lists_are_dealt_anew_when_asked(demo: DemoServer, ask: Ask) -> None:
    number = demo.library.add("scene", title="Crowd", performers=list(range(1, 9)))
    demo.library.shuffle = True
    document = "query($id: ID!) { findScene(id: $id) { performers { id } } }"

    answers = {json.dumps(ask(document, id=number)) for _ in range(20)}
    assert len(answers) > 1


def test_a_spoiled_record_fails_only_what_reads_it(demo: DemoServer, ask: Ask) -> None:
    demo.library.spoil("scene", 12)
    document = """query($ids: [ID!]) {
        findScenes(ids: $ids) { scenes { id stash_ids { endpoint } } } }"""

    assert ask(document, ids=[11, 12, 13])["data"] is None
    assert "errors" not in ask(document, ids=[11, 13])
    assert len(index(ask, filter={"per_page": -1})) == 300
