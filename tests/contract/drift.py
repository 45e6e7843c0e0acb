"""Lines about what came with which version; before, it is a 422."""

from tests.contract.line import Line, Page, Release

# A document that asks for it, and since when it is there.
CAME: tuple[tuple[str, Release, str], ...] = (
    ("lists of ids", (0, 25), "{ findTags(ids: [2000000000]) { count } }"),
    ("Tag.favorite", (0, 26), "{ findTag(id: 1) { favorite } }"),
    ("Studio.favorite", (0, 26), "{ findStudio(id: 1) { favorite } }"),
    ("Performer.urls", (0, 27), "{ findPerformer(id: 1) { urls } }"),
    ("Studio.tags", (0, 27), "{ findStudio(id: 1) { tags { id } } }"),
    ("Tag.sort_name", (0, 28), "{ findTag(id: 1) { sort_name } }"),
    (
        "StashID.updated_at",
        (0, 28),
        "{ findScene(id: 1) { stash_ids { updated_at } } }",
    ),
    (
        "VideoFile.parent_folder",
        (0, 29),
        "{ findScene(id: 1) { files { parent_folder { id } } } }",
    ),
    ("Studio.urls", (0, 30), "{ findStudio(id: 1) { urls } }"),
    ("Tag.stash_ids", (0, 30), "{ findTag(id: 1) { stash_ids { stash_id } } }"),
)
LINES = tuple(
    Line(
        f"{what} came with {since[0]}.{since[1]}",
        document,
        (((0, 24), Page(422)), (since, Page(200))),
    )
    for what, since, document in CAME
)
