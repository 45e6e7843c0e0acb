"""Lines about deletions and merges: what is left, and what is bumped."""

from tests.contract.line import Data, Line, Refused, Where, done

MERGE = """mutation Merge($i: TagsMergeInput!) { tagsMerge(input: $i) {
    name aliases } }"""
TAGGED = """mutation Bulk($i: BulkSceneUpdateInput!) {
    bulkSceneUpdate(input: $i) { id } }"""
DESTROY_TAG = "mutation Away($id: ID!) { tagDestroy(input: {id: $id}) }"
TAG_IT = done(
    TAGGED,
    i={"ids": ["{scene}"], "tag_ids": {"mode": "ADD", "ids": ["{tag}"]}},
)
MERGED = done(MERGE, i={"source": ["{tag}"], "destination": "{tag2}"})
SCENE_TAGS = "query Read($id: ID!) { findScene(id: $id) { tags { id } } }"


def away(kind: str, message: str) -> Line:
    return Line(
        f"a {kind.lower()} that is not there cannot be destroyed",
        f"mutation Away($id: ID!) {{ {kind.lower()}Destroy(input: {{id: $id}}) }}",
        Refused(message, None),
        {"id": "{missing}"},
        writes=True,
    )


LINES = (
    Line(
        "a merged tag's name becomes an alias",
        MERGE,
        Data({"tagsMerge": {"name": "{tag2.name}", "aliases": ["{tag.name}"]}}),
        {"i": {"source": ["{tag}"], "destination": "{tag2}"}},
        writes=True,
    ),
    Line(
        "a merged tag's scenes have the other",
        SCENE_TAGS,
        Data({"findScene": {"tags": [{"id": "{tag2}"}]}}),
        {"id": "{scene}"},
        (TAG_IT, MERGED),
        writes=True,
    ),
    Line(
        "a merged tag is gone",
        "query Read($id: ID!) { findTag(id: $id) { id } }",
        Data({"findTag": None}),
        {"id": "{tag}"},
        (MERGED,),
        writes=True,
    ),
    Line(
        "a merge of nothing is null",
        MERGE,
        Data({"tagsMerge": None}),
        {"i": {"source": [], "destination": "{tag}"}},
        writes=True,
    ),
    Line(
        "a tag cannot be merged into itself",
        MERGE,
        Refused("cannot merge where source == destination", {"tagsMerge": None}),
        {"i": {"source": ["{tag}"], "destination": "{tag}"}},
        writes=True,
    ),
    Line(
        "a missing tag cannot be merged",
        MERGE,
        Refused("id {missing} does not exist in tags", {"tagsMerge": None}),
        {"i": {"source": ["{missing}"], "destination": "{tag}"}},
        writes=True,
    ),
    Line(
        "nothing can be merged into a missing tag",
        MERGE,
        Refused("tag with id {missing} not found", {"tagsMerge": None}),
        {"i": {"source": ["{tag}"], "destination": "{missing}"}},
        writes=True,
    ),
    Line(
        "a destroyed tag leaves its scenes",
        SCENE_TAGS,
        Data({"findScene": {"tags": []}}),
        {"id": "{scene}"},
        (TAG_IT, done(DESTROY_TAG, id="{tag}")),
        writes=True,
    ),
    Line(
        "what is made again has another id",
        """mutation Again($i: TagCreateInput!) { tagCreate(input: $i) { id name } }""",
        Data(
            {
                "tagCreate": {
                    "id": Where("a new id", lambda it: int(it) > 0),
                    "name": "{tag.name}",
                }
            }
        ),
        {"i": {"name": "{tag.name}"}},
        (done(DESTROY_TAG, id="{tag}"),),
        writes=True,
    ),
    away("Scene", "scene with id {missing} not found"),
    away("Tag", "id {missing} does not exist in tags"),
    away("Studio", "id {missing} does not exist in studios"),
    away("Performer", "id {missing} does not exist in performers"),
)
