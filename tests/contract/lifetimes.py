"""Lines about deletions and merges: what is left, and what is bumped."""

from dataclasses import replace

from tests.contract.line import Data, Line, Refused, Step, done


def destroy(kind: str) -> str:
    return f"mutation Away($id: ID!) {{ {kind}Destroy(input: {{id: $id}}) }}"


MERGE = """mutation Merge($i: TagsMergeInput!) { tagsMerge(input: $i) {
    name aliases } }"""
TAGGED = """mutation Bulk($i: BulkSceneUpdateInput!) {
    bulkSceneUpdate(input: $i) { id } }"""
TAG_IT = done(
    TAGGED,
    i={"ids": ["{scene}"], "tag_ids": {"mode": "ADD", "ids": ["{tag}"]}},
)
MERGED = done(MERGE, i={"source": ["{tag}"], "destination": "{tag2}"})
STAMPS = """query Read($scene: ID!, $tag: ID!) {
    findScene(id: $scene) { updated_at } findTag(id: $tag) { updated_at } }"""
BOTH = {"scene": "{scene}", "tag": "{tag2}"}
KEPT = done(
    STAMPS,
    keep={"scene.stamp": "findScene.updated_at", "tag.stamp": "findTag.updated_at"},
    scene="{scene}",
    tag="{tag2}",
)
AS_BEFORE = Data(
    {
        "findScene": {"updated_at": "{scene.stamp}"},
        "findTag": {"updated_at": "{tag.stamp}"},
    }
)
RENAME = "mutation Name($i: TagUpdateInput!) { tagUpdate(input: $i) { id } }"
SCENE_TAGS = "query Read($id: ID!) { findScene(id: $id) { tags { id } } }"


LINKED = """query Read($id: ID!) { findScene(id: $id) {
    updated_at studio { id } performers { id } } }"""
LINK_IT = done(
    TAGGED,
    i={
        "ids": ["{scene}"],
        "studio_id": "{studio}",
        "performer_ids": {"mode": "ADD", "ids": ["{performer}"]},
    },
)
LINKED_AT = done(LINKED, id="{scene}", keep={"stamp": "findScene.updated_at"})


def away_with(kind: str) -> Step:
    """Destroy an object, a second later, so that a stamp would show it."""
    return done(destroy(kind), id=f"{{{kind}}}", after_s=1.1)


def away(kind: str, message: str) -> Line:
    return Line(
        f"a {kind.lower()} that is not there cannot be destroyed",
        destroy(kind.lower()),
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
        (TAG_IT, done(destroy("tag"), id="{tag}")),
        writes=True,
    ),
    Line(
        "a destroyed performer leaves its scenes, unbumped",
        LINKED,
        Data(
            {
                "findScene": {
                    "updated_at": "{stamp}",
                    "studio": {"id": "{studio}"},
                    "performers": [],
                }
            }
        ),
        {"id": "{scene}"},
        (LINK_IT, LINKED_AT, away_with("performer")),
        writes=True,
    ),
    Line(
        "a destroyed studio leaves its scenes, unbumped",
        LINKED,
        Data(
            {
                "findScene": {
                    "updated_at": "{stamp}",
                    "studio": None,
                    "performers": [{"id": "{performer}"}],
                }
            }
        ),
        {"id": "{scene}"},
        (LINK_IT, LINKED_AT, away_with("studio")),
        writes=True,
    ),
    *(
        Line(
            f"{what} bumps neither its scenes nor another tag",
            STAMPS,
            AS_BEFORE,
            BOTH,
            (TAG_IT, KEPT, replace(act, after_s=1.1)),
            writes=True,
        )
        for what, act in (
            ("a merge", MERGED),
            ("a deletion", done(destroy("tag"), id="{tag}")),
            ("a new name", done(RENAME, i={"id": "{tag}", "name": "{word}"})),
        )
    ),
    Line(
        "what is made again has another id",
        "query Read($id: ID!) { findTag(id: $id) { id } }",
        Data({"findTag": None}),
        {"id": "{tag}"},
        (
            done(destroy("tag"), id="{tag}"),
            done(
                "mutation Again($i: TagCreateInput!) { tagCreate(input: $i) { id } }",
                i={"name": "{tag.name}"},
            ),
        ),
        writes=True,
    ),
    away("Scene", "scene with id {missing} not found"),
    away("Tag", "id {missing} does not exist in tags"),
    away("Studio", "id {missing} does not exist in studios"),
    away("Performer", "id {missing} does not exist in performers"),
)
